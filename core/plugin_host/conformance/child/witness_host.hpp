// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vigie/sdk.h>

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "plugin_host/host_table.hpp"

namespace vigie::plugin_host::conformance::child {

/// The centre as a plugin under check sees it: the real host table with a witness before it, who
/// writes down every call and when it came. [thread-safe]
class witness_host {
 public:
  witness_host(std::uint8_t kind, std::vector<std::int32_t> events, const clock& time);
  witness_host(const witness_host&) = delete;
  witness_host& operator=(const witness_host&) = delete;

  const vigie_host_t* abi() const noexcept { return &abi_; }
  host_table& table() noexcept { return inner_; }

  /// Where the plugin is in its life, for the record: "create", "init", …; it may call the host now
  /// or not.
  void enter(std::string phase, bool may_call);
  /// From here on the host has no extension at all.
  void offer_nothing();
  void pretend_abi(std::uint32_t major) { abi_.abi.major = major; }
  /// No packet of that camera may come any more; 0: forget all.
  void stream_closed(std::uint64_t camera);
  void stream_opened(std::uint64_t camera);
  void show(const vigie_frame_t* frame);  ///< may be retained from now on

  struct record {
    std::vector<std::string> untimely;  ///< calls when the plugin must not call
    std::vector<std::string> offences;  ///< what a centre would call a fault
    std::vector<std::string> late_packets;
    std::vector<delivery_report> reports;
    std::size_t packets = 0, detections = 0, lines = 0;
    std::size_t report_calls = 0;  ///< also those that were refused
    std::size_t retained = 0;
  };
  record seen() const;

 private:
  struct functions;
  static witness_host& of(const vigie_host_t* host) {
    return *static_cast<witness_host*>(host->data);
  }
  bool may_call(const char* what);
  void take(const notice& said);
  template <class Table>
  const Table* real(const char* id) const {
    return static_cast<const Table*>(inner_.abi()->get_extension(inner_.abi(), id));
  }

  mutable std::mutex mutex_;
  std::string phase_ = "create";
  bool may_call_ = false;
  bool offers_nothing_ = false;
  record record_;
  std::map<const vigie_frame_t*, int> frames_;  ///< how often each is retained
  std::map<std::uint64_t, bool> streams_;       ///< open or closed again
  host_table inner_;
  vigie_host_t abi_{};
};

}  // namespace vigie::plugin_host::conformance::child
