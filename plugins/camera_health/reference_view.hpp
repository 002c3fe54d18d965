// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "features.hpp"

namespace vigie::camera_health {

/// A picture held against the reference. Shares and ratios are 1 when nothing changed.
struct comparison {
  /// Do the reference's edges stand where they stood, with the same direction? Cosine, -1..1, best
  /// of the shifts a swaying mast makes (one half-size pixel). Brightness and contrast cancel out.
  float agreement = 1;
  float lost = 0;         ///< share of the cells with structure whose edges are gone
  float strange = 0;      ///< cells with edges that are not the reference's, against all with edges
  float lost_layout = 1;  ///< of the lost cells, how much of the old light and dark is still there
  float lost_relief = 1;  ///< the same between neighbouring cells only: out of focus keeps it
  float contrast = 1;     ///< of coarse light and dark, against the reference's
  /// Fine detail where the reference is rich in it and coarse edges still stand, contrast taken out
  /// (median). A cover leaves none of such cells, or sharp ones.
  float sharpness = 1;
  float detail = 1;  ///< fine detail wherever it is, contrast taken out
  int rich = 0;      ///< cells that sharpness was judged by
  float edges = 1;   ///< number and strength of edges, wherever they are
};

/// A shift of the whole picture, in half-size pixels, and how well edges agree under it.
struct shift_match {
  int right = 0;
  int down = 0;
  float agreement = -1;
};

/// How a camera's view usually looks in one kind of light: a slow average of its healthy pictures,
/// in which passers-by, rain and noise vanish. About 34 KB.
class reference_view {
 public:
  /// Mixes a healthy picture in: as the plain mean first, then with weight 1/32.
  void learn(const features& seen);
  unsigned pictures() const { return pictures_; }
  /// Enough pictures to judge others by it.
  bool mature() const { return pictures_ >= 8; }
  void forget() { pictures_ = 0; }
  /// Light of another kind begins: keep the view, but let the next pictures count as the first did.
  void relearn() { pictures_ = pictures_ < 8 ? pictures_ : 8; }

  comparison compare(const features& seen) const;
  /// Looks for a shift of up to 30 % of width and height that explains the picture. Costs a
  /// millisecond: only for pictures that disagree.
  shift_match best_shift(const features& seen) const;

 private:
  per_cell<float> without_glare(const per_cell<float>& mean) const;
  void compare_detail(const features& seen, const per_cell<bool>& stands, comparison& out) const;

  unsigned pictures_ = 0;
  std::vector<std::int16_t> half_;  ///< as features::half, times 16
  per_cell<float> mean_{};
  per_cell<float> fine_{};
  float contrast_ = 0;  ///< of coarse light and dark, at the time that fine_ tells of
};

}  // namespace vigie::camera_health
