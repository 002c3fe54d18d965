// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace vigie::simulators {

/// Accepts on one address and serves each connection on a thread of its own: a recipient that is
/// mute or slow keeps nobody else waiting.
class door {
 public:
  using socket = boost::asio::ip::tcp::socket;
  /// Runs on the connection's thread; what it throws ends the connection.
  using serve = std::function<void(socket&)>;

  /// `address` is "127.0.0.1:8656". Errors: config_invalid, io_failed.
  static result<std::unique_ptr<door>> open(const std::string& address, serve with);
  /// Hangs up everywhere and waits for the threads.
  ~door();
  door(const door&) = delete;
  door& operator=(const door&) = delete;

 private:
  struct shared;
  explicit door(std::unique_ptr<shared> s);
  std::unique_ptr<shared> shared_;
};

}  // namespace vigie::simulators
