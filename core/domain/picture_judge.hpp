// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.hpp"
#include "domain/camera_health.hpp"
#include "domain/evidence.hpp"

namespace vigie::domain {

// -- Thresholds
// ------------------------------------------------------------------------------------ Measures
// come every 2 s at best (one key frame each), so two dark or four still ones conclude within 10 s.
// Luma is 0..255; video black is 16.

/// A picture this dark and this flat shows nothing: a lit window or a lamp at night exceeds the
/// deviation, a covered lens does not.
inline constexpr double black_mean_luma = 20;
inline constexpr double black_luma_deviation = 6;
/// Consecutive dark measures before the picture counts as black: a passing lorry gives one.
inline constexpr std::uint32_t black_measures = 2;

/// Only a repeated picture changes this little: sensor noise, a burned-in clock or a moved leaf all
/// exceed it.
inline constexpr double frozen_change = 0.02;
/// A frozen picture counts as moving again from here on.
inline constexpr double moving_change = 0.05;
/// Consecutive still measures, and what they must span together, before the picture is frozen.
inline constexpr std::uint32_t frozen_measures = 3;
inline constexpr std::chrono::seconds frozen_span{5};

/// A judgement without a new measure for so long says nothing any more (the decoder was shed).
inline constexpr std::chrono::seconds picture_memory{60};

// -- Judgement
// -------------------------------------------------------------------------------------

/// What successive measures of one camera add up to. A plain value; starts empty.
struct picture_judgement {
  bool measured = false;  ///< at least one decoded measure
  bool black = false;
  bool frozen = false;
  mono_ns black_since = 0;   ///< arrival of the first dark picture of the run
  mono_ns frozen_since = 0;  ///< arrival of the picture that has been repeated since
  mono_ns last_arrival = 0;
  std::uint32_t dark_run = 0;
  std::uint32_t still_run = 0;
};

/// Adds one measure. Undecoded frames change nothing. [thread-safe]
picture_judgement judge(picture_judgement so_far, const picture_evidence& measure) noexcept;

/// True when this measure may change a judgement: it is dark or still. Others need no hurry.
/// [thread-safe]
bool is_remarkable(const picture_evidence& measure) noexcept;

/// Forgets a judgement older than `picture_memory`. [thread-safe]
picture_judgement expire(picture_judgement so_far, mono_ns now) noexcept;

}  // namespace vigie::domain
