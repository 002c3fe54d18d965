// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace vigie::bus {

struct managed_server_options {
  std::string binary = "nats-server";  ///< a name looked up in PATH and /usr/sbin, or a path
  std::filesystem::path folder{};      ///< for configuration and log; made private to this user
  std::uint16_t port = 4222;
  std::uint16_t websocket_port = 9222;
  /// Gives a fresh secret of [A-Za-z0-9], 16 characters or more, at each call.
  std::function<std::string()> make_password{};
};

/// A nats-server of our own on 127.0.0.1, kept alive: it is started again when it dies (with a
/// growing delay) and dies with this process, even by kill -9. Passwords are new at each start of
/// Vigie and stand in a file only this user can read.
class managed_server {
 public:
  static constexpr std::string_view vigie_user = "vigie";      ///< may do everything
  static constexpr std::string_view console_user = "console";  ///< may read, and ask under its name

  /// Returns once the server accepts connections. Errors: config_invalid (program missing, port
  /// taken: the detail says what to do), child_failed, child_timeout, disk_failed, internal (the
  /// passwords are not what `make_password` promises). [startup]
  static result<std::unique_ptr<managed_server>> start(managed_server_options options);
  /// Asks the server to end, kills it after 2 s, and reaps it.
  ~managed_server();

  /// For a server that runs but no longer answers: kills it and starts another. [thread-safe]
  void replace_frozen();

  std::string url() const;            ///< nats://127.0.0.1:<port>
  std::string websocket_url() const;  ///< ws://127.0.0.1:<websocket port>
  const secret& vigie_password() const noexcept;
  const secret& console_password() const noexcept;
  /// Of the running server; 0 between two of them. [thread-safe]
  int process_id() const noexcept;
  /// How often another server had to be started. [thread-safe]
  std::uint64_t restarts() const noexcept;

 private:
  struct core;
  explicit managed_server(std::unique_ptr<core> c);
  std::unique_ptr<core> core_;
};

/// The configuration text of such a server. [thread-safe]
std::string nats_configuration(const managed_server_options& options, const secret& vigie_password,
                               const secret& console_password);

}  // namespace vigie::bus
