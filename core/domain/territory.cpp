// SPDX-License-Identifier: Apache-2.0
#include "domain/territory.hpp"

#include <algorithm>
#include <cmath>

namespace vigie::domain {
namespace {

/// A billionth of a degree is a tenth of a millimetre: nearer than that is on the line.
constexpr double hair = 1e-9;

/// Twice the surface of the triangle; its sign tells on which side of a→b `c` is.
double turn(const position& a, const position& b, const position& c) noexcept {
  return (b.longitude - a.longitude) * (c.latitude - a.latitude) -
         (b.latitude - a.latitude) * (c.longitude - a.longitude);
}

double length(const position& a, const position& b) noexcept {
  return std::hypot(b.latitude - a.latitude, b.longitude - a.longitude);
}

/// How far `c` is from the line through a and b, with its side as sign.
double distance(const position& a, const position& b, const position& c) noexcept {
  const double base = length(a, b);
  return base < hair ? length(a, c) : turn(a, b, c) / base;
}

bool is_on(const position& a, const position& b, const position& c) noexcept {
  if (std::abs(distance(a, b, c)) > hair) return false;
  const auto between = [](double x, double p, double q) {
    return x >= std::min(p, q) - hair && x <= std::max(p, q) + hair;
  };
  return between(c.latitude, a.latitude, b.latitude) &&
         between(c.longitude, a.longitude, b.longitude);
}

/// The two cross in a point that is an end of neither.
bool cross(const position& a, const position& b, const position& c, const position& d) noexcept {
  const auto apart = [](double x, double y) {
    return (x > hair && y < -hair) || (x < -hair && y > hair);
  };
  return apart(distance(a, b, c), distance(a, b, d)) && apart(distance(c, d, a), distance(c, d, b));
}

const position& corner(const polygon& area, std::size_t i) noexcept {
  return area[i % area.size()];
}

position middle(const position& a, const position& b) noexcept {
  return {(a.latitude + b.latitude) / 2, (a.longitude + b.longitude) / 2};
}

/// A corner, the middle of an edge or a point within `of` lies within `in`.
bool reaches_into(const polygon& of, const polygon& in) noexcept {
  for (std::size_t i = 0; i < of.size(); ++i) {
    const auto& a = of[i];
    const auto& b = corner(of, i + 1);
    const auto& c = corner(of, i + 2);
    if (side_of(in, a) == side::inside || side_of(in, middle(a, b)) == side::inside) return true;
    const position within{(a.latitude + b.latitude + c.latitude) / 3,
                          (a.longitude + b.longitude + c.longitude) / 3};
    if (side_of(of, within) == side::inside && side_of(in, within) == side::inside) return true;
  }
  return false;
}

}  // namespace

side side_of(const polygon& area, const position& at) noexcept {
  bool is_inside = false;
  for (std::size_t i = 0; i < area.size(); ++i) {
    const auto& a = area[i];
    const auto& b = corner(area, i + 1);
    if (is_on(a, b, at)) return side::edge;
    // A ray towards the north crosses the edge; each edge owns its western end only.
    if ((a.longitude > at.longitude) != (b.longitude > at.longitude) &&
        at.latitude < a.latitude + (b.latitude - a.latitude) * (at.longitude - a.longitude) /
                                       (b.longitude - a.longitude))
      is_inside = !is_inside;
  }
  return is_inside ? side::inside : side::outside;
}

bool covers(const polygon& area, const position& at) noexcept {
  return side_of(area, at) != side::outside;
}

bool is_area(const polygon& area) noexcept {
  if (area.size() < 3) return false;
  double surface = 0;
  for (std::size_t i = 1; i + 1 < area.size(); ++i) surface += turn(area[0], area[i], area[i + 1]);
  if (std::abs(surface) < hair * hair) return false;
  for (std::size_t i = 0; i < area.size(); ++i)
    for (std::size_t k = i + 1; k < area.size(); ++k)
      if (cross(area[i], corner(area, i + 1), area[k], corner(area, k + 1))) return false;
  return true;
}

bool overlap(const polygon& a, const polygon& b) noexcept {
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t k = 0; k < b.size(); ++k)
      if (cross(a[i], corner(a, i + 1), b[k], corner(b, k + 1))) return true;
  return reaches_into(a, b) || reaches_into(b, a);
}

}  // namespace vigie::domain
