// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "plugin_host/network_policy.hpp"

struct seccomp_data;

namespace vigie::plugin_host {

/// Performs the network calls of one child in its place: copies the address and the bytes, judges
/// the copy, and calls on a duplicate of the child's own socket. What was judged is what is used,
/// however fast another thread of the child changes its memory. Needs pidfd_getfd (Linux 5.6).
/// One owner, one thread; what may block is done on helper threads.
class network_proxy {
 public:
  /// How a call of the child ends: `value` when `error` is 0, else a negative errno.
  struct ending {
    std::int64_t value = 0;
    int error = 0;
  };
  using respond_function = std::function<void(std::uint64_t id, ending)>;

  /// `respond` is called from helper threads, too. `network` outlives this object.
  network_proxy(int child, network_policy& network, respond_function respond);
  /// Interrupts what waits. No `respond` comes after it.
  ~network_proxy();
  network_proxy(const network_proxy&) = delete;
  network_proxy& operator=(const network_proxy&) = delete;

  /// connect, sendto, sendmsg and sendmmsg. Empty: `respond` answers `id` later.
  std::optional<ending> perform(std::uint64_t id, const seccomp_data& call);
  /// Attempts to reach what is not permitted since the last call.
  std::vector<std::string> take_told();

 private:
  struct request;
  struct helper {
    std::thread thread;
    std::atomic<bool> is_over{false};
    int socket = -1;
  };
  std::optional<request> read_request(const seccomp_data& call, ending& refused);
  bool read_message(std::uint64_t address, request& into, ending& refused);
  bool read_address(std::uint64_t address, std::uint64_t length, request& into);
  network_policy::answer judge(const request& what);
  ending refuse();
  ending act(const request& what);
  void hand_to_helper(std::uint64_t id, request what, bool is_judged);
  void forget_finished();

  const int child_;
  int pid_descriptor_;
  network_policy& network_;
  const respond_function respond_;
  std::atomic<bool> stops_{false};
  std::list<helper> helpers_;
  std::mutex mutex_;
  std::vector<std::string> told_;
};

}  // namespace vigie::plugin_host
