// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "bus/subjects.hpp"
#include "domain/people.hpp"

namespace vigie::app {

/// Which act a request is. What has no line here is refused to everybody (default deny);
/// tests/tenants/check_rules.py holds it against docs/asyncapi.yaml.
struct request_rule {
  std::string_view service;
  std::string_view verb;             ///< empty: every verb of the service
  std::optional<domain::act> needs;  ///< none: anybody the centre knows; the desk looks closer
};
std::span<const request_rule> request_rules() noexcept;

/// What keeps `who` from asking this at all. [thread-safe]
std::optional<domain::access_refusal> request_obstacle(const domain::person* who,
                                                       const bus::request_address& asked) noexcept;

}  // namespace vigie::app
