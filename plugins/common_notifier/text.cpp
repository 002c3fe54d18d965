// SPDX-License-Identifier: Apache-2.0
#include "common_notifier/text.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>

namespace vigie::notifier {

namespace {

using std::chrono::floor;

// Length of the well-formed UTF-8 sequence at `at` (Unicode table 3-7), 0 when there is none.
std::size_t sequence_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
  };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0u : 0x80u;
    const unsigned high = first == 0xED ? 0x9Fu : 0xBFu;
    return byte(1) >= low && byte(1) <= high && continues(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90u : 0x80u;
    const unsigned high = first == 0xF4 ? 0x8Fu : 0xBFu;
    return byte(1) >= low && byte(1) <= high && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

// C1 controls, the two noncharacters that XML 1.0 forbids, line and paragraph separators.
bool is_unwanted(std::string_view sequence) {
  if (sequence.size() == 2)
    return sequence[0] == '\xC2' && static_cast<unsigned char>(sequence[1]) < 0xA0;
  return sequence == "\xEF\xBF\xBE" || sequence == "\xEF\xBF\xBF" || sequence == "\xE2\x80\xA8" ||
         sequence == "\xE2\x80\xA9";
}

std::chrono::sys_seconds last_sunday_at_one(std::chrono::year year, std::chrono::month month) {
  return std::chrono::sys_days{year / month / std::chrono::Sunday[std::chrono::last]} +
         std::chrono::hours{1};
}

std::chrono::sys_seconds seconds_of(std::int64_t utc_us) {
  return floor<std::chrono::seconds>(
      std::chrono::sys_time<std::chrono::microseconds>{std::chrono::microseconds{utc_us}});
}

}  // namespace

std::string clean_text(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_at(text, at);
    if (length == 0) {
      clean += "\xEF\xBF\xBD";
      ++at;
      continue;
    }
    const std::string_view sequence = text.substr(at, length);
    const auto first = static_cast<unsigned char>(sequence[0]);
    if (first < 0x20 || first == 0x7F || is_unwanted(sequence))
      clean += ' ';
    else
      clean += sequence;
    at += length;
  }
  return clean;
}

std::string encode_key(std::string_view key) {
  std::string encoded;
  for (const char c : key) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (is_plain)
      encoded += c;
    else
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

std::string to_hex(const unsigned char* data, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += fmt::format("{:02x}", data[i]);
  return text;
}

int french_offset_minutes(std::int64_t utc_us) {
  using namespace std::chrono;
  const sys_seconds now = seconds_of(utc_us);
  const year in = year_month_day{floor<days>(now)}.year();
  const bool is_summer =
      now >= last_sunday_at_one(in, March) && now < last_sunday_at_one(in, October);
  return is_summer ? 120 : 60;
}

civil_time civil_in(const time_zone& zone, std::int64_t utc_us) {
  using namespace std::chrono;
  const int offset =
      zone.is_metropolitan ? french_offset_minutes(utc_us) : zone.fixed_offset_minutes;
  const sys_seconds local = seconds_of(utc_us) + minutes{offset};
  const sys_days day = floor<days>(local);
  const year_month_day date{day};
  const hh_mm_ss clock{local - day};
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          weekday{day}.c_encoding(),
          static_cast<unsigned>(clock.hours().count()),
          static_cast<unsigned>(clock.minutes().count()),
          static_cast<unsigned>(clock.seconds().count()),
          offset};
}

std::string cap_time(const civil_time& t) {
  const int offset = std::abs(t.offset_minutes);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", t.year, t.month, t.day,
                     t.hour, t.minute, t.second, t.offset_minutes > 0 ? '+' : '-', offset / 60,
                     offset % 60);
}

std::string rfc3339_utc(std::int64_t utc_us) {
  const civil_time t = civil_in({false, 0}, utc_us);
  const std::int64_t fraction_us = ((utc_us % 1'000'000) + 1'000'000) % 1'000'000;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", t.year, t.month, t.day, t.hour,
                     t.minute, t.second, fraction_us / 1000);
}

}  // namespace vigie::notifier
