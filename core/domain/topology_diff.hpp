// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/ids.hpp"
#include "domain/topology.hpp"

namespace vigie::domain {

struct placed_camera {
  camera_path path;
  camera_entry camera;
};

/// What a new configuration asks of the feeds. A camera that moved or is pulled otherwise is in
/// both lists: stop it first.
struct feed_changes {
  std::vector<camera_id> stopped;
  std::vector<placed_camera> started;
};

/// Compares two configurations; an empty `before` starts everything. [thread-safe]
feed_changes feed_changes_between(const topology& before, const topology& after);

/// True when both are pulled in the same way: address and credentials. [thread-safe]
bool same_pull(const camera_entry& a, const camera_entry& b);

/// True when an operator or the law could see no difference either. [thread-safe]
bool same_camera(const camera_entry& a, const camera_entry& b);

}  // namespace vigie::domain
