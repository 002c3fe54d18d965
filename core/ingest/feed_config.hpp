// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "base/ids.hpp"
#include "base/secret.hpp"

namespace vigie::ingest {

/// One pull of one camera profile.
struct feed_config {
  camera_id camera;
  site_id site;          ///< dials are paced per site
  std::string url;       ///< rtsp://host[:port]/path, never with credentials
  std::string username;  ///< empty: anonymous
  secret password;

  /// No complete frame for max(stall_floor, 3 measured frame intervals) is a stall.
  std::chrono::milliseconds stall_floor{1200};
  /// A stalled session is abandoned, and dialled anew, this long after the stall was reported.
  std::chrono::milliseconds stall_patience{3000};
  std::chrono::milliseconds connect_timeout{3000};
  std::chrono::milliseconds response_timeout{4000};
  std::chrono::milliseconds backoff_floor{500};
  std::chrono::milliseconds backoff_ceiling{30'000};
  /// After a refused password: hammering locks accounts (camera-quirk 35).
  std::chrono::minutes rejected_backoff{5};
};

}  // namespace vigie::ingest
