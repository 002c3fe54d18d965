// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include <ctime>

namespace vigie {
namespace {
std::int64_t read_ns(clockid_t id) noexcept {
  timespec t{};
  clock_gettime(id, &t);
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}
}  // namespace

mono_ns system_clock::mono() const noexcept { return read_ns(CLOCK_MONOTONIC); }
utc_us system_clock::utc() const noexcept { return read_ns(CLOCK_REALTIME) / 1000; }

utc_day day_of(utc_us t) noexcept {
  using namespace std::chrono;
  const year_month_day date{floor<days>(sys_time<microseconds>{microseconds{t}})};
  return {int{date.year()}, unsigned{date.month()}, unsigned{date.day()}};
}

utc_us start_of(utc_day d) noexcept {
  using namespace std::chrono;
  const sys_days days{year{d.year} / month{d.month} / day{d.day}};
  return duration_cast<microseconds>(days.time_since_epoch()).count();
}

}  // namespace vigie
