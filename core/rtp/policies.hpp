// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace vigie::rtp {

/// What to do after a loss (policy `damaged_au`, camera-quirk 74).
enum class damage_policy : std::uint8_t {
  drop_until_key = 1,  ///< publish nothing before the next whole key frame
  pass_damaged,        ///< publish what is left; decoders will show artefacts
};

/// Whose packets are ours when the SSRC changes (policy `foreign_ssrc`, camera-quirk 61).
enum class foreign_ssrc_policy : std::uint8_t {
  drop_then_adopt_after_3s = 1,  ///< the first sender, until it was silent for 3 s or said goodbye
  adopt_at_once,                 ///< whoever spoke last
};

/// Which parameter sets count (policy `parameters`, camera-quirk 75).
enum class parameters_policy : std::uint8_t {
  in_band_wins = 1,  ///< those of the description serve until the stream brings its own
  described_only,    ///< those of the stream are left out, where the description has a whole set
};

/// What becomes of H.265 packets with decoding order numbers (policy `donl`, camera-quirk 78).
enum class donl_policy : std::uint8_t {
  refuse = 1,  ///< the description is refused by name: pictures would come out of order
  strip,       ///< the numbers are taken off, the order of sending is believed
};

/// Everything of RTP that a camera may do otherwise; part of rtsp::quirk_policies.
struct policies {
  damage_policy damaged_au = damage_policy::drop_until_key;
  foreign_ssrc_policy foreign_ssrc = foreign_ssrc_policy::drop_then_adopt_after_3s;
  parameters_policy parameters = parameters_policy::in_band_wins;
  donl_policy donl = donl_policy::refuse;
  friend bool operator==(const policies&, const policies&) = default;
};

}  // namespace vigie::rtp
