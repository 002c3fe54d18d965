// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"

namespace vigie::rtp {

/// What a sender report says of its sender's clock (RFC 3550 §6.4.1).
struct sender_report {
  std::uint32_t ssrc = 0;
  std::uint64_t ntp_64 = 0;  ///< 32.32 fixed point seconds since 1900-01-01
  std::uint32_t rtp_ts = 0;
  std::uint32_t packets = 0;
  std::uint32_t bytes = 0;
};

/// The parts of a compound RTCP packet that mean something to us.
struct rtcp_compound {
  std::vector<sender_report> sender_reports;
  std::vector<std::uint32_t> byes;  ///< SSRCs that said goodbye
  std::uint32_t malformed = 0;      ///< parts that could not be read; the rest was
};

/// Reads what can be read of a compound packet and never fails: cameras send truncated and padded
/// RTCP of every kind (camera-quirk 85). [ingest]
rtcp_compound parse_rtcp(byte_view bytes);

/// UTC of an NTP timestamp; nothing for 0, and for times before 2000, which cameras without a clock
/// send. Era 1 (from 2036) is understood. [thread-safe]
std::optional<utc_us> utc_of_ntp(std::uint64_t ntp_64) noexcept;
std::uint64_t ntp_of_utc(utc_us t) noexcept;

/// Reception statistics of one sender (RFC 3550 §6.4.2).
struct report_block {
  std::uint32_t ssrc = 0;
  std::uint8_t fraction_lost = 0;  ///< 1/256 since the previous report
  std::uint32_t cumulative_lost = 0;
  std::uint32_t highest_sequence = 0;     ///< with cycles in the upper 16 bits
  std::uint32_t jitter = 0;               ///< RTP clock ticks
  std::uint32_t last_sr = 0;              ///< middle 32 bits of its last SR's NTP time; 0: none
  std::uint32_t delay_since_last_sr = 0;  ///< 1/65,536 s
};

/// A compound of receiver report and SDES CNAME, as RFC 3550 §6.1 wants it. Without `block` the
/// report is empty, which still keeps the session of an idle camera alive. [ingest]
std::vector<std::uint8_t> make_receiver_report(std::uint32_t own_ssrc, std::string_view cname,
                                               const std::optional<report_block>& block);

}  // namespace vigie::rtp
