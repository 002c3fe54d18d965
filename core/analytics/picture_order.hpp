// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "base/ids.hpp"
#include "plugin_host/facts.hpp"

namespace vigie::analytics {

/// Takes a decoded picture of a camera. Called on the picture source's thread: hand over and
/// return. `picture::owner` holds one of few slots of shared memory; let it go soon.
using picture_taker = std::function<void(const camera_id&, plugin_host::picture)>;

/// Somebody wants to see a camera's key frames.
struct picture_order {
  plugin_host::frame_wish wish;  ///< format, size and pace
  picture_taker take;
};

}  // namespace vigie::analytics
