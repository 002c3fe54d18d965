// SPDX-License-Identifier: Apache-2.0
#include "app/camera_places.hpp"

namespace vigie::app {

camera_places::camera_places(const domain::topology& centre) {
  for (const auto& commune : centre.communes)
    for (const auto& site : commune.sites)
      for (const auto& camera : site.cameras) places_[camera.id] = {&commune, &site, &camera};
}

const camera_places::place* camera_places::find(const camera_id& camera) const {
  const auto found = places_.find(camera);
  return found == places_.end() ? nullptr : &found->second;
}

}  // namespace vigie::app
