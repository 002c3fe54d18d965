// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace vigie {

/// Monotonic instant in nanoseconds. Only differences mean something; durations and deadlines use
/// it.
using mono_ns = std::int64_t;
/// UTC in microseconds since 1970-01-01, as stored and published; never used for durations.
using utc_us = std::int64_t;

constexpr mono_ns to_ns(std::chrono::nanoseconds d) noexcept { return d.count(); }

/// The clock port. Everything that asks the time asks one of these, so that tests and the
/// simulation own time. What the clocks on the walls show is `domain/local_time.hpp`. [thread-safe]
class clock {
 public:
  virtual ~clock() = default;
  virtual mono_ns mono() const noexcept = 0;
  virtual utc_us utc() const noexcept = 0;
};

/// The machine's clocks (CLOCK_MONOTONIC, CLOCK_REALTIME). [thread-safe]
class system_clock final : public clock {
 public:
  mono_ns mono() const noexcept override;
  utc_us utc() const noexcept override;
};

/// A clock that moves only when told to; `step_utc` models an NTP correction or a hand on the
/// clock.
class manual_clock final : public clock {
 public:
  explicit manual_clock(utc_us start_utc = 1'700'000'000'000'000, mono_ns start_mono = 1) noexcept
      : mono_{start_mono}, utc_{start_utc} {}
  mono_ns mono() const noexcept override { return mono_; }
  utc_us utc() const noexcept override { return utc_; }
  void advance(std::chrono::nanoseconds d) noexcept {
    mono_ += d.count();
    utc_ns_remainder_ += d.count();
    utc_ += utc_ns_remainder_ / 1000;
    utc_ns_remainder_ %= 1000;
  }
  void step_utc(std::chrono::microseconds d) noexcept { utc_ += d.count(); }

 private:
  mono_ns mono_;
  utc_us utc_;
  std::int64_t utc_ns_remainder_ = 0;
};

/// A broken-down UTC day, "2026-11-21": the name of a recording day. [thread-safe]
struct utc_day {
  std::int32_t year = 1970;
  std::uint32_t month = 1;
  std::uint32_t day = 1;
  friend auto operator<=>(const utc_day&, const utc_day&) = default;
};
utc_day day_of(utc_us t) noexcept;
utc_us start_of(utc_day day) noexcept;

}  // namespace vigie
