// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "app/commands.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

namespace vigie::app {

/// An instant as an operator writes it: "now", UTC as "2026-11-22T00:30:00Z", or French local time
/// as "2026-11-22T01:30" (a blank for the T does). Local times that the change of clocks leaves
/// out, or has twice, are refused: config_invalid says what to write. [thread-safe]
result<utc_us> instant_from(const std::string& text, const clock& time);

struct route_request {
  std::filesystem::path config;
  std::string camera;
  std::string type;
  std::string time;
  bool shows_all = false;  ///< recipients of other communes too
  bool as_json = false;
};

/// `vigie route explain`: who would be told of an incident, in which order and why, and who not. It
/// sends nothing and asks no plugin; no desk of the centre routes by it yet. `usage` when camera,
/// type or time are unknown. [startup]
exit_code route_explain(const route_request& request, const clock& time);

}  // namespace vigie::app
