// SPDX-License-Identifier: Apache-2.0
#include "zone_intrusion/zone_core.hpp"

#include <doctest/doctest.h>

#include <random>

#include "unit/plugins_zone/drawn_yard.hpp"

using namespace vigie;
using namespace vigie::zone_intrusion;

namespace {

constexpr std::int64_t second_us = 1'000'000;
/// 2026-11-21 22:00 UTC: 23:00 on the clocks.
constexpr std::int64_t night = 1'795'298'400 * second_us;

zone_setup lower_right() {
  zone_setup setup;
  setup.zone = {{600, 500}, {1000, 500}, {1000, 1000}, {600, 1000}};
  setup.armed = {{22 * 60, 6 * 60}};
  return setup;
}

/// A camera at two seconds a picture.
struct watched {
  explicit watched(std::uint32_t seed, zone_setup setup = lower_right())
      : yard{seed}, core{std::move(setup)} {}
  std::optional<zone_change> look() { return core.observe(yard.next(), at += 2 * second_us); }
  /// Changes within so many pictures.
  std::vector<zone_change> look(int pictures) {
    std::vector<zone_change> out;
    for (int i = 0; i < pictures; ++i)
      if (const auto change = look()) out.push_back(*change);
    return out;
  }
  test::drawn_yard yard;
  zone_core core;
  std::int64_t at = night;
};

}  // namespace

TEST_CASE("zone: who enters is signalled at the second picture, where it is, and when it left") {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    watched w{seed};
    REQUIRE(w.look(20).empty());
    w.yard.box(250, 110, 18, 44, 30);
    CHECK_FALSE(w.look());
    const auto entered = w.look();
    REQUIRE(entered);
    CHECK(entered->is_entered);
    CHECK(entered->score > 0.4);
    CHECK(entered->score <= 1);
    CHECK(entered->left >= 740);
    CHECK(entered->left <= 800);
    CHECK(entered->right <= 860);
    CHECK(entered->top >= 590);
    CHECK(w.look(5).empty());
    w.yard.clear();
    const auto left = w.look(4);
    REQUIRE(left.size() == 1);
    CHECK_FALSE(left[0].is_entered);
  }
}

TEST_CASE("zone: what moves outside of the zone is nothing to it") {
  watched w{3};
  w.look(20);
  for (int i = 0; i < 60; ++i) {
    w.yard.clear();
    w.yard.box((i * 9) % 170, 100, 18, 44, 30);
    CHECK_FALSE(w.look());
  }
}

TEST_CASE(
    "zone: outside of the armed hours nothing is signalled; within them what stands there is") {
  watched w{4};
  w.at = night - 4 * 3600 * second_us;  // 19:00 on the clocks
  w.look(20);
  w.yard.box(250, 110, 18, 44, 30);
  CHECK(w.look(3).empty());
  w.yard.clear();
  CHECK(w.look(10).empty());
  w.at = night - 3600 * second_us - 20 * second_us;  // 20 s before 22:00
  w.look(8);
  w.yard.box(250, 110, 18, 44, 30);
  const auto at_night = w.look(4);
  REQUIRE(at_night.size() == 1);
  CHECK(at_night[0].is_entered);
}

TEST_CASE("zone: the end of the armed hours ends what is signalled") {
  watched w{5};
  w.at = night + 7 * 3600 * second_us - 60 * second_us;  // a minute before 06:00
  w.look(20);
  w.yard.box(250, 110, 18, 44, 30);
  std::vector<zone_change> changes = w.look(14);
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].is_entered);
  CHECK_FALSE(changes[1].is_entered);
}

TEST_CASE("zone: a leaf, a cat's size and grain are let be") {
  watched w{6};
  w.yard.grain = 10;
  w.look(20);
  for (int i = 0; i < 200; ++i) {
    w.yard.clear();
    w.yard.box(220 + i % 60, 120, 5, 4, 200);
    CHECK_FALSE(w.look());
  }
}

TEST_CASE("zone: dusk, clouds and an exposure's step are light, not an entry") {
  watched w{7};
  w.look(20);
  for (int i = 0; i < 150; ++i) {
    w.yard.light = i < 60 ? i / 2 : 30 - (i - 60) / 3;
    CHECK_FALSE(w.look());
  }
  w.yard.light = 35;  // a step
  CHECK(w.look(10).empty());
  // And who comes in the new light is seen.
  w.yard.box(250, 110, 18, 44, 20);
  CHECK(w.look(3).size() == 1);
}

TEST_CASE("zone: another picture altogether is learnt anew and signals nothing") {
  watched w{8};
  w.look(20);
  w.yard.mirror();
  w.yard.dimming = 0.2;
  w.yard.light = 120;
  CHECK(w.look(12).empty());
  w.yard.box(250, 110, 18, 44, 10);
  CHECK(w.look(4).size() == 1);
}

TEST_CASE("zone: a branch that sways always is usual; a person before it is not") {
  watched w{9};
  std::mt19937 wind{5};
  std::uniform_int_distribution<int> sway{0, 14};
  const auto blow = [&] {
    w.yard.clear();
    w.yard.box(280 + sway(wind), 100, 20, 20, 30);
  };
  // Some of the first pictures may still surprise it.
  for (int i = 0; i < 60; ++i) {
    blow();
    w.look();
  }
  for (int i = 0; i < 200; ++i) {
    blow();
    const auto change = w.look();
    CHECK_FALSE((change && change->is_entered));
  }
  std::vector<zone_change> changes;
  for (int i = 0; i < 3; ++i) {
    blow();
    w.yard.box(215, 100, 20, 50, 200);
    if (const auto change = w.look()) changes.push_back(*change);
  }
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].is_entered);
}

TEST_CASE("zone: what stays becomes usual within minutes") {
  watched w{10};
  w.look(20);
  w.yard.box(230, 110, 40, 30, 30);  // a car is parked
  REQUIRE(w.look(2).size() == 1);
  const auto later = w.look(300);  // ten minutes
  REQUIRE(later.size() == 1);
  CHECK_FALSE(later[0].is_entered);
}

TEST_CASE("zone: a thousand quiet nights' pictures signal nothing") {
  for (std::uint32_t seed = 100; seed < 110; ++seed) {
    watched w{seed};
    w.yard.grain = 3 + static_cast<int>(seed % 8);
    CHECK(w.look(100).empty());
  }
}

TEST_CASE("zone: pictures of other sizes, and the smallest, are read within their bounds") {
  zone_core core{lower_right()};
  for (const auto& [width, height] :
       {std::pair{16, 9}, {17, 10}, {159, 89}, {161, 91}, {640, 360}}) {
    const std::vector<std::uint8_t> luma(static_cast<std::size_t>(width * height), 90);
    for (int i = 0; i < 10; ++i)
      CHECK_FALSE(core.observe({luma.data(), static_cast<std::size_t>(width), width, height},
                               night + i * second_us));
  }
}
