// SPDX-License-Identifier: Apache-2.0
#include "app/state_publisher.hpp"

#include <fmt/format.h>

#include <utility>

#include "app/bus_words.hpp"
#include "bus/codec.hpp"
#include "bus/subjects.hpp"

namespace vigie::app {
namespace {
/// A minute of changes of 5,000 cameras; beyond it readers notice the hole and ask for a snapshot.
constexpr std::size_t queue_capacity = 100'000;

/// A message that still lacks its stamp.
template <class Message, class Status>
Message carrying(Status status) {
  Message message;
  message.status = std::move(status);
  return message;
}

}  // namespace

state_publisher::state_publisher(std::string epoch, bus::bus& to, bus::outbox& events,
                                 fleet& cameras, const camera_places& places, const clock& time)
    : epoch_{std::move(epoch)},
      bus_{to},
      outbox_{events},
      fleet_{cameras},
      places_{places},
      time_{time},
      thread_{queue_capacity} {}

template <class Message>
void state_publisher::send(std::string subject, Message message) {
  const bool taken =
      thread_.post([this, subject = std::move(subject), message = std::move(message)]() mutable {
        message.stamp = {epoch_, ++seq_, time_.utc()};
        if (!bus_.publish(subject, bus::encode(message))) ++skipped_;
      });
  if (!taken) ++skipped_;
}

void state_publisher::publish(const control::camera_state& state) {
  fleet_.note_state(state.path.camera, state.status.state);
  auto status = to_bus(state, places_);
  fleet_.tell_ways(status);
  send(bus::subject::camera_state(state.path),
       carrying<bus::camera_state_message>(std::move(status)));
}

void state_publisher::publish(const control::site_state& state) {
  send(bus::subject::site_state(state.commune, state.site),
       carrying<bus::site_state_message>(to_bus(state)));
}

void state_publisher::publish(const control::commune_state& state) {
  send(bus::subject::commune_state(state.commune),
       carrying<bus::commune_state_message>(to_bus(state)));
}

void state_publisher::publish(const control::event& fact) { post_event(to_bus(fact)); }

void state_publisher::publish_node_event(std::string_view type, std::string detail) {
  bus::event_message event;
  event.type = type;
  event.cause = "none";
  event.since = time_.utc();
  event.detail = std::move(detail);
  post_event(std::move(event));
}

void state_publisher::publish_heartbeat(bus::heartbeat_message message) {
  auto subject = bus::subject::heartbeat(message.node);
  send(std::move(subject), std::move(message));
}

void state_publisher::post_event(bus::event_message event) {
  const auto number = ++events_;
  event.id = fmt::format("{}-{}", epoch_, number);
  // Events travel through the outbox, later than states and maybe twice: they take no number of the
  // state stream, they say how far it was.
  event.stamp = {epoch_, seq_, time_.utc()};
  outbox_.post(std::move(event));
}

bus::message_stamp state_publisher::stamp() const { return {epoch_, seq_, time_.utc()}; }

}  // namespace vigie::app
