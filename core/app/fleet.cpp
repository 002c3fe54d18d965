// SPDX-License-Identifier: Apache-2.0
#include "app/fleet.hpp"

namespace vigie::app {

void fleet::note_state(const camera_id& camera, domain::health_state state) {
  std::lock_guard lock{mutex_};
  cameras_[camera].state = state;
}

void fleet::note_durable(const camera_id& camera, mono_ns last_durable) {
  std::lock_guard lock{mutex_};
  cameras_[camera].last_durable = last_durable;
}

void fleet::forget(const camera_id& camera) {
  std::lock_guard lock{mutex_};
  cameras_.erase(camera);
}

fleet_counts fleet::counts(mono_ns now) const {
  std::lock_guard lock{mutex_};
  fleet_counts sum;
  for (const auto& [id, camera] : cameras_) {
    ++sum.cameras;
    switch (camera.state) {
      case domain::health_state::starting:
        ++sum.starting;
        break;
      case domain::health_state::live:
        ++sum.live;
        break;
      case domain::health_state::degraded:
        ++sum.degraded;
        break;
      case domain::health_state::down:
        ++sum.down;
        break;
    }
    if (camera.last_durable != 0 && now - camera.last_durable < to_ns(recording_patience))
      ++sum.recording;
  }
  return sum;
}

}  // namespace vigie::app
