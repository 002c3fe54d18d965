// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "app/camera_places.hpp"
#include "app/fleet.hpp"
#include "base/task_thread.hpp"
#include "bus/bus.hpp"
#include "bus/outbox.hpp"
#include "control/ports.hpp"

namespace vigie::app {

/// Puts what the actors conclude on the bus: states and heartbeats straight away, numbered without
/// holes, events through the outbox. Its thread is the only one that numbers and publishes.
class state_publisher final : public control::publisher {
 public:
  /// `epoch` names this start of the node; the others outlive the publisher.
  state_publisher(std::string epoch, bus::bus& to, bus::outbox& events, fleet& cameras,
                  const camera_places& places, const clock& time);

  void publish(const control::camera_state& state) override;
  void publish(const control::site_state& state) override;
  void publish(const control::commune_state& state) override;
  void publish(const control::event& fact) override;

  /// A fact that still lacks its id and stamp. [thread-safe]
  void publish(bus::event_message event) { post_event(std::move(event)); }
  /// A fact of the node itself (its start). [thread-safe]
  void publish_node_event(std::string_view type, std::string detail);
  /// Numbers, stamps and sends a heartbeat. [thread-safe]
  void publish_heartbeat(bus::heartbeat_message message);

  /// Fills in what a camera's state tells of its ways. [thread-safe]
  void tell_ways(bus::camera_status& of) const { fleet_.tell_ways(of); }
  /// Epoch and number of the last state published, for a snapshot. [thread-safe]
  bus::message_stamp stamp() const;
  /// States that found the bus down (readers ask for a snapshot) or the queue full.
  std::uint64_t skipped() const noexcept { return skipped_; }
  void stop() { thread_.stop(); }

 private:
  template <class Message>
  void send(std::string subject, Message message);
  void post_event(bus::event_message event);

  const std::string epoch_;
  bus::bus& bus_;
  bus::outbox& outbox_;
  fleet& fleet_;
  const camera_places& places_;
  const clock& time_;
  std::atomic<std::uint64_t> seq_{0};
  std::atomic<std::uint64_t> events_{0};
  std::atomic<std::uint64_t> skipped_{0};
  task_thread thread_;
};

}  // namespace vigie::app
