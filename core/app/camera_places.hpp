// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unordered_map>

#include "domain/topology.hpp"

namespace vigie::app {

/// Where each camera of the configuration stands and what is laid down for it. [thread-safe]
class camera_places {
 public:
  struct place {
    const domain::commune_entry* commune;
    const domain::site_entry* site;
    const domain::camera_entry* camera;
  };

  /// `centre` stays where it is and outlives the places.
  explicit camera_places(const domain::topology& centre);

  /// Null: no such camera in the configuration.
  const place* find(const camera_id& camera) const;

 private:
  std::unordered_map<camera_id, place> places_;
};

}  // namespace vigie::app
