// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "plugin_host/conformance/child/readings.hpp"
#include "plugin_host/conformance/messages.hpp"

namespace vigie::plugin_host::conformance::child {

/// One case while it runs: what it was asked, what it does now, what it found. The first finding
/// stands. Used on the thread of the case.
class case_run {
 public:
  using step_sink = std::function<void(step)>;
  case_run(const check_order& given, readings& of_process, silence& of_output, step_sink sink)
      : order{given}, holds_now{of_process}, output{of_output}, sink_{std::move(sink)} {}

  /// Tells what comes next, before it is done: when the process dies or hangs, this is where.
  /// `deadline` is what a centre gives it; a loaded machine gets several times that.
  void begin(const std::string& what, std::chrono::milliseconds deadline) {
    sink_({about_.empty() ? what : what + " with " + about_,
           static_cast<std::uint32_t>(deadline.count())});
  }
  /// What the next calls are made with: "configuration 12 `{…`".
  void about(std::string what) { about_ = std::move(what); }

  void fail(std::string what) { settle(case_state::failed, std::move(what)); }
  void skip(std::string why) { settle(case_state::skipped, std::move(why)); }
  /// Fails the case when `condition` does not hold; returns it.
  bool holds(bool condition, const std::string& otherwise) {
    if (!condition) fail(otherwise);
    return condition;
  }
  /// Something worth reading beside "ok".
  void note(std::string text) {
    if (!settled_) verdict_.text = std::move(text);
  }
  bool is_settled() const noexcept { return settled_; }
  const verdict& result() const noexcept { return verdict_; }

  const check_order& order;
  readings& holds_now;
  silence& output;

 private:
  void settle(case_state state, std::string text) {
    if (settled_) return;
    settled_ = true;
    verdict_ = {static_cast<std::uint8_t>(state), std::move(text)};
  }

  step_sink sink_;
  std::string about_;
  verdict verdict_{static_cast<std::uint8_t>(case_state::passed), {}};
  bool settled_ = false;
};

}  // namespace vigie::plugin_host::conformance::child
