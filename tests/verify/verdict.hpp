// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace verify {

/// Counters missing where the recording itself shows missing time: a session ended, or the camera
/// paused. A hole without missing time is a loss instead.
struct gap {
  std::string camera;
  std::uint64_t from = 0;  ///< first missing counter
  std::uint64_t to = 0;    ///< last missing counter
  double seconds = 0;      ///< of missing time
  bool is_allowed = false;
};

/// What was found in one camera's recordings.
struct camera_verdict {
  std::string camera;
  std::uint64_t files = 0;
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;
  double seconds = 0;            ///< of media
  std::uint64_t lost = 0;        ///< counters missing though time goes on
  std::uint64_t duplicated = 0;  ///< counters met again
  std::uint64_t foreign = 0;     ///< pictures of another camera, or never sent
  std::uint64_t unnumbered = 0;  ///< pictures without a mark
  std::uint64_t unplayable = 0;  ///< files that are damaged
  std::uint64_t torn_tail = 0;   ///< the last file ends inside a fragment
  std::uint64_t audio_tracks = 0;
  std::uint64_t implausible = 0;  ///< files whose time contradicts the marks, or overlaps
  std::uint64_t restarts = 0;     ///< the camera counted from anew
  std::uint64_t first = 0;        ///< counters, 0: none
  std::uint64_t last = 0;
  std::vector<gap> gaps;
  std::vector<std::string> problems;  ///< the first few, for a human
};

struct verdict {
  camera_verdict sum;
  std::uint64_t cameras = 0;
  std::uint64_t missing_cameras = 0;  ///< sent pictures, have no recording
  std::uint64_t forbidden_gaps = 0;
  bool is_ok = false;
  std::vector<camera_verdict> per_camera;
};

/// One line of JSON.
std::string to_json(const verdict& v, bool with_cameras);
/// A few lines for a human.
std::string to_text(const verdict& v);

}  // namespace verify
