// SPDX-License-Identifier: Apache-2.0
#include <utility>
// boost/asio needs <utility> before it in C++20.
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <charconv>
#include <list>
#include <mutex>
#include <thread>

#include "recipients/door.hpp"

namespace vigie::simulators {

namespace asio = boost::asio;

namespace {

struct connection {
  explicit connection(door::socket&& s) : peer{std::move(s)} {}
  door::socket peer;
  std::atomic<bool> is_over = false;
  std::thread runs;
};

}  // namespace

struct door::shared {
  asio::io_context io;
  asio::ip::tcp::acceptor acceptor{io};
  serve with;
  std::atomic<bool> is_closing = false;
  std::thread accepts;
  std::mutex mutex;  // guards connections, between the accepting thread and the destructor
  std::list<connection> connections;

  void accept_all() {
    while (!is_closing) {
      pollfd waiting{acceptor.native_handle(), POLLIN, 0};
      if (::poll(&waiting, 1, 100) <= 0) continue;
      boost::system::error_code error;
      socket peer = acceptor.accept(error);
      if (error) continue;
      const std::scoped_lock lock{mutex};
      connections.remove_if([](connection& one) {
        if (one.is_over) one.runs.join();
        return one.is_over.load();
      });
      connection& added = connections.emplace_back(std::move(peer));
      added.runs = std::thread{[this, &added] {
        try {
          with(added.peer);
        } catch (const std::exception&) {
          // The peer left, or spoke no TLS: its connection ends, which is all there is to do.
        }
        ::shutdown(added.peer.native_handle(), SHUT_RDWR);
        added.is_over = true;
      }};
    }
  }
};

door::door(std::unique_ptr<shared> s) : shared_{std::move(s)} {
  shared_->accepts = std::thread{[this] { shared_->accept_all(); }};
}

result<std::unique_ptr<door>> door::open(const std::string& address, serve with) {
  const std::size_t colon = address.rfind(':');
  std::uint16_t port = 0;
  const std::string digits = colon == std::string::npos ? "" : address.substr(colon + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), port);
  boost::system::error_code error;
  const auto ip = asio::ip::make_address(address.substr(0, colon), error);
  if (error || port == 0)
    return fail(errc::config_invalid, fmt::format("\"{}\" is no address:port", address));
  auto s = std::make_unique<shared>();
  s->with = std::move(with);
  try {
    const asio::ip::tcp::endpoint at{ip, port};
    s->acceptor.open(at.protocol());
    s->acceptor.set_option(asio::socket_base::reuse_address{true});
    s->acceptor.bind(at);
    s->acceptor.listen();
  } catch (const boost::system::system_error& e) {
    return fail(errc::io_failed, fmt::format("cannot listen on {}: {}", address, e.what()));
  }
  return std::unique_ptr<door>{new door{std::move(s)}};
}

door::~door() {
  shared_->is_closing = true;
  shared_->accepts.join();
  for (connection& one : shared_->connections) ::shutdown(one.peer.native_handle(), SHUT_RDWR);
  for (connection& one : shared_->connections) one.runs.join();
}

}  // namespace vigie::simulators
