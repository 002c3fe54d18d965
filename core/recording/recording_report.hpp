// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"

namespace vigie::recording {

/// What the recorder proves of one camera: at most one report a second.
struct recording_report {
  camera_id camera;
  mono_ns last_durable_mono_ns = 0;  ///< arrival time of the newest frame written to disk
  std::uint64_t written_frames = 0;
  std::uint64_t written_bytes = 0;
  std::uint64_t dropped_gops = 0;  ///< given up because the writer could not follow
  std::optional<error> trouble;    ///< the last write's failure, cleared by a success
};

}  // namespace vigie::recording
