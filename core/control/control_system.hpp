// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/result.hpp"
#include "control/health_ages.hpp"
#include "control/ports.hpp"
#include "control/views.hpp"
#include "domain/evidence.hpp"
#include "domain/topology.hpp"

namespace vigie::control {

/// Who runs the actors.
enum class scheduling : std::uint8_t {
  threads = 1,  ///< a small pool of worker threads and a timer thread
  manual,       ///< nobody: the caller, by `run_ready` and `advance`, on virtual time
};

struct control_options {
  scheduling run = scheduling::threads;
  std::size_t threads = 2;
  std::uint64_t seed = 1;  ///< of jitter
  /// False where nothing records (a test of the tree alone): `not_recorded` is then never
  /// concluded.
  bool recording_expected = true;
};

/// Counters since the start; for heartbeats, metrics and tests.
struct control_counters {
  std::size_t actors = 0;                ///< running now
  std::uint64_t restarts = 0;            ///< actors restarted after a crash
  std::uint64_t unknown_evidence = 0;    ///< of cameras that are not in the configuration
  std::uint64_t coalesced_evidence = 0;  ///< superseded by a newer one before it was looked at
  std::uint64_t contained_failures = 0;  ///< exceptions in the centre itself, caught and logged
  health_ages health;                    ///< how old what is known of the cameras is
};

using snapshot_callback = std::function<void(result<centre_view>)>;

/// The tree centre → commune → site → camera behind a plain interface: no actor type shows here.
class control_system {
 public:
  /// The ports outlive this object.
  control_system(control_ports ports, control_options options);
  ~control_system();  ///< as `stop`
  control_system(const control_system&) = delete;
  control_system& operator=(const control_system&) = delete;

  /// Spawns the tree and starts the feeds. Once. [startup]
  void start(const domain::topology& centre);
  /// Brings the running tree to another configuration: communes, sites and cameras that are new are
  /// started, those gone are stopped with their feeds, changed cameras are replaced, the others do
  /// not notice. One caller at a time. [thread-safe]
  void apply(const domain::topology& centre);

  /// Hands evidence to its camera: one hash look-up, one short lock, and a message only when the
  /// camera must look now (phase or trouble changed, a new picture); the rest waits for the
  /// camera's next tick, at most a second. Never blocks on an actor. [thread-safe]
  void post(domain::feed_evidence evidence);
  void post(domain::picture_evidence evidence);
  void post(domain::finding_evidence evidence);
  void post(domain::recording_evidence evidence);

  /// Calls back exactly once, on a scheduler thread, with what the centre knows. Errors: io_timeout
  /// when the centre does not answer within 2 s, internal when it is stopped. [thread-safe]
  void snapshot(snapshot_callback done);
  control_counters counters() const;

  /// Stops the feeds and ends all actors; returns when none is left. May be called twice.
  void stop();

  /// `scheduling::manual` only: runs every handler that is ready, on this thread. Returns how many.
  std::size_t run_ready();
  /// `scheduling::manual` only: moves the timers by `d` and runs what became ready. The injected
  /// clock is the caller's to move, before this and by as much; steps of at most a second keep
  /// ticks from bunching.
  std::size_t advance(std::chrono::nanoseconds d);

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace vigie::control
