// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "plugin_host/manifest.hpp"

namespace vigie::plugin_host {

/// Which addresses a plugin may reach, by its manifest and what it was given. [thread-safe]
class network_policy {
 public:
  enum class answer : std::uint8_t { yes = 1, no, must_look_up };

  network_policy(std::vector<network_reach> reach, const std::vector<std::string>& recipient_hosts,
                 const clock& time);
  /// "http://10.0.0.7/onvif", "10.0.0.7:554", "camera.example": its host becomes reachable when the
  /// manifest has `camera`.
  void add_camera(std::string_view address);
  /// Without waiting for anybody.
  answer judge(const sockaddr_storage& to);
  /// Looks names up when that may help, at most every half minute, and waits for it until `give_up`
  /// is set; slow name servers hold up nobody else.
  bool allows(const sockaddr_storage& to, const std::atomic<bool>& give_up);

 private:
  /// Shared with a look-up, which may outlive the policy.
  struct known {
    std::mutex mutex;
    std::condition_variable changed;
    std::set<std::string> addresses;  ///< numeric
    std::set<std::string> names;
    mono_ns looked_up = 0;
    bool is_looking = false;
  };
  bool has(network_reach one) const;
  void add_host(std::string_view address);
  static void look_up(const std::shared_ptr<known>& what, std::set<std::string> names);

  const std::vector<network_reach> reach_;
  const clock& time_;
  std::set<std::string> name_servers_;  ///< of this machine, numeric
  std::shared_ptr<known> known_ = std::make_shared<known>();
};

/// Host of an address with or without scheme, port and path. [thread-safe]
std::string host_of(std::string_view address);

/// The addresses of the `nameserver` lines of a resolv.conf (resolv.conf(5)). [thread-safe]
std::set<std::string> name_servers_of(std::string_view resolv_conf);

}  // namespace vigie::plugin_host
