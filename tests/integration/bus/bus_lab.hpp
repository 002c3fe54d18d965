// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>
extern "C" {
#include <sys/pidfd.h>
}
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "bus/loopback_probe.hpp"
#include "bus/managed_server.hpp"
#include "bus/nats_bus.hpp"
#include "support/temporary_folder.hpp"

namespace vigie::test {

/// Two free ports of the range these tests may use.
inline std::pair<std::uint16_t, std::uint16_t> free_ports() {
  static unsigned next = static_cast<unsigned>(getpid());
  for (int i = 0; i < 500; ++i) {
    const auto port = static_cast<std::uint16_t>(22000 + next++ % 500 * 2);
    const auto second = static_cast<std::uint16_t>(port + 1);
    if (bus::is_port_free(port) && bus::is_port_free(second)) return {port, second};
  }
  FAIL("no free port between 22000 and 22999");
  return {};
}

/// A nats-server of its own, with readable passwords.
struct server_lab {
  explicit server_lab(std::string first_letters = "pw") {
    const auto [port, websocket_port] = free_ports();
    start(port, websocket_port, std::move(first_letters));
  }
  /// A dashboard that may read everything and ask under its name.
  static bus::bus_user console() {
    return {"console",
            std::string{console_password},
            {"vigie.v1.request.console.>"},
            {"vigie.v1.state.>", "vigie.v1.event.>", "vigie.v1.node.>", "_INBOX_console.>"}};
  }
  static constexpr std::string_view console_password = "console0123456789";
  void start(std::uint16_t port, std::uint16_t websocket_port, std::string first_letters) {
    int made = 0;
    auto started = bus::managed_server::start(
        {.folder = folder / "nats",
         .port = port,
         .websocket_port = websocket_port,
         .make_password =
             [&] { return first_letters + "0123456789abcdef" + std::to_string(made++); },
         .users = {console()}});
    REQUIRE_MESSAGE(started.has_value(), (started ? "" : started.error().detail));
    server = *std::move(started);
  }
  std::unique_ptr<bus::bus> connect() const {
    auto made = bus::make_nats_bus({.url = server->url(),
                                    .user = std::string{bus::managed_server::vigie_user},
                                    .password = server->vigie_password()});
    REQUIRE(made.has_value());
    return *std::move(made);
  }

  temporary_folder folder;
  std::unique_ptr<bus::managed_server> server;
};

/// Watches the link of a bus; each change can be waited for. The bus may outlive it.
class link_watch {
 public:
  explicit link_watch(bus::bus& bus) {
    bus.watch_link([seen = seen_](bus::link_state s) {
      std::lock_guard lock{seen->mutex};
      seen->last = s;
      seen->changed.notify_all();
    });
  }
  bool wait(bus::link_state state, std::chrono::milliseconds limit = std::chrono::seconds{8}) {
    std::unique_lock lock{seen_->mutex};
    return seen_->changed.wait_for(lock, limit, [&] { return seen_->last == state; });
  }

 private:
  struct shared {
    std::mutex mutex;
    std::condition_variable changed;
    bus::link_state last = bus::link_state::disconnected;
  };
  std::shared_ptr<shared> seen_ = std::make_shared<shared>();
};

/// The end of any process can be waited for, also of one that is not our child.
class process_watch {
 public:
  explicit process_watch(int id) : fd_{pidfd_open(id, 0)} { REQUIRE(fd_ >= 0); }
  process_watch(const process_watch&) = delete;
  process_watch& operator=(const process_watch&) = delete;
  ~process_watch() { close(fd_); }
  bool wait_for_end(std::chrono::milliseconds limit) const {
    pollfd ended{fd_, POLLIN, 0};
    return poll(&ended, 1, static_cast<int>(limit.count())) == 1;
  }

 private:
  int fd_;
};

/// Stops a child and returns once all its threads stand still.
inline void freeze(int id) {
  REQUIRE(kill(id, SIGSTOP) == 0);
  int status = 0;
  REQUIRE(waitpid(id, &status, WUNTRACED) == id);
  REQUIRE(WIFSTOPPED(status));
}

inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace vigie::test
