// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "camera_farm/camera.hpp"
#include "camera_farm/farm_options.hpp"
#include "camera_farm/faults.hpp"

namespace vigie::simulators {

struct farm_stats {
  std::vector<camera_stats> cameras;
  double uptime_s = 0;
  double cpu_s = 0;  ///< of the process since its start, encoding included
  std::uint64_t sessions = 0;
  std::uint64_t sent_frames = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t dropped_frames = 0;  ///< because a client did not read
  std::uint64_t lost_datagrams = 0;  ///< by the simulated network
};

/// Many simulated cameras in one thread: a wheel of ticks sends each camera's picture at its own
/// phase of the frame interval.
class farm {
 public:
  /// Encodes the scenes and listens on every address. [startup]
  static result<std::unique_ptr<farm>> make(const farm_options& options);
  ~farm();

  /// Serves until `stop`, a signal (INT, TERM) or the options' seconds are over.
  result<void> run();
  void stop();

  /// Heals by itself after `heal_after` unless that is zero.
  void apply(const std::vector<unsigned>& cameras, const trouble& t,
             std::chrono::milliseconds heal_after);
  /// Somebody sets these cameras' clocks, wrongly, by that much.
  void step_clocks(const std::vector<unsigned>& cameras, std::chrono::milliseconds by);
  /// Runs `what` so long after now.
  void after(std::chrono::milliseconds delay, std::function<void()> what);
  farm_stats stats() const;
  unsigned size() const;
  /// Whether all cameras share one listening socket.
  bool shares_listener() const;
  event_loop& loop();

 private:
  struct state;
  explicit farm(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

}  // namespace vigie::simulators
