// SPDX-License-Identifier: Apache-2.0
#include "health_core.hpp"

#include <algorithm>
#include <cmath>

namespace vigie::camera_health {
namespace {

// The thresholds were chosen on scene seeds below 1000; `scripts/measure camera-health` judges them
// on seeds from 1000 on.
constexpr int overlay_cells = cell_count * 8 / 100;  ///< a clock and a name burned into the picture
constexpr int enough_cells = cell_count / 10;
constexpr int rich_enough = 20;  ///< cells rich in detail that a judgement of focus needs

std::array<fault_clock, fault_count> make_clocks(const patience& p) {
  const fault_clock each{fault_patience{p.begin_us, 3, 2, p.end_us}};
  const fault_clock frozen{fault_patience{p.begin_us, 3, 1, p.end_us}};
  return {each, frozen, each, each, each};
}

float part(float value, float none, float full) {
  return std::clamp((value - none) / (full - none), 0.F, 1.F);
}

}  // namespace

const char* name_of(fault f) {
  switch (f) {
    case fault::black:
      return "black";
    case fault::frozen:
      return "frozen";
    case fault::blurred:
      return "blurred";
    case fault::covered:
      return "covered";
    case fault::moved:
      return "moved";
  }
  return "?";
}

health_core::health_core(const patience& how) : patience_{how}, clocks_{make_clocks(how)} {}

/// A dead sensor or a cap on the lens leaves sensor noise and the overlay: apart from the brightest
/// cells (the overlay's), everything is dark *and* equally dark. A night picture is dark too, but
/// lamps, lit ground and unlit ground differ.
bool health_core::looks_black(const features& seen, float tolerance) {
  auto sorted = seen.mean;
  std::sort(sorted.begin(), sorted.end());
  const auto brightest = sorted[cell_count - 1 - static_cast<std::size_t>(overlay_cells)];
  last_.dark_level = brightest;
  last_.dark_spread = brightest - sorted[cell_count / 20];
  return brightest < 40 * tolerance && last_.dark_spread < 8 * tolerance;
}

/// A sensor's noise makes every healthy picture differ; an encoder that hangs repeats itself to the
/// last bit, except where its text generator still writes. Cells that usually change must have
/// stopped: a strangled bit rate paints quiet walls alike for hours, and that is no fault.
health_core::signs health_core::looks_frozen(const features& seen) {
  if (seen_ == 0) return {};
  int changed = 0, stopped = 0, lively = 0;
  per_cell<bool> differs{};
  for (std::size_t c = 0; c < cell_count; ++c) {
    differs[c] = seen.fingerprint[c] != fingerprint_[c];
    changed += differs[c] ? 1 : 0;
    lively += lively_[c] > 0.8F ? 1 : 0;
    stopped += !differs[c] && lively_[c] > 0.8F ? 1 : 0;
  }
  last_.changed_cells = changed;
  last_.still_cells = stopped;
  const bool still = changed <= overlay_cells && stopped >= enough_cells;
  // Never seen alive: only a picture that repeats whole, clock included, for long is believed dead.
  still_from_start_ = changed == 0 ? still_from_start_ + 1 : 0;
  // Where a strangled encoder still runs behind a hanging sensor, its own rate control stirs the
  // dead picture: after one perfect stillness, much less life than usual is enough to go on
  // doubting.
  const bool languid = stopped >= enough_cells && stopped * 4 >= lively;
  // There the stillness shows on average only: of the cells that used to change, a tenth and more
  // repeat themselves picture after picture. A living picture that is starved of bits stays below a
  // twentieth; one in which every such cell changed makes half of the doubt vanish.
  if (seen_ > 24 && lively >= enough_cells) {
    const float share = static_cast<float>(stopped) / static_cast<float>(lively);
    stillness_ += (std::min(share, 0.35F) - stillness_) / 8;
    // Behind a cover a strangled encoder has nothing to change: that is no stillness of its own.
    const bool explained = clock(fault::black).suspected() || clock(fault::covered).suspected() ||
                           clock(fault::blurred).suspected();
    if (explained) stillness_ = 0;
    if (stopped == 0) stillness_ /= 2;
  }
  const bool lingering = stillness_ > 0.1F;
  if (!still && !languid && stillness_ < 0.05F) {
    const float weight = std::max(1.F / 16, 1.F / static_cast<float>(seen_));
    for (std::size_t c = 0; c < cell_count; ++c)
      lively_[c] += ((differs[c] ? 1.F : 0.F) - lively_[c]) * weight;
  }
  const bool clear = still || lingering || still_from_start_ >= 12;
  return {clear, clear || languid || stillness_ > 0.05F, 1};
}

/// Day and night have a reference each: other light casts other edges. Dusk takes many minutes and
/// leaves the geometry, so a kind of light met for the first time is believed only when it came
/// without a jump, or the known edges still show through it; else a bag over the camera would
/// become its "night".
void health_core::choose_regime(const features& seen) {
  const std::size_t wanted =
      regime_ == 0 ? (seen.brightness < 48 ? 1 : 0) : (seen.brightness > 66 ? 0 : 1);
  if (!regime_known_) {
    regime_known_ = true;
    regime_ = seen.brightness < 57 ? 1 : 0;
    return;
  }
  if (wanted == regime_) return;
  if (references_[wanted].mature()) {
    // Between two known lights the picture itself says which it is.
    if (!references_[regime_].mature() ||
        references_[wanted].compare(seen).agreement >= references_[regime_].compare(seen).agreement)
      regime_ = wanted;
    return;
  }
  if (!references_[regime_].mature()) return;
  const bool gradual = steady_ && std::fabs(seen.brightness - brightness_) < 15;
  if (gradual && references_[regime_].compare(seen).agreement > 0.3F) {
    references_[wanted] = references_[regime_];
    references_[wanted].relearn();
    regime_ = wanted;
  }
}

std::array<health_core::signs, 3> health_core::judge_view(const features& seen) {
  std::array<signs, 3> out;
  const reference_view& reference = references_[regime_];
  last_.compared = reference.mature();
  if (!last_.compared) return out;
  const comparison c = last_.with = reference.compare(seen);

  // Out of focus, fogged or smeared: fine detail is gone everywhere, yet light and dark lie where
  // they lay. Contrast is taken out of the measure (fog and dusk dim everything alike), noise too.
  // A strangled bit rate flattens walls, but keeps the strong edges this looks at.
  const bool judged = c.rich >= rich_enough;
  // Where noise drowns fine detail, its measure is a guess: then strong edges must have suffered.
  const bool plausible = seen.noise < 5 || c.agreement < 0.82F;
  // Dusk and dawn soften a picture over many minutes, against the references of day and night
  // alike; focus is lost within a few pictures, or all of it.
  const bool fell = c.sharpness < std::max(0.12F, 0.6F * usual_sharpness_);
  const bool maybe_fell = c.sharpness < std::max(0.2F, 0.75F * usual_sharpness_);
  // Behind a large cover the relief of neighbouring cells is gone with the edges; a lens out of
  // focus keeps it.
  const bool relief_stands = c.lost < 0.4F || c.lost_relief > 0.12F;
  const bool maybe_stands = c.lost < 0.5F || c.lost_relief > 0.09F;
  out[0].clear = judged && plausible && fell && c.sharpness < 0.3F && c.detail < 0.45F &&
                 c.agreement > 0.3F && relief_stands;
  out[0].maybe = judged && plausible && maybe_fell && c.sharpness < 0.42F && c.detail < 0.6F &&
                 c.agreement > 0.25F && maybe_stands;
  // Doubt alone does not hold it back, or a long dusk would outrun it.
  if (judged && !out[0].clear && c.agreement > 0.5F)
    usual_sharpness_ += (std::clamp(c.sharpness, 0.F, 1.F) - usual_sharpness_) / 16;
  out[0].score = 1 - part(c.sharpness, 0, 0.5F);

  // Something stands before the lens: in a large part of the picture the edges are gone, nothing
  // sharp took their place (what is that near is out of focus), and the old light and dark is gone
  // with them. The rest of the picture may be as ever.
  // What a partial cover leaves free agrees with the reference as ever, and a whole one leaves no
  // edges: many edges of which few agree are another view, of which nothing is known.
  const bool same_view = c.agreement > 0.3F || c.edges < 0.35F;
  // A night lit by passing headlights loses its glow between two cars, and with it edges that were
  // never things; the detail of things is then all there. A cover leaves less of it than usual.
  out[1].clear = c.lost > 0.42F && c.strange < 0.3F && c.lost_layout < 0.5F &&
                 c.lost_relief < 0.12F && c.detail < 0.9F && same_view && !out[0].clear &&
                 !clock(fault::moved).active();
  out[1].maybe =
      c.lost > 0.25F && c.strange < 0.36F && c.lost_layout < 0.65F && c.detail < 1 && !out[0].clear;
  out[1].score = part(c.lost, 0.2F, 0.8F);

  // Turned, knocked or taken down: there are edges as ever, but not the known ones at their place;
  // either the whole picture has shifted, or it shows another scene.
  const bool other_edges = c.strange > 0.33F || (c.strange > 0.2F && !same_view);
  if (c.agreement < 0.4F && other_edges && !out[0].maybe && !out[1].clear) {
    last_.shift = reference.best_shift(seen);
    const bool far = std::abs(last_.shift.right) >= 4 || std::abs(last_.shift.down) >= 4;
    const bool shifted = far && last_.shift.agreement > c.agreement + 0.2F;
    const bool elsewhere =
        c.agreement < 0.25F && c.lost > 0.5F && (c.strange > 0.38F || !same_view);
    out[2].clear = shifted || elsewhere;
    out[2].maybe = true;
    out[2].score = 1 - part(c.agreement, 0, 0.5F);
  }
  return out;
}

/// The reference follows the season and the parked cars, but only pictures beyond doubt teach it.
void health_core::learn(const features& seen, bool doubt) {
  reference_view& reference = references_[regime_];
  steady_ = !doubt;
  brightness_ = seen.brightness;
  if (doubt) return;
  // The first pictures must agree with each other, or there is no steady view yet.
  if (reference.pictures() >= 3 && !reference.mature() && reference.compare(seen).agreement < 0.25F)
    reference.forget();
  reference.learn(seen);
}

/// A camera turned on purpose: a day later its new view is the view.
void health_core::accept_view(utc_us at) {
  if (!clock(fault::moved).active()) {
    moved_since_ = at;
    return;
  }
  if (at - moved_since_ < patience_.accept_us) return;
  for (reference_view& each : references_) each.forget();
}

std::vector<transition> health_core::observe(const picture_view& picture, utc_us at) {
  std::vector<transition> out;
  const features seen = measure(picture);
  if (seen.half.empty()) return out;
  last_ = {};
  const bool black = looks_black(seen, 1);
  const bool maybe_black = looks_black(seen, 1.3F);
  const signs still = looks_frozen(seen);
  const bool frozen = still.clear || (still.maybe && clock(fault::frozen).suspected());
  const auto tell = [&](fault f, bool clear, bool maybe, float score) {
    if (const auto change = clock(f).see(clear, maybe, at))
      out.push_back({f, *change, std::clamp(score, 0.F, 1.F)});
  };
  tell(fault::black, black, maybe_black, 1);
  tell(fault::frozen, still.clear && !black, still.maybe && !black, 1);

  bool doubt = black || maybe_black || frozen;
  if (!black && !maybe_black) {
    choose_regime(seen);
    const auto views = judge_view(seen);
    constexpr std::array kinds{fault::blurred, fault::covered, fault::moved};
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      tell(kinds[i], views[i].clear, views[i].maybe, views[i].score);
      doubt = doubt || views[i].clear || views[i].maybe;
    }
    accept_view(at);
    learn(seen, doubt);
  } else {
    // A black picture says nothing about focus or direction.
    for (const fault f : {fault::blurred, fault::covered, fault::moved}) clock(f).hold(at);
    steady_ = false;
  }
  last_.night = regime_ == 1;
  fingerprint_ = seen.fingerprint;
  ++seen_;
  return out;
}

}  // namespace vigie::camera_health
