// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "plugin_host/runtime.hpp"

namespace vigie::app {

/// How an exercise ended.
struct exercise_outcome {
  std::string outcome;  ///< delivered | acknowledged | needs_human | failed | no_report
  std::string reference;
  std::string detail;
};

/// Tries notifiers end to end: delivers a notification whose status is Exercise, and waits for the
/// report of its plugin. Nothing here can make an actual one. All members are [thread-safe].
class exercise_desk {
 public:
  using outcome_function = std::function<void(result<exercise_outcome>)>;
  /// Delivered and refused come at once; an acknowledgement is waited for so long.
  static constexpr std::chrono::seconds patience{8};

  /// Both outlive the desk. `prefix` makes keys unique over restarts of the node.
  exercise_desk(plugin_host::runtime& runtime, const clock& time, std::string prefix)
      : runtime_{runtime}, time_{time}, prefix_{std::move(prefix)} {}

  /// `done` is called once, within `patience`. Errors: not_found (no such notifier), and what the
  /// plugin says of a recipient it does not know or cannot reach.
  void run(const std::string& plugin, const std::string& recipient, const std::string& asker,
           outcome_function done);
  void on_report(const std::string& plugin, const plugin_host::delivery_report& report);
  /// Ends those whose patience is over. Once a second.
  void pulse();

 private:
  struct waiting {
    std::string plugin;
    mono_ns until = 0;
    outcome_function done;
  };
  void finish(const std::string& key, result<exercise_outcome> how);

  plugin_host::runtime& runtime_;
  const clock& time_;
  const std::string prefix_;
  std::mutex mutex_;
  std::map<std::string, waiting> waiting_;  ///< by key
  std::uint64_t last_ = 0;
};

}  // namespace vigie::app
