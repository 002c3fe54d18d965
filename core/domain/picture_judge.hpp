// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.hpp"
#include "domain/camera_health.hpp"
#include "domain/evidence.hpp"

namespace vigie::domain {

// -- Thresholds ---
// A key frame is measured every 2 s, or as often as the camera makes one; two dark ones or a few
// still ones conclude within 10 s for GOPs of up to 5 s. Luma is 0..255; video black is 16.

/// A picture shows nothing when this much of it is dark, flat and alike: a covered lens still has a
/// white clock and a name burned in, which take up to 8 %.
inline constexpr double black_share = 0.92;
/// Outside the lines of burned-in text all must be dark but for a hot pixel or a cursor: a street
/// with a few lamps at night is no black picture.
inline constexpr double black_core_share = 0.995;
/// Consecutive dark measures before the picture counts as black: a passing lorry gives one.
inline constexpr std::uint32_t black_measures = 2;

/// Only a repeated picture changes this little: sensor noise, a burned-in clock or a moved leaf all
/// exceed it.
inline constexpr double frozen_change = 0.02;
/// A frozen picture counts as moving again from here on.
inline constexpr double moving_change = 0.05;
/// Not even one pixel of a cell changed by one step (a cell of 1080p has 900). Where a burned-in
/// clock is left aside, and where one comparison has to do, the rest must be as still as this: the
/// quietest living scene measured changed two cells of three.
inline constexpr double repeated_change = 0.001;
/// From this share of dark cells on, stillness beside a clock proves nothing: a sensor clips the
/// night to one value, noise and all.
inline constexpr double clipped_share = 0.5;
/// Consecutive still measures, and what they must span together, before the picture is frozen …
inline constexpr std::uint32_t frozen_measures = 2;
inline constexpr std::chrono::milliseconds frozen_span{4500};
/// … or one exact repetition over so long: a camera with a GOP of 4 s gives no more in 10 s.
inline constexpr std::chrono::seconds repeated_span{3};

/// A judgement without a new measure for so long says nothing any more (the decoder was shed).
inline constexpr std::chrono::seconds picture_memory{60};

// -- Judgement ---

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
