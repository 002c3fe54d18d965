// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "domain/topology.hpp"

namespace vigie::test {

/// A commune with `sites` sites of `cameras` cameras, named <insee>-s<n> and <insee>-s<n>-c<m>.
inline domain::commune_entry make_commune(const std::string& insee, int sites, int cameras) {
  domain::commune_entry commune;
  commune.id = commune_id{insee};
  commune.name = "Commune " + insee;
  for (int s = 1; s <= sites; ++s) {
    auto& site = commune.sites.emplace_back();
    site.id = site_id{insee + "-s" + std::to_string(s)};
    site.name = site.id.str();
    site.kind = "school";
    for (int c = 1; c <= cameras; ++c) {
      auto& camera = site.cameras.emplace_back();
      camera.id = camera_id{site.id.str() + "-c" + std::to_string(c)};
      camera.name = camera.id.str();
      camera.url = "rtsp://127.0.0.1/" + camera.id.str();
      camera.purposes = {domain::purpose::public_buildings_protection};
      camera.retention_days = 15;
    }
  }
  return commune;
}

}  // namespace vigie::test
