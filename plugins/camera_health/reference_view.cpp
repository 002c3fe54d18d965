// SPDX-License-Identifier: Apache-2.0
#include "reference_view.hpp"

#include <algorithm>
#include <cmath>

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
  }
  ++pictures_;
  const float weight = std::max(1.F / 32, 1.F / static_cast<float>(pictures_));
  for (std::size_t i = 0; i < half_.size(); ++i) {
    const float before = half_[i];
    const float now = static_cast<float>(seen.half[i]) * (stored_scale / seen_scale);
    half_[i] = static_cast<std::int16_t>(std::lround(before + (now - before) * weight));
  }
  // A lens that drifts out of focus over days must not take the memory of sharpness along.
  const float slow = std::max(1.F / 1024, 1.F / static_cast<float>(pictures_));
  for (std::size_t c = 0; c < cell_count; ++c) {
    mean_[c] += (seen.mean[c] - mean_[c]) * weight;
    fine_[c] += (seen.fine[c] - fine_[c]) * slow;
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

  per_cell<bool> lost{};
  int structured = 0, gone = 0, quiet = 0;
  for (std::size_t c = 0; c < cell_count; ++c) {
    cell_edges& cell = cells[c];
    edges_before += cell.before;
    edges_now += std::max(0.F, cell.now - floor * 25);
    if (cell.pixels < 3) continue;
    ++structured;
    if (kept[c][best] > 0.25F * cell.clear) continue;
    lost[c] = true;
    ++gone;
    if (cell.now - floor * 25 < 0.4F * cell.before) ++quiet;
  }
  if (structured > 0) out.lost = static_cast<float>(gone) / static_cast<float>(structured);
  if (gone > 0) out.lost_quiet = static_cast<float>(quiet) / static_cast<float>(gone);
  if (edges_before > 0) out.edges = static_cast<float>(edges_now / edges_before);

  const spread all = spread_of(mean_, seen.mean, [](std::size_t) { return true; });
  out.layout = cosine(all.ab, all.aa, all.bb);
  if (all.aa > 0) out.contrast = static_cast<float>(std::sqrt(all.bb / all.aa));
  const spread there = spread_of(mean_, seen.mean, [&](std::size_t c) { return lost[c]; });
  if (gone > 4 && there.aa > 1) out.lost_layout = static_cast<float>(there.ab / there.aa);

  // Contrast squared, since these are energies; a headlight's glare must not demand more detail.
  const float gain = std::clamp(out.contrast, 0.25F, 1.F);
  double rich_before = 0, rich_now = 0, fine_before = 0, fine_now = 0;
  for (std::size_t c = 0; c < cell_count; ++c) {
    fine_before += fine_[c];
    fine_now += seen.fine[c];
    if (fine_[c] < 20) continue;
    rich_before += fine_[c];
    rich_now += std::min(seen.fine[c], 1.5F * fine_[c]);
  }
  if (rich_before > 0) out.sharpness = static_cast<float>(rich_now / rich_before) / (gain * gain);
  if (fine_before > 0) out.detail = static_cast<float>(fine_now / fine_before) / (gain * gain);
  return out;
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
