// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "plugin_host/manifest.hpp"

namespace vigie::plugin_host {

/// Which addresses a plugin may reach, by its manifest and what it was given. Names are looked up
/// when an unknown address asks, at most every half minute. One owner.
class network_policy {
 public:
  network_policy(std::vector<network_reach> reach, const std::vector<std::string>& recipient_hosts,
                 const clock& time);
  /// "http://10.0.0.7/onvif", "10.0.0.7:554", "camera.example": its host becomes reachable when the
  /// manifest has `camera`.
  void add_camera(std::string_view address);
  bool allows(const sockaddr_storage& to);

 private:
  bool has(network_reach one) const;
  void add_host(std::string_view address);
  void look_up();
  std::vector<network_reach> reach_;
  const clock& time_;
  std::set<std::string> addresses_;  ///< numeric
  std::set<std::string> names_;
  mono_ns looked_up_ = 0;
};

/// Host of an address with or without scheme, port and path. [thread-safe]
std::string host_of(std::string_view address);

/// Answers the audited system calls of one child: what its permissions cover goes on (the kernel's
/// own rules still hold), anything else is refused and told. One owner, one thread.
class access_audit {
 public:
  using attempt = std::function<void(const std::string& what)>;

  /// Takes `descriptor` over.
  access_audit(int descriptor, int child, std::filesystem::path plugin_folder,
               std::vector<std::string> files, bool may_use_network);
  ~access_audit();
  access_audit(const access_audit&) = delete;
  access_audit& operator=(const access_audit&) = delete;

  int descriptor() const noexcept { return descriptor_; }
  /// Judges one waiting call. Called when the descriptor is readable. False when there will be no
  /// more.
  bool judge_one(network_policy& network, const attempt& on_attempt);

 private:
  struct buffers;
  int judge_path(std::uint64_t address, std::uint64_t flags, std::string& told);
  int judge_address(std::uint64_t address, std::uint64_t length, network_policy& network,
                    std::string& told);

  int descriptor_;
  int child_;
  std::vector<std::filesystem::path> readable_;
  std::unique_ptr<buffers> buffers_;
};

}  // namespace vigie::plugin_host
