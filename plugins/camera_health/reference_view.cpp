// SPDX-License-Identifier: Apache-2.0
#include "reference_view.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "edge_field.hpp"

namespace vigie::camera_health {
namespace {

constexpr float stored_scale = 64;   ///< units of the stored average per luma
constexpr float seen_scale = 4;      ///< units of features::half per luma
constexpr float clear_edge = 0.25F;  ///< squared length of an edge that counts as structure

std::size_t cell_of(int x, int y) {
  return static_cast<std::size_t>(y / half_cell_px) * cell_columns +
         static_cast<std::size_t>(x / half_cell_px);
}

struct spread {
  double mean_a = 0, mean_b = 0, aa = 0, bb = 0, ab = 0;
};

/// Second moments of two values over the cells that `take` chooses.
template <class Take>
spread spread_of(const per_cell<float>& a, const per_cell<float>& b, Take take) {
  spread s;
  double n = 0;
  for (std::size_t c = 0; c < cell_count; ++c)
    if (take(c)) {
      s.mean_a += a[c];
      s.mean_b += b[c];
      n += 1;
    }
  if (n == 0) return s;
  s.mean_a /= n;
  s.mean_b /= n;
  for (std::size_t c = 0; c < cell_count; ++c)
    if (take(c)) {
      s.aa += (a[c] - s.mean_a) * (a[c] - s.mean_a) / n;
      s.bb += (b[c] - s.mean_b) * (b[c] - s.mean_b) / n;
      s.ab += (a[c] - s.mean_a) * (b[c] - s.mean_b) / n;
    }
  return s;
}

/// Light and dark of neighbouring cells only: each cell less the mean of the 5×5 around it.
/// Whatever is smooth over a fifth of the picture, as all that hangs right before the lens,
/// vanishes.
per_cell<float> without_slopes(const per_cell<float>& mean) {
  constexpr int reach = 2;
  per_cell<float> out{};
  for (int row = 0; row < cell_rows; ++row)
    for (int column = 0; column < cell_columns; ++column) {
      float sum = 0;
      int cells = 0;
      for (int y = std::max(0, row - reach); y <= std::min(cell_rows - 1, row + reach); ++y)
        for (int x = std::max(0, column - reach); x <= std::min(cell_columns - 1, column + reach);
             ++x, ++cells)
          sum += mean[static_cast<std::size_t>(y * cell_columns + x)];
      const auto c = static_cast<std::size_t>(row * cell_columns + column);
      out[c] = mean[c] - sum / static_cast<float>(cells);
    }
  return out;
}

float cosine(double product, double a, double b) {
  return a > 0 && b > 0 ? static_cast<float>(product / std::sqrt(a * b)) : 0.F;
}

struct cell_edges {
  float kept = 0;             ///< Σ reference · seen over the reference's edges
  float clear = 0;            ///< Σ |reference|² over the reference's edges
  float before = 0, now = 0;  ///< Σ |edge|² over the whole cell
  int pixels = 0;             ///< edge pixels of the reference
};

}  // namespace

void reference_view::learn(const features& seen) {
  if (pictures_ == 0) {
    half_.assign(seen.half.size(), 0);
    mean_ = {};
    fine_ = {};
    contrast_ = 0;
  }
  ++pictures_;
  // Quick at first, slow later. A passing glare of 200 counts like one of 24: what is there most of
  // the time wins, as with a median, and headlights leave no trace.
  const float weight = pictures_ <= 8    ? 1.F / static_cast<float>(pictures_)
                       : pictures_ <= 40 ? 1.F / 8
                                         : 1.F / 32;
  const float limit = pictures_ <= 4 ? 255 : 24;
  for (std::size_t i = 0; i < half_.size(); ++i) {
    const float before = half_[i];
    const float now = static_cast<float>(seen.half[i]) * (stored_scale / seen_scale);
    const float step = std::clamp(now - before, -limit * stored_scale, limit * stored_scale);
    half_[i] = static_cast<std::int16_t>(std::lround(before + step * weight));
  }
  // A lens that drifts out of focus over days must not take the memory of sharpness along.
  const float slow = std::max(1.F / 1024, 1.F / static_cast<float>(pictures_));
  const spread all = spread_of(pictures_ > 1 ? without_glare(seen.mean) : seen.mean, seen.mean,
                               [](std::size_t) { return true; });
  contrast_ += (static_cast<float>(std::sqrt(all.aa)) - contrast_) * slow;
  for (std::size_t c = 0; c < cell_count; ++c) {
    mean_[c] += std::clamp(seen.mean[c] - mean_[c], -limit, limit) * weight;
    // What passes (a streak of rain, a car) is far finer than what stays, now here, now there. With
    // bounded steps the usual detail wins, as with a median; a plain mean would ask every picture
    // for more detail than most have, and call rain a blur.
    const float step = pictures_ <= 4 ? 65'025 : 0.5F * std::fabs(fine_[c]) + 4;
    fine_[c] += std::clamp(seen.fine[c] - fine_[c], -step, step) * slow;
  }
}

comparison reference_view::compare(const features& seen) const {
  comparison out;
  const float knee = knee_for(seen.noise);
  const float floor = noise_floor(seen.noise, knee);
  const auto before = edge_field(half_, stored_scale, knee);
  const auto now = edge_field(seen.half, seen_scale, knee);

  std::array<double, 9> product{}, power{};
  double clear_power = 0, edges_before = 0, edges_now = 0;
  per_cell<std::array<float, 9>> kept{};
  per_cell<cell_edges> cells{};
  for (int y = 1; y + 1 < half_height; ++y)
    for (int x = 1; x + 1 < half_width; ++x) {
      const std::ptrdiff_t i = static_cast<std::ptrdiff_t>(y) * half_width + x;
      const edge_vector was = before[static_cast<std::size_t>(i)];
      const edge_vector is = now[static_cast<std::size_t>(i)];
      const std::size_t c = cell_of(x, y);
      cell_edges& cell = cells[c];
      const float length = dot(was, was);
      cell.before += length;
      cell.now += dot(is, is);
      if (length < clear_edge) continue;
      ++cell.pixels;
      cell.clear += length;
      clear_power += length;
      for (int s = 0; s < 9; ++s) {
        const edge_vector there =
            now[static_cast<std::size_t>(i + (s / 3 - 1) * half_width + s % 3 - 1)];
        const float d = dot(was, there);
        product[static_cast<std::size_t>(s)] += d;
        power[static_cast<std::size_t>(s)] += dot(there, there);
        kept[c][static_cast<std::size_t>(s)] += d;
      }
    }
  out.agreement = -1;
  std::size_t best = 4;
  for (std::size_t s = 0; s < 9; ++s) {
    const float agreement = cosine(product[s], clear_power, power[s]);
    if (agreement > out.agreement) {
      out.agreement = agreement;
      best = s;
    }
  }

  per_cell<bool> lost{}, stands{};
  int structured = 0, gone = 0, edged = 0, strange = 0;
  for (std::size_t c = 0; c < cell_count; ++c) {
    const cell_edges& cell = cells[c];
    const float edges = std::max(0.F, cell.now - floor * 25);
    edges_before += cell.before;
    edges_now += edges;
    const bool kept_here = kept[c][best] > 0.25F * cell.clear && cell.pixels >= 3;
    if (edges > 3) {
      ++edged;
      if (!kept_here && cell.before < 3 * edges) ++strange;
    }
    if (cell.pixels < 3) continue;
    ++structured;
    lost[c] = !kept_here;
    stands[c] = kept_here;
    gone += kept_here ? 0 : 1;
  }
  if (structured > 0) out.lost = static_cast<float>(gone) / static_cast<float>(structured);
  if (const int most = std::max(edged, structured); most > 0)
    out.strange = static_cast<float>(strange) / static_cast<float>(most);
  if (edges_before > 0) out.edges = static_cast<float>(edges_now / edges_before);

  const per_cell<float> tamed = without_glare(seen.mean);
  const spread all = spread_of(mean_, tamed, [](std::size_t) { return true; });
  if (all.aa > 0) out.contrast = static_cast<float>(std::sqrt(all.bb / all.aa));
  const spread there = spread_of(mean_, tamed, [&](std::size_t c) { return lost[c]; });
  if (gone > 4 && there.aa > 1) out.lost_layout = static_cast<float>(there.ab / there.aa);
  const spread near = spread_of(without_slopes(mean_), without_slopes(tamed),
                                [&](std::size_t c) { return lost[c]; });
  if (gone > 4 && near.aa > 0.25) out.lost_relief = static_cast<float>(near.ab / near.aa);
  compare_detail(seen, stands, out);
  return out;
}

/// Lamps that were not there before must not count as light and dark: what is brighter than the
/// reference's bright parts is cut.
per_cell<float> reference_view::without_glare(const per_cell<float>& mean) const {
  auto sorted = mean_;
  std::sort(sorted.begin(), sorted.end());
  const float ceiling = sorted[cell_count * 92 / 100] + 15;
  per_cell<float> out = mean;
  for (float& value : out) value = std::min(value, ceiling);
  return out;
}

void reference_view::compare_detail(const features& seen, const per_cell<bool>& stands,
                                    comparison& out) const {
  // Contrast squared, since these are energies; glare must not demand more detail.
  const spread now =
      spread_of(without_glare(seen.mean), seen.mean, [](std::size_t) { return true; });
  const float gain = contrast_ > 0
                         ? std::clamp(static_cast<float>(std::sqrt(now.aa)) / contrast_, 0.25F, 1.F)
                         : 1.F;
  const float wanted = gain * gain;
  const float worth = std::max(6.F, 0.6F * seen.noise * seen.noise);
  std::vector<float> kept;
  for (std::size_t c = 0; c < cell_count; ++c)
    if (stands[c] && fine_[c] > worth)
      kept.push_back(std::min(1.F, seen.fine[c] / (wanted * fine_[c])));
  out.rich = static_cast<int>(kept.size());
  // Text burned in after the lens stays sharp whatever happens: the best cells do not vote.
  const auto voting = kept.size() - std::min<std::size_t>(cell_count * 8 / 100, kept.size() / 4);
  std::sort(kept.begin(), kept.end());
  if (voting > 0) out.sharpness = kept[voting / 2];
  const auto without_text = [](per_cell<float> fine) {
    std::sort(fine.begin(), fine.end());
    return std::accumulate(fine.begin(), fine.end() - cell_count * 8 / 100, 0.F);
  };
  const float before = without_text(fine_);
  if (before > 0) out.detail = without_text(seen.fine) / (wanted * before);
}

shift_match reference_view::best_shift(const features& seen) const {
  const float knee = knee_for(seen.noise);
  const auto before = edge_field(half_, stored_scale, knee);
  const auto now = edge_field(seen.half, seen_scale, knee);
  struct point {
    int x, y;
    edge_vector edge;
  };
  std::vector<point> points;
  for (int y = 1; y + 1 < half_height; ++y)
    for (int x = 1; x + 1 < half_width; ++x) {
      const edge_vector e = before[static_cast<std::size_t>(y * half_width + x)];
      if (dot(e, e) >= clear_edge) points.push_back({x, y, e});
    }
  const std::size_t step = points.size() / 800 + 1;
  const auto judge = [&](int right, int down) {
    double product = 0, a = 0, b = 0;
    std::size_t used = 0, tried = 0;
    for (std::size_t i = 0; i < points.size(); i += step, ++tried) {
      const int x = points[i].x + right, y = points[i].y + down;
      if (x < 1 || y < 1 || x + 1 >= half_width || y + 1 >= half_height) continue;
      const edge_vector there = now[static_cast<std::size_t>(y * half_width + x)];
      product += dot(points[i].edge, there);
      a += dot(points[i].edge, points[i].edge);
      b += dot(there, there);
      ++used;
    }
    return used * 5 >= tried * 2 ? cosine(product, a, b) : -1.F;
  };
  shift_match best;
  const auto consider = [&](int right, int down) {
    const float agreement = judge(right, down);
    if (agreement > best.agreement) best = {right, down, agreement};
  };
  for (int down = -26; down <= 26; down += 2)
    for (int right = -48; right <= 48; right += 2) consider(right, down);
  const shift_match coarse = best;
  for (int down = -1; down <= 1; ++down)
    for (int right = -1; right <= 1; ++right) consider(coarse.right + right, coarse.down + down);
  return best;
}

}  // namespace vigie::camera_health
