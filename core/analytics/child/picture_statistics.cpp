// SPDX-License-Identifier: Apache-2.0
#include "analytics/child/picture_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace vigie::analytics::child {
namespace {

constexpr std::size_t core_begin = margin_rows * grid_columns;
constexpr std::size_t core_end = (grid_rows - margin_rows) * grid_columns;

bool is_core(std::size_t cell) { return cell >= core_begin && cell < core_end; }

float median_mean(const luma_grid& grid) {
  std::vector<float> means;
  means.reserve(grid.size());
  for (const auto& cell : grid) means.push_back(cell.mean);
  const auto middle = means.begin() + static_cast<std::ptrdiff_t>(means.size() / 2);
  std::nth_element(means.begin(), middle, means.end());
  return *middle;
}

}  // namespace

darkness darkness_of(const luma_grid& grid) {
  const float typical = median_mean(grid);
  std::size_t all = 0;
  std::size_t core = 0;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const auto& cell = grid[i];
    if (cell.mean >= dark_luma || cell.deviation >= dark_cell_deviation ||
        std::fabs(cell.mean - typical) >= dark_spread)
      continue;
    ++all;
    core += is_core(i) ? 1 : 0;
  }
  return {static_cast<double>(all) / grid_cells,
          static_cast<double>(core) / static_cast<double>(core_end - core_begin)};
}

picture_change change_between(const luma_grid& before, const luma_grid& after) {
  std::vector<float> changes(grid_cells);
  float core = 0;
  for (std::size_t i = 0; i < grid_cells; ++i) {
    changes[i] = std::fabs(after[i].mean - before[i].mean);
    if (is_core(i)) core = std::max(core, changes[i]);
  }
  const auto first_left_aside = changes.end() - static_cast<std::ptrdiff_t>(overlay_cells);
  const auto largest_kept = first_left_aside - 1;
  std::nth_element(changes.begin(), largest_kept, changes.end());
  const float largest = *std::max_element(first_left_aside, changes.end());
  return {largest, core > overlay_drift ? largest : *largest_kept};
}

}  // namespace vigie::analytics::child
