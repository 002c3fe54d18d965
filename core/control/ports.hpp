// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "control/views.hpp"
#include "domain/topology.hpp"

// What the control wing needs from the world; the composition root implements it with the other
// rooms. Every call comes from a scheduler thread inside an actor's handler: it must return at once
// (post and go), from any thread. An exception is a crash of the calling actor, which its parent
// restarts.
namespace vigie::control {

/// Where states and events go. States are sent at every change and refreshed every 10 s; events
/// once, in the order of their conclusion within a site. [thread-safe]
class publisher {
 public:
  virtual ~publisher() = default;
  virtual void publish(const camera_state& state) = 0;
  virtual void publish(const site_state& state) = 0;
  virtual void publish(const commune_state& state) = 0;
  /// Must be made durable before it is published (design §8).
  virtual void publish(const event& fact) = 0;
};

/// Starts and stops pulls. A feed outlives a crash of its camera's actor; it ends when the camera
/// leaves the configuration or the control system stops. [thread-safe]
class feed_control {
 public:
  virtual ~feed_control() = default;
  virtual void start(const camera_path& path, const domain::camera_entry& camera) = 0;
  virtual void stop(const camera_id& camera) = 0;
};

/// All ports together; they outlive the control system.
struct control_ports {
  publisher& publish;
  feed_control& feeds;
  const clock& time;
};

}  // namespace vigie::control
