// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "bus/bus_user.hpp"

namespace vigie::bus {

struct managed_server_options {
  std::string binary = "nats-server";  ///< a name looked up in PATH and /usr/sbin, or a path
  std::filesystem::path folder{};      ///< for configuration and log; made private to this user
  std::uint16_t port = 4222;
  std::uint16_t websocket_port = 9222;
  /// Gives a fresh secret of [A-Za-z0-9], 16 characters or more, at each call.
  std::function<std::string()> make_password{};
  /// Who may connect beside `vigie_user`.
  std::vector<bus_user> users{};
};

/// A nats-server of our own on 127.0.0.1, kept alive: it is started again when it dies (with a
/// growing delay) and dies with this process, even by kill -9. Our own password is new at each
/// start of Vigie; the configuration stands in a file only this user can read.
class managed_server {
 public:
  static constexpr std::string_view vigie_user = "vigie";  ///< may do everything

  /// Returns once the server accepts connections. Errors: config_invalid (program missing, port
  /// taken, a user or password of no use: the detail says what to do), child_failed, child_timeout,
  /// disk_failed. [startup]
  static result<std::unique_ptr<managed_server>> start(managed_server_options options);
  /// Asks the server to end, kills it after 2 s, and reaps it.
  ~managed_server();

  /// From now on these may connect, and nobody else beside `vigie_user`. The running server reads
  /// it at once (SIGHUP): who is left out, or has another password, is disconnected; who may less
  /// loses the subscriptions. Does nothing when nothing changed. Errors: config_invalid,
  /// disk_failed. [thread-safe]
  result<void> set_users(std::vector<bus_user> users);

  /// For a server that runs but no longer answers: kills it and starts another. [thread-safe]
  void replace_frozen();

  std::string url() const;            ///< nats://127.0.0.1:<port>
  std::string websocket_url() const;  ///< ws://127.0.0.1:<websocket port>
  const secret& vigie_password() const noexcept;
  /// Of the running server; 0 between two of them. [thread-safe]
  int process_id() const noexcept;
  /// How often another server had to be started. [thread-safe]
  std::uint64_t restarts() const noexcept;

 private:
  struct core;
  explicit managed_server(std::unique_ptr<core> c);
  std::unique_ptr<core> core_;
};

/// The configuration text of such a server. Errors: config_invalid. [thread-safe]
result<std::string> nats_configuration(const managed_server_options& options,
                                       const secret& vigie_password,
                                       std::span<const bus_user> people);

}  // namespace vigie::bus
