// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "plugin_host/messages.hpp"

namespace vigie::plugin_host {

/// What a runner tells of its instance. Called on threads of the runner or of the plugin: hand over
/// and return. Nothing is called after `on_ended`, nor after the runner is destroyed.
class runner_events {
 public:
  virtual ~runner_events() = default;
  virtual void on_started(const start_report& report) = 0;
  /// Judged and accepted. Never an offence_notice.
  virtual void on_notice(notice said) = 0;
  /// `camera` is 0 when it is about none. When the fault ends the instance, `on_ended` follows.
  virtual void on_fault(fault f, std::uint64_t camera, const std::string& detail) = 0;
  /// The instance is gone: it failed, or was stopped.
  virtual void on_ended() = 0;
};

/// Runs one instance of one plugin. Both kinds behave alike: calls are performed one after the
/// other in the order of submission, each within its deadline; every call is answered exactly once.
/// All members are [thread-safe].
class runner {
 public:
  using answer_function = std::function<void(answer)>;

  /// Stops the instance (politely within its deadline, then by force where force exists) and waits
  /// for that. Not from one of its own callbacks.
  virtual ~runner() = default;
  /// Queues a call, answered with VIGIE_E_STATE when the instance goes before its turn. False when
  /// it is gone already; `done` is not called then.
  virtual bool submit(call what, answer_function done) = 0;
  /// Queues a frame; false: dropped, too many are waiting, and `done` is not called.
  virtual bool offer(frame_call what, answer_function done) = 0;
  /// Begins to stop; `on_ended` tells when it is over.
  virtual void stop() = 0;
  /// The child's process id; 0 when there is none.
  virtual int process() const = 0;
  /// Sandbox layers this kernel did not grant, for the operator; empty when all is well.
  virtual std::string missing_protection() const = 0;
};

/// So many frames may wait in one instance; further ones are shed.
inline constexpr std::size_t most_waiting_frames = 32;

struct runner_setup {
  start_order order;
  call_deadlines deadlines;
  std::filesystem::path host_program;        ///< child only
  std::vector<network_reach> network;        ///< child only
  std::vector<std::string> recipient_hosts;  ///< child only
};

/// Who may not use the network has nobody to wait for: no call of it takes longer than another.
inline runner_setup within_reach(runner_setup setup) {
  if (!setup.order.may_use_network)
    setup.deadlines.device = std::min(setup.deadlines.device, setup.deadlines.control);
  return setup;
}

/// In this process. Calls are timed and misbehaviour is named, but a hang cannot be ended (the
/// stuck thread is abandoned with its instance) and a crash is ours.
std::unique_ptr<runner> make_in_process_runner(runner_setup setup, const clock& time,
                                               runner_events& events);
/// In a sandboxed child process, which is killed when it breaks a rule it cannot be held to.
std::unique_ptr<runner> make_child_runner(runner_setup setup, const clock& time,
                                          runner_events& events);

}  // namespace vigie::plugin_host
