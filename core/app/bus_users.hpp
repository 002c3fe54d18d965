// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "bus/bus_user.hpp"
#include "domain/people.hpp"
#include "people/people_register.hpp"

// What the bus lets each person do, derived from what the law lets them do (domain/people.hpp).
namespace vigie::app {

/// The subjects a person may listen to: states and events of the own communes, alarms where the
/// role has them, the nodes' heartbeats. Without the person's inbox. [thread-safe]
std::vector<std::string> subjects_of(const domain::person& who);

/// One bus user for each person who may sign in, in order of name: publishes requests under the own
/// name and nothing else, listens to `subjects_of` and the own inbox. [thread-safe]
std::vector<bus::bus_user> bus_users(std::span<const domain::person> people,
                                     std::span<const people::credential_row> credentials);

}  // namespace vigie::app
