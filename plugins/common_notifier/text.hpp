// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vigie::notifier {

/// Valid UTF-8 in one line: control characters become spaces, what is no UTF-8 becomes U+FFFD, so
/// that no text can break out of a mail header, an XML document or a script.
std::string clean_text(std::string_view text);

/// The key as letters, digits, '-' and '_'; every other byte as %XX. Different keys stay different,
/// and the result is legal as a CAP identifier, in a Message-ID and in an HTTP header.
std::string encode_key(std::string_view key);

/// Lower-case hexadecimal.
std::string to_hex(const unsigned char* data, std::size_t bytes);

/// A date in some offset from UTC, ready to be written.
struct civil_time {
  int year;
  unsigned month;    ///< 1..12
  unsigned day;      ///< 1..31
  unsigned weekday;  ///< 0: Sunday
  unsigned hour;
  unsigned minute;
  unsigned second;
  int offset_minutes;
};

/// Minutes that metropolitan France is ahead of UTC: 60, and 120 from the last Sunday of March to
/// the last Sunday of October, both at 01:00 UTC (directive 2000/84/EC). No time zone file is read:
/// a sandboxed plugin has none.
int french_offset_minutes(std::int64_t utc_us);

/// How a configuration says where its recipients' clocks stand.
struct time_zone {
  bool is_metropolitan = true;
  int fixed_offset_minutes = 0;  ///< used when not metropolitan: overseas departments
};

/// Whole seconds; fractions are cut.
civil_time civil_in(const time_zone& zone, std::int64_t utc_us);

/// "2026-11-21T18:14:00+01:00": numeric offset always, never Z (CAP 1.2 §3.3.2). Offset zero is
/// written "-00:00" as CAP asks.
std::string cap_time(const civil_time& time);

/// "2026-11-21T17:14:00.000Z" (RFC 3339).
std::string rfc3339_utc(std::int64_t utc_us);

}  // namespace vigie::notifier
