// SPDX-License-Identifier: Apache-2.0
#include "app/bus_users.hpp"

#include <fmt/format.h>

#include "bus/subjects.hpp"

namespace vigie::app {

using domain::act;
using domain::role_may;

std::vector<std::string> subjects_of(const domain::person& who) {
  std::vector<std::string> out;
  if (who.is_suspended) return out;
  if (role_may(who.role, act::read_states)) {
    out.push_back(bus::subject::heartbeat("*"));
    out.push_back(bus::subject::event({}, {}, {}, bus::event_type::node_started));
  }
  if (role_may(who.role, act::read_plugins))
    out.push_back(bus::subject::event({}, {}, {}, bus::event_type::plugin_fault));
  for (const auto& commune : who.communes) {
    if (role_may(who.role, act::read_states)) {
      out.push_back(fmt::format("vigie.v1.state.{}.>", commune.str()));
      out.push_back(fmt::format("vigie.v1.event.{}.>", commune.str()));
    }
    if (role_may(who.role, act::read_incidents))
      out.push_back(fmt::format("vigie.v1.incident.{}.>", commune.str()));
  }
  return out;
}

std::vector<bus::bus_user> bus_users(std::span<const domain::person> people,
                                     std::span<const people::credential_row> credentials) {
  std::vector<bus::bus_user> out;
  for (const auto& credential : credentials) {
    const auto* who = domain::find_person(people, credential.name);
    if (who == nullptr || who->is_suspended) continue;
    bus::bus_user user{who->name,
                       credential.password_hash,
                       {fmt::format("vigie.v1.request.{}.>", who->name)},
                       subjects_of(*who)};
    user.subscribe.push_back(bus::inbox_prefix(who->name) + ".>");
    out.push_back(std::move(user));
  }
  return out;
}

}  // namespace vigie::app
