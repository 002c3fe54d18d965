// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace vigie::domain {

/// Where something stands, in degrees of WGS 84.
struct position {
  double latitude = 0;
  double longitude = 0;
  friend bool operator==(const position&, const position&) = default;
};

/// The corners of an area, in either direction, the last joined to the first. Degrees are taken for
/// a plane: over a commune the error is far below what a border is drawn with.
using polygon = std::vector<position>;

enum class side : std::uint8_t { outside = 1, edge, inside };

/// [thread-safe]
side side_of(const polygon& area, const position& at) noexcept;

/// True inside and on the edge: who stands on a border is in both areas. [thread-safe]
bool covers(const polygon& area, const position& at) noexcept;

/// At least three corners and some surface, and no two of its edges cross. [thread-safe]
bool is_area(const polygon& area) noexcept;

/// True when the two share more than a border. Of areas that overlap in a sliver which holds no
/// corner and no middle of an edge, and crosses none, it may say no. [thread-safe]
bool overlap(const polygon& a, const polygon& b) noexcept;

}  // namespace vigie::domain
