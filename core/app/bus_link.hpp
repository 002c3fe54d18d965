// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "bus/bus.hpp"
#include "bus/managed_server.hpp"
#include "config/centre_config.hpp"

namespace vigie::app {

/// The centre's connection to NATS, and the server itself when it is ours to run.
class bus_link {
 public:
  /// `users`: who may connect to a server of ours.
  static result<std::unique_ptr<bus_link>> open(const config::centre_config& config,
                                                std::vector<bus::bus_user> users,
                                                const clock& time);

  bus::bus& connection() noexcept { return *bus_; }
  /// What a console needs to connect: {"bus":{"url"}} as JSON. Who signs in brings name and
  /// password.
  std::string console_json() const;
  /// Tells a server of ours who may connect from now on; what fails is logged. An external one is
  /// told by its administrator (`vigie bus users`). [thread-safe]
  void set_users(std::vector<bus::bus_user> users);
  /// Replaces a server of ours that has been mute for too long. Once a second.
  void watch();

 private:
  explicit bus_link(const clock& time) : time_{time} {}

  const clock& time_;
  std::unique_ptr<bus::managed_server> server_;  ///< empty: an external server
  std::unique_ptr<bus::bus> bus_;
  mono_ns mute_since_ = 0;
};

/// A fresh password of letters and digits. Errors: internal.
result<std::string> make_password();

}  // namespace vigie::app
