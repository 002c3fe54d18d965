// SPDX-License-Identifier: Apache-2.0
#include "domain/picture_judge.hpp"

namespace vigie::domain {

namespace {

bool is_dark(const picture_evidence& m) noexcept {
  return m.mean_luma < black_mean_luma && m.luma_deviation < black_luma_deviation;
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
  const bool comparable = m.change >= 0;
  const double still_limit = j.frozen ? moving_change : frozen_change;
  if (!comparable || m.change >= still_limit) {
    j.still_run = 0;
    j.frozen = false;
    return;
  }
  // A still measure speaks about the time since the picture it was compared with.
  if (j.still_run++ == 0) j.frozen_since = j.last_arrival != 0 ? j.last_arrival : m.arrival_mono_ns;
  if (j.still_run >= frozen_measures && m.arrival_mono_ns - j.frozen_since >= to_ns(frozen_span))
    j.frozen = true;
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
  return is_dark(measure) || (measure.change >= 0 && measure.change < moving_change);
}

picture_judgement expire(picture_judgement so_far, mono_ns now) noexcept {
  if (so_far.measured && now - so_far.last_arrival > to_ns(picture_memory)) return {};
  return so_far;
}

}  // namespace vigie::domain
