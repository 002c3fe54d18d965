// SPDX-License-Identifier: Apache-2.0
#include "domain/picture_judge.hpp"

namespace vigie::domain {

namespace {

bool is_dark(const picture_evidence& m) noexcept {
  return m.dark_share >= black_share && m.dark_core_share >= black_core_share;
}

bool is_comparable(const picture_evidence& m) noexcept { return m.change >= 0; }

/// Exactly the picture before, though perhaps with another time burned in.
bool is_repeated(const picture_evidence& m) noexcept {
  if (!is_comparable(m)) return false;
  return m.change < repeated_change ||
         (m.change_without_overlay < repeated_change && m.dark_share < clipped_share);
}

bool is_still(const picture_evidence& m, double limit) noexcept {
  return is_comparable(m) && (m.change < limit || is_repeated(m));
}

void judge_black(picture_judgement& j, const picture_evidence& m) noexcept {
  if (!is_dark(m)) {
    j.dark_run = 0;
    j.black = false;
    return;
  }
  if (j.dark_run++ == 0) j.black_since = m.arrival_mono_ns;
  if (j.dark_run >= black_measures) j.black = true;
}

void judge_frozen(picture_judgement& j, const picture_evidence& m) noexcept {
  if (!is_still(m, j.frozen ? moving_change : frozen_change)) {
    j.still_run = 0;
    j.frozen = false;
    return;
  }
  // A still measure speaks about the time since the picture it was compared with.
  const auto compared_with = j.last_arrival != 0 ? j.last_arrival : m.arrival_mono_ns;
  if (j.still_run++ == 0) j.frozen_since = compared_with;
  const auto still_for = m.arrival_mono_ns - j.frozen_since;
  const bool often = j.still_run >= frozen_measures && still_for >= to_ns(frozen_span);
  const bool exactly = is_repeated(m) && m.arrival_mono_ns - compared_with >= to_ns(repeated_span);
  if (often || exactly) j.frozen = true;
}

}  // namespace

picture_judgement judge(picture_judgement so_far, const picture_evidence& measure) noexcept {
  if (!measure.decoded) return so_far;
  judge_black(so_far, measure);
  judge_frozen(so_far, measure);
  so_far.measured = true;
  so_far.last_arrival = measure.arrival_mono_ns;
  return so_far;
}

bool is_remarkable(const picture_evidence& measure) noexcept {
  if (!measure.decoded) return false;
  return is_dark(measure) || is_still(measure, moving_change);
}

picture_judgement expire(picture_judgement so_far, mono_ns now) noexcept {
  if (so_far.measured && now - so_far.last_arrival > to_ns(picture_memory)) return {};
  return so_far;
}

}  // namespace vigie::domain
