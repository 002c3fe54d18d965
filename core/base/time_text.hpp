// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace vigie {

/// RFC 3339 in UTC with milliseconds: "2026-11-21T20:15:33.400Z". [thread-safe]
std::string to_rfc3339(utc_us t);
/// Parses what `to_rfc3339` writes, with 0 to 6 fractional digits, `Z` only. [thread-safe]
std::optional<utc_us> from_rfc3339(std::string_view text);
/// "2026-11-21". [thread-safe]
std::string to_text(utc_day day);
std::optional<utc_day> day_from_text(std::string_view text);

}  // namespace vigie
