// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/camera_status.hpp"
#include "domain/site_event.hpp"

// The plain structs in which the control wing tells the world what it knows. No message bus, no
// JSON: the composition root translates.
namespace vigie::control {

struct camera_state {
  camera_path path;
  std::string name;
  domain::camera_status status;
};

/// A site at a glance.
enum class site_condition : std::uint8_t {
  live = 1,  ///< every camera is live
  degraded,  ///< at least one is not
  outage,    ///< a site outage is declared (domain/site_correlation.hpp)
};
std::string_view name_of(site_condition c) noexcept;

struct site_state {
  commune_id commune;
  site_id site;
  std::string name;
  std::string kind;
  site_condition state = site_condition::degraded;
  std::uint32_t live = 0;
  std::uint32_t total = 0;
  utc_us since_utc_us = 0;                                  ///< when the present condition began
  domain::health_cause cause = domain::health_cause::none;  ///< of an outage
};

struct commune_state {
  commune_id commune;
  std::string name;
  std::uint32_t live = 0;
  std::uint32_t degraded = 0;
  std::uint32_t down = 0;
  std::uint32_t starting = 0;
  std::uint32_t total = 0;
};

/// A fact worth a durable record. `camera` is empty for events of the whole site.
struct event {
  domain::site_event_type type = domain::site_event_type::camera_down;
  commune_id commune;
  site_id site;
  std::optional<camera_id> camera;
  domain::health_cause cause = domain::health_cause::none;
  utc_us since_utc_us = 0;  ///< when the evidence began
  utc_us at_utc_us = 0;     ///< when it was concluded
  std::string detail;
  std::vector<camera_id> cameras;  ///< whom a site event concerns
};

struct site_view {
  site_state state;
  std::vector<camera_state> cameras;  ///< in configuration order
};

struct commune_view {
  commune_state state;
  std::vector<site_view> sites;  ///< in configuration order
};

/// The whole centre as last reported by its actors.
struct centre_view {
  std::vector<commune_view> communes;  ///< in configuration order
};

}  // namespace vigie::control
