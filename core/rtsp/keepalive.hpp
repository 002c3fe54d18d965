// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "rtsp/headers.hpp"
#include "rtsp/quirk_policies.hpp"

namespace vigie::rtsp {

/// Which request keeps a session alive, and when (camera-quirks 42 to 46). Driven by time alone,
/// never by the arrival of packets. [ingest]
class keepalive_ladder {
 public:
  /// `demotions`: what earlier sessions with this camera learned.
  keepalive_ladder(keepalive_policy policy, std::uint8_t demotions) noexcept
      : policy_{policy}, demotions_{demotions} {}

  void set_policy(keepalive_policy policy) noexcept { policy_ = policy; }
  void set_advertised(public_methods methods) noexcept { advertised_ = methods; }
  /// The method to send now, "" for none.
  std::string_view method() const noexcept;
  /// The camera objected to `method()`. True when another one is tried from now on.
  bool demote() noexcept;
  std::uint8_t demotions() const noexcept { return demotions_; }

 private:
  keepalive_policy policy_;
  public_methods advertised_;
  std::uint8_t demotions_;
};

/// Half of min(timeout, 60 s), spread by ±10 % so that a farm started together does not stay in
/// step. At least 1 s. [ingest]
std::chrono::nanoseconds keepalive_interval(std::chrono::seconds session_timeout,
                                            random_source& random) noexcept;

}  // namespace vigie::rtsp
