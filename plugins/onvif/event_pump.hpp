// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <random>

#include "device.hpp"
#include "topics.hpp"

namespace vigie::onvif {

struct pump_sinks {
  std::function<void(const vigie_device_event_t&)> emit;  ///< [any-thread]
  std::function<void(bool is_warning, const std::string&)> log;
};

struct pump_timing {
  std::chrono::seconds life{60};            ///< of a subscription
  std::chrono::milliseconds wait{20'000};   ///< of one long poll
  std::chrono::milliseconds hurried{1000};  ///< the same while others wait for a place
};

/// How long to wait before the next poll. One that came back at once although it brought nothing is
/// from a device that does not know long polls: it is asked once a second, not as fast as the
/// network allows.
constexpr std::chrono::milliseconds pause_after_poll(bool brought_something,
                                                     std::chrono::milliseconds took) {
  const std::chrono::milliseconds least{brought_something ? 100 : 1000};
  return took < least ? least - took : std::chrono::milliseconds{0};
}

/// Keeps one device's PullPoint subscription alive and forwards the facts it brings: create, pull,
/// renew at two thirds of its life, create anew with back-off when anything fails (ONVIF Core
/// §9.2). After start, everything runs on the transport's thread.
class event_pump : public std::enable_shared_from_this<event_pump> {
 public:
  event_pump(std::shared_ptr<device> of, pump_sinks sinks, pump_timing timing);

  /// [any-thread]
  void start();
  /// Nothing is emitted once it returned; the device is told, if it answers. [any-thread]
  void stop();
  /// What was not forwarded, since the start. [any-thread]
  drop_counts dropped() const;

 private:
  using clock = std::chrono::steady_clock;
  void begin();
  void subscribe(const services& known);
  void pull();
  void renew_subscription();
  /// Forwards what the answer brings; true when it brought anything, forwarded or not.
  bool take(const message& answer);
  void give_up(const failure& why);
  device::manner in_subscription(const request& what) const;
  bool is_stopped() const;

  const std::shared_ptr<device> device_;
  const pump_sinks sinks_;
  const pump_timing timing_;
  mutable std::mutex mutex_;  // guards stopped_, dropped_ and every emit
  bool stopped_ = false;
  drop_counts dropped_, told_drops_;
  subscription subscription_;
  clock::time_point renew_at_{}, tell_drops_at_{};
  unsigned failures_ = 0;
  std::minstd_rand random_;
};

}  // namespace vigie::onvif
