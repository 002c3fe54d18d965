// SPDX-License-Identifier: Apache-2.0
#include "base/time_text.hpp"

#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Times as text: what was written is read as itself to the millisecond, what was read is written
/// as itself.
void run(byte_view bytes) {
  input in{bytes};
  const auto number = in.u64();
  const auto own = copy_of(bytes);
  const auto text = text_of(own);
  if (const auto time = from_rfc3339(text)) {
    const auto written = to_rfc3339(*time);
    const auto again = from_rfc3339(written);
    require(again && *time - *again >= 0 && *time - *again < 1000, "milliseconds stay");
    require(text.substr(0, 19) == written.substr(0, 19), "seconds are as written");
  }
  if (const auto day = day_from_text(text)) {
    require(to_text(*day) == text, "a day has one text");
    require(day_of(start_of(*day)) == *day, "a day starts in itself");
  }
  constexpr std::int64_t year_9999 = 253'402'300'799'999'999;
  const auto time = static_cast<std::int64_t>(number % (year_9999 + 1));
  const auto read = from_rfc3339(to_rfc3339(time));
  require(read && *read == time - time % 1000, "any time until 9999, to the millisecond");
  require(day_from_text(to_text(day_of(time))) == day_of(time), "any day until 9999");
}

std::vector<std::string> seeds() {
  return {"2026-11-21T20:15:33.400Z",
          "2024-02-29T23:59:59.999999Z",
          "1970-01-01T00:00:00Z",
          "2026-11-21",
          "2023-02-29",
          "0000-00-00T24:60:60Z"};
}

const registration self{
    {"time_text", run, seeds, {"Z", "T", "-", "9999-12-31", "2024-02-29", ":60", ".999999Z"}}};

}  // namespace
