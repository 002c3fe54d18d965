// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "fault_clock.hpp"
#include "features.hpp"
#include "reference_view.hpp"

namespace vigie::camera_health {

enum class fault : std::uint8_t { black = 1, frozen, blurred, covered, moved };
inline constexpr std::size_t fault_count = 5;
const char* name_of(fault f);

struct transition {
  fault what = fault::black;
  bool active = false;  ///< it began, or it ended
  float score = 0;      ///< 0..1, how clear the sign is
};

/// How soon a fault is told. A camera moved for good is accepted as it stands after a day.
struct patience {
  utc_us begin_us = 20'000'000;
  utc_us end_us = 20'000'000;
  utc_us accept_us = 86'400'000'000;
};

/// What the last picture looked like to the rules; for traces and tuning.
struct judgement {
  float dark_level = 0, dark_spread = 0;
  int still_cells = 0, changed_cells = 0;
  bool compared = false;
  bool night = false;
  comparison with;
  shift_match shift;
};

/// Watches the pictures of one camera. Pure: no clock, no I/O; same pictures, same answers.
/// About 100 KB once it knows day and night. Not thread-safe.
class health_core {
 public:
  explicit health_core(const patience& how = {});

  /// Takes the next picture; `at` never goes back. What began or ended with it.
  std::vector<transition> observe(const picture_view& picture, utc_us at);

  const judgement& last() const { return last_; }
  bool active(fault f) const { return clock(f).active(); }

 private:
  struct signs {
    bool clear = false;
    bool maybe = false;
    float score = 0;
  };
  fault_clock& clock(fault f) { return clocks_[static_cast<std::size_t>(f) - 1]; }
  const fault_clock& clock(fault f) const { return clocks_[static_cast<std::size_t>(f) - 1]; }

  bool looks_black(const features& seen, float tolerance);
  signs looks_frozen(const features& seen);
  void choose_regime(const features& seen);
  std::array<signs, 3> judge_view(const features& seen);
  void learn(const features& seen, bool doubt);
  void accept_view(utc_us at);

  patience patience_;
  std::array<fault_clock, fault_count> clocks_;
  judgement last_;

  std::array<reference_view, 2> references_;  ///< day, night
  std::size_t regime_ = 0;
  bool regime_known_ = false;
  bool steady_ = false;  ///< the last picture was healthy and compared
  float brightness_ = 0;
  float usual_sharpness_ = 1;  ///< of the healthy pictures lately
  utc_us moved_since_ = 0;

  per_cell<std::uint64_t> fingerprint_{};
  per_cell<float> lively_{};  ///< how often a cell's pixels change, 0..1
  float stillness_ = 0;       ///< share of the lively cells that lately repeated themselves
  unsigned seen_ = 0;
  unsigned still_from_start_ = 0;
};

}  // namespace vigie::camera_health
