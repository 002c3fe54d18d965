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

void fleet::note_ways(const ingest::feed_vitals& vitals) {
  if (vitals.quirks.empty() && vitals.overridden.empty()) return;
  std::lock_guard lock{mutex_};
  const auto found = cameras_.find(vitals.camera);
  if (found == cameras_.end()) return;  // it is leaving
  found->second.quirks = vitals.quirks;
  found->second.overridden = vitals.overridden;
}

void fleet::tell_ways(bus::camera_status& of) const {
  std::lock_guard lock{mutex_};
  const auto found = cameras_.find(of.path.camera);
  if (found == cameras_.end()) return;
  for (const auto& [name, count] : found->second.quirks) of.quirks.emplace_back(name, count);
  for (const auto name : found->second.overridden) of.overridden.emplace_back(name);
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
