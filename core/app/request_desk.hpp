// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "app/camera_places.hpp"
#include "app/load_desk.hpp"
#include "app/people_desk.hpp"
#include "app/people_requests.hpp"
#include "app/plugin_desk.hpp"
#include "app/purpose_gate.hpp"
#include "app/state_publisher.hpp"
#include "app/viewing_desk.hpp"
#include "base/task_thread.hpp"
#include "bus/bus.hpp"
#include "bus/event_register.hpp"
#include "bus/messages.hpp"
#include "control/control_system.hpp"
#include "domain/topology.hpp"
#include "journal/access_journal.hpp"

namespace vigie::app {

struct desk_ports {
  const domain::topology& centre;
  const camera_places& places;
  control::control_system& control;
  state_publisher& publisher;
  bus::event_register& events;
  journal::access_journal& journal;
  people_desk& people;
  viewing_desk& viewing;
  plugin_desk& plugins;
  const purpose_gate& gate;
  const clock& time;
  load_desk& load;
};

/// Answers the requests of the bus. Every request gets an answer: what was asked for, or an error
/// that names the rule and who can change it, in French and English. Nobody is answered whose role
/// does not include the request (`request_rules.hpp`), and nobody hears of other communes than the
/// own.
class request_desk {
 public:
  explicit request_desk(desk_ports ports);

  /// For `bus::serve_requests`. [thread-safe]
  void handle(const bus::request_address& from, std::string body, bus::reply_function reply);
  std::uint64_t answered() const noexcept { return answered_; }
  std::uint64_t refused() const noexcept { return refused_; }
  void stop() { thread_.stop(); }

 private:
  void serve(const bus::request_address& from, const std::string& body, bus::reply_function reply);
  void snapshot(const domain::person& who, const bus::snapshot_request& ask,
                bus::reply_function reply);
  void tell_snapshot(const domain::person& who, const bus::snapshot_request& ask,
                     const bus::message_stamp& stamp, control::centre_view view,
                     const bus::reply_function& reply);
  result<std::string> answer(const domain::person& who, const bus::request& asked);
  result<std::string> recent_events(const domain::person& who,
                                    const bus::events_recent_request& ask);
  result<std::string> list_plugins(const bus::plugins_list_request& ask) const;
  result<std::string> explain_plugin(const bus::plugins_why_request& ask) const;
  void run_exercise(const std::string& user, const std::string& body,
                    const bus::exercise_request& ask, bus::reply_function reply);
  void refuse(const std::string& body, const error& why, const bus::reply_function& reply);

  desk_ports ports_;
  people_requests people_;
  std::atomic<std::uint64_t> answered_{0};
  std::atomic<std::uint64_t> refused_{0};
  task_thread thread_;
};

}  // namespace vigie::app
