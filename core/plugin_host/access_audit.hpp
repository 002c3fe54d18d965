// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "plugin_host/fault.hpp"
#include "plugin_host/network_proxy.hpp"

namespace vigie::plugin_host {

/// Answers the audited system calls of one child: a file its permissions cover is opened (the
/// kernel's own rules judge once more), a thread is started, a network call is performed in its
/// place (network_proxy.hpp); anything else is refused and told. One owner, one thread.
class access_audit {
 public:
  using attempt = std::function<void(fault as, const std::string& what)>;

  /// Takes `descriptor` over. `network` outlives this object.
  access_audit(int descriptor, int child, std::filesystem::path plugin_folder,
               std::vector<std::string> files, bool may_use_network, network_policy& network);
  ~access_audit();
  access_audit(const access_audit&) = delete;
  access_audit& operator=(const access_audit&) = delete;

  int descriptor() const noexcept { return descriptor_; }
  /// Judges one waiting call. Called when the descriptor is readable. False when there will be no
  /// more.
  bool judge_one(const attempt& on_attempt);
  /// Tells what helpers of the proxy refused since.
  void tell_late(const attempt& on_attempt);

 private:
  struct buffers;
  int judge_path(std::uint64_t address, std::uint64_t flags, std::string& told);
  int judge_thread(std::string& told) const;
  void respond(std::uint64_t id, network_proxy::ending how, bool goes_on) const;

  int descriptor_;
  int child_;
  std::vector<std::filesystem::path> readable_;
  std::unique_ptr<buffers> buffers_;
  std::unique_ptr<network_proxy> proxy_;
};

}  // namespace vigie::plugin_host
