// SPDX-License-Identifier: Apache-2.0
#include "analytics/child/picture_statistics.hpp"

#include <doctest/doctest.h>

#include <cstdint>

#include "base/random.hpp"

namespace {

using namespace vigie;
using namespace vigie::analytics::child;

luma_grid flat(float mean, float deviation = 1) {
  return luma_grid(grid_cells, luma_cell{mean, deviation});
}

/// Cells [from, from + columns) of one row become `mean`.
void draw(luma_grid& grid, std::size_t row, std::size_t from, std::size_t columns, float mean) {
  for (std::size_t c = from; c < from + columns; ++c) grid[row * grid_columns + c] = {mean, 60};
}

/// Each cell moves by up to `range` either way, as noise left over by an encoder does.
luma_grid with_noise(luma_grid grid, double range, std::uint64_t seed) {
  seeded_random random{seed};
  for (auto& cell : grid)
    cell.mean += static_cast<float>(range * (static_cast<double>(random.next() % 2001) / 1000 - 1));
  return grid;
}

}  // namespace

TEST_SUITE("analytics/picture_statistics") {
  TEST_CASE("dark: flat black is dark everywhere, a grey day nowhere") {
    CHECK(darkness_of(flat(16)).share == 1);
    CHECK(darkness_of(flat(16)).core_share == 1);
    CHECK(darkness_of(flat(120)).share == 0);
    CHECK(darkness_of(flat(dark_luma)).share == 0);
  }

  TEST_CASE("dark: two lines of burned-in text spoil neither share") {
    auto grid = flat(16);
    draw(grid, 1, 1, 50, 180);
    draw(grid, 2, 1, 50, 180);
    draw(grid, grid_rows - 3, 40, 20, 180);
    const auto dark = darkness_of(grid);
    CHECK(dark.share > 0.92);
    CHECK(dark.core_share == 1);
  }

  TEST_CASE("dark: a lamp in the core shows in the core's share") {
    auto grid = flat(16);
    for (std::size_t row = 15; row < 19; ++row) draw(grid, row, 30, 4, 90);
    const auto dark = darkness_of(grid);
    CHECK(dark.share > 0.99);
    CHECK(dark.core_share < 0.995);
  }

  TEST_CASE("dark: structure and a glow are not dark") {
    CHECK(darkness_of(flat(20, 7)).share == 0);
    auto glow = flat(16);
    for (std::size_t i = 0; i < grid_cells; ++i)
      glow[i].mean = 16 + 15 * static_cast<float>(i) / grid_cells;
    CHECK(darkness_of(glow).share < 0.9);
  }

  TEST_CASE("change: the same picture has none, one moved cell is the largest") {
    const auto before = flat(90);
    CHECK(change_between(before, before).largest == 0);
    CHECK(change_between(before, before).without_overlay == 0);
    auto after = before;
    after[18 * grid_columns].mean += 9;
    CHECK(change_between(before, after).largest == doctest::Approx(9));
  }

  TEST_CASE("change: a clock in the margin is left aside, with what it drags along") {
    const auto before = with_noise(flat(90), 40, 1);
    auto after = before;
    draw(after, 1, 2, 12, 200);
    after[7 * grid_columns + 12].mean += 0.09F;  // drift into the core, as x264 shows it
    const auto change = change_between(before, after);
    CHECK(change.largest > 50);
    CHECK(change.without_overlay == 0);
  }

  TEST_CASE("change: somebody in the core is not left aside") {
    const auto before = flat(90);
    auto after = before;
    draw(after, 17, 20, 2, 60);
    const auto change = change_between(before, after);
    CHECK(change.without_overlay == change.largest);
  }

  TEST_CASE("change: more cells than burned-in text covers are not left aside") {
    const auto before = flat(90);
    auto after = before;
    for (std::size_t row = 0; row < 3; ++row) draw(after, row, 0, grid_columns, 200);
    CHECK(change_between(before, after).without_overlay > 50);
    auto fewer = before;
    for (std::size_t i = 0; i < overlay_cells; ++i) fewer[i].mean += 50;
    CHECK(change_between(before, fewer).without_overlay == 0);
    fewer[overlay_cells].mean += 50;
    CHECK(change_between(before, fewer).without_overlay == doctest::Approx(50));
  }

  TEST_CASE("change: the noise of a quiet scene remains without the clock") {
    const auto before = with_noise(flat(40), 0.1, 1);
    auto after = with_noise(flat(40), 0.1, 2);
    draw(after, 1, 2, 12, 200);
    CHECK(change_between(before, after).without_overlay > 0.05);
  }
}
