// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "bus/messages.hpp"
#include "control/views.hpp"
#include "domain/topology.hpp"

// The control wing's structs in the words of the bus.
namespace vigie::app {

bus::camera_status to_bus(const control::camera_state& state);
bus::site_status to_bus(const control::site_state& state);
bus::commune_status to_bus(const control::commune_state& state);
/// The event of that fact, without id and stamp.
bus::event_message to_bus(const control::event& fact);
bus::snapshot_reply to_bus(const control::centre_view& view, const domain::topology& centre);

}  // namespace vigie::app
