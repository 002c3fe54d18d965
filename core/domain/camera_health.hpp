// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace vigie::domain {

/// The health ladder: each rung implies those below and is proven by evidence, not by a socket.
enum class health_rung : std::uint8_t {
  none = 1,
  reachable,       ///< TCP answers
  authenticated,   ///< the camera accepts our credentials
  streaming,       ///< PLAY accepted
  advancing,       ///< complete frames keep coming
  picture_usable,  ///< neither black nor frozen, covered, blurred or turned away
  recorded,        ///< frames reach the disk and the index, hence replayable
  clock_right,     ///< camera clock within 2 s of ours, when it can be known
};

/// What an operator reads first.
enum class health_state : std::uint8_t {
  starting = 1,  ///< never been live since the centre started, and no failure known yet
  live,          ///< usable picture, recorded
  degraded,      ///< frames advance, but the picture, the recording or the clock is wrong
  down,          ///< no frames
};

/// Why it is not live. One cause at a time: the lowest broken rung.
enum class health_cause : std::uint8_t {
  none = 1,
  refused,      ///< nothing listens on the camera's port
  unreachable,  ///< no answer at all
  reset,        ///< the camera cut the connection (RST)
  closed,       ///< the camera ended the session
  silence,      ///< session open, not a byte
  rtcp_only,    ///< control packets go on, video does not
  drip,         ///< bytes trickle, no frame completes
  wrong_password,
  protocol,  ///< not RTSP, malformed, refused by status, timed out in the dialogue
  codec,     ///< no video, or a codec Vigie does not record
  black_picture,
  frozen_picture,
  covered_picture,
  blurred_picture,
  moved_camera,  ///< it no longer looks where it was set up to look
  not_recorded,  ///< frames advance but do not reach the disk
  clock_wrong,
  unsupervised,  ///< our own supervision of the camera keeps failing: its health is not known
};

std::string_view name_of(health_rung r) noexcept;
std::string_view name_of(health_state s) noexcept;
std::string_view name_of(health_cause c) noexcept;

}  // namespace vigie::domain
