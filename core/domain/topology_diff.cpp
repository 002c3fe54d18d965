// SPDX-License-Identifier: Apache-2.0
#include "domain/topology_diff.hpp"

#include <map>

namespace vigie::domain {

namespace {

struct place {
  camera_path path;
  const camera_entry* camera = nullptr;
};

std::map<camera_id, place> places_of(const topology& t) {
  std::map<camera_id, place> places;
  for (const auto& commune : t.communes)
    for (const auto& site : commune.sites)
      for (const auto& camera : site.cameras)
        places.emplace(camera.id, place{{commune.id, site.id, camera.id}, &camera});
  return places;
}

bool same_feed(const place& a, const place& b) {
  return a.path == b.path && same_pull(*a.camera, *b.camera);
}

}  // namespace

feed_changes feed_changes_between(const topology& before, const topology& after) {
  const auto old_places = places_of(before);
  const auto new_places = places_of(after);
  feed_changes changes;
  for (const auto& [id, was] : old_places) {
    const auto now = new_places.find(id);
    if (now == new_places.end() || !same_feed(was, now->second)) changes.stopped.push_back(id);
  }
  for (const auto& [id, now] : new_places) {
    const auto was = old_places.find(id);
    if (was == old_places.end() || !same_feed(was->second, now))
      changes.started.push_back({now.path, *now.camera});
  }
  return changes;
}

bool same_pull(const camera_entry& a, const camera_entry& b) {
  return a.url == b.url && a.username == b.username && a.password.reveal() == b.password.reveal() &&
         a.pull == b.pull;
}

bool same_camera(const camera_entry& a, const camera_entry& b) {
  return a.id == b.id && same_pull(a, b) && a.name == b.name && a.purposes == b.purposes &&
         a.legal_regime == b.legal_regime && a.controller == b.controller &&
         a.retention_days == b.retention_days;
}

}  // namespace vigie::domain
