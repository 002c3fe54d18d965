// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string_view>
#include <vector>

#include "device.hpp"

namespace vigie::onvif {

/// The movable head of one camera. [worker], except forget_timer.
class ptz_head : public std::enable_shared_from_this<ptz_head> {
 public:
  explicit ptz_head(std::shared_ptr<device> of) : device_{std::move(of)} {}

  /// Moves for `timeout`, then stops. The device is told to stop by itself and told again when the
  /// time is over: not every firmware honours the time-out (ONVIF PTZ §5.3.3).
  outcome<bool> move(double pan, double tilt, double zoom, std::chrono::milliseconds timeout);
  outcome<bool> stop();
  outcome<std::vector<vigie_ptz_preset_t>> presets();
  outcome<bool> go_to(std::string_view preset);
  /// No stop of an earlier move is sent any more. [any-thread]
  void forget_timer() { ++movement_; }

 private:
  outcome<message> ask(const request& what);
  const std::shared_ptr<device> device_;
  std::atomic<std::uint64_t> movement_ = 0;
};

}  // namespace vigie::onvif
