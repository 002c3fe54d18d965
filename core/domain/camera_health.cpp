// SPDX-License-Identifier: Apache-2.0
#include "domain/camera_health.hpp"

namespace vigie::domain {

std::string_view name_of(health_rung r) noexcept {
  switch (r) {
    case health_rung::none:
      return "none";
    case health_rung::reachable:
      return "reachable";
    case health_rung::authenticated:
      return "authenticated";
    case health_rung::streaming:
      return "streaming";
    case health_rung::advancing:
      return "advancing";
    case health_rung::picture_usable:
      return "picture_usable";
    case health_rung::recorded:
      return "recorded";
    case health_rung::clock_right:
      return "clock_right";
  }
  return "none";
}

std::string_view name_of(health_state s) noexcept {
  switch (s) {
    case health_state::starting:
      return "starting";
    case health_state::live:
      return "live";
    case health_state::degraded:
      return "degraded";
    case health_state::down:
      return "down";
  }
  return "starting";
}

std::string_view name_of(health_cause c) noexcept {
  switch (c) {
    case health_cause::none:
      return "none";
    case health_cause::refused:
      return "refused";
    case health_cause::unreachable:
      return "unreachable";
    case health_cause::reset:
      return "reset";
    case health_cause::closed:
      return "closed";
    case health_cause::silence:
      return "silence";
    case health_cause::rtcp_only:
      return "rtcp_only";
    case health_cause::drip:
      return "drip";
    case health_cause::wrong_password:
      return "wrong_password";
    case health_cause::protocol:
      return "protocol";
    case health_cause::codec:
      return "codec";
    case health_cause::black_picture:
      return "black_picture";
    case health_cause::frozen_picture:
      return "frozen_picture";
    case health_cause::covered_picture:
      return "covered_picture";
    case health_cause::blurred_picture:
      return "blurred_picture";
    case health_cause::moved_camera:
      return "moved_camera";
    case health_cause::not_recorded:
      return "not_recorded";
    case health_cause::clock_wrong:
      return "clock_wrong";
    case health_cause::unsupervised:
      return "unsupervised";
  }
  return "none";
}

}  // namespace vigie::domain
