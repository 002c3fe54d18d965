// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/camera_places.hpp"
#include "bus/messages.hpp"
#include "control/views.hpp"
#include "domain/analysis_gate.hpp"
#include "domain/topology.hpp"
#include "plugin_host/runtime.hpp"

// The structs of control and plugins in the words of the bus.
namespace vigie::app {

/// `places` tells the purposes, which are configuration and not health.
bus::camera_status to_bus(const control::camera_state& state, const camera_places& places);
bus::site_status to_bus(const control::site_state& state);
bus::commune_status to_bus(const control::commune_state& state);
/// The event of that fact, without id and stamp.
bus::event_message to_bus(const control::event& fact);
bus::snapshot_reply to_bus(const control::centre_view& view, const domain::topology& centre,
                           const camera_places& places);

bus::plugin_entry to_bus(const plugin_host::plugin_status& status);
/// The gate's answer, without correlation, plugin, camera and time.
bus::plugins_why_reply to_bus(const domain::gate_answer& answer);

}  // namespace vigie::app
