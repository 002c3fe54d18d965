// SPDX-License-Identifier: Apache-2.0
#include "camera_health/health_core.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "health_scenes/sequence.hpp"

namespace {

namespace scenes = vigie::simulators::health;
using vigie::camera_health::health_core;

constexpr int fault_from = 40, fault_to = 52, pictures = 62;

/// "+black -black": what the rules say of one sequence.
std::string story_of(std::uint64_t seed, scenes::weather under, scenes::label fault) {
  scenes::sequence shown{{seed, under, fault, fault_from, fault_to, 10}};
  health_core rules;
  std::string story;
  for (int i = 0; i < pictures; ++i) {
    const auto& picture = shown.next();
    for (const auto& change :
         rules.observe({picture.data(), 320, 320, 180}, shown.seconds() * 1'000'000))
      story += std::string{story.empty() ? "" : " "} + (change.active ? "+" : "-") +
               name_of(change.what);
  }
  return story;
}

}  // namespace

TEST_CASE("health core: by day each fault is told by its name and taken back when it is over") {
  for (const auto fault : scenes::all_faults) {
    const std::string name{name_of(fault)};
    CAPTURE(name);
    CHECK(story_of(11, scenes::weather::day, fault) == "+" + name + " -" + name);
  }
}

TEST_CASE("health core: at night as well") {
  for (const auto fault : scenes::all_faults) {
    const std::string name{name_of(fault)};
    CAPTURE(name);
    CHECK(story_of(12, scenes::weather::night, fault) == "+" + name + " -" + name);
  }
}

TEST_CASE("health core: no weather is a fault") {
  for (const auto under : scenes::all_weathers) {
    const std::string name{name_of(under)};
    CAPTURE(name);
    CHECK(story_of(13, under, scenes::label::healthy).empty());
  }
}

TEST_CASE("health core: a cover is no blur, however much of the picture it leaves") {
  for (const std::uint64_t seed : {603, 604, 614}) {
    CAPTURE(seed);
    CHECK(story_of(seed, scenes::weather::noise, scenes::label::covered) == "+covered -covered");
  }
}

TEST_CASE("health core: the dark between two headlights covers nothing") {
  for (const std::uint64_t seed : {602, 611, 617}) {
    CAPTURE(seed);
    CHECK(story_of(seed, scenes::weather::headlights, scenes::label::healthy).empty());
  }
}

TEST_CASE("health core: noise that drowns fine detail is no blur") {
  CHECK(story_of(609, scenes::weather::noise, scenes::label::healthy).empty());
}

TEST_CASE("health core: a hanging sensor is told behind an encoder that stirs its picture") {
  for (const std::uint64_t seed : {722, 729}) {
    CAPTURE(seed);
    CHECK(story_of(seed, scenes::weather::starved, scenes::label::frozen).starts_with("+frozen"));
  }
  // A cover leaves a starved encoder nothing to change: it is told as what it is.
  CHECK(story_of(720, scenes::weather::starved, scenes::label::covered) == "+covered -covered");
}

TEST_CASE("health core: a picture too small to be judged says nothing") {
  const std::vector<std::uint8_t> tiny(32 * 18, 0);
  health_core rules;
  for (int i = 0; i < 20; ++i)
    CHECK(rules.observe({tiny.data(), 32, 32, 18}, i * 10'000'000LL).empty());
}

TEST_CASE("health core: black is told at every size and with padded lines") {
  for (const int width : {64, 320, 641}) {
    CAPTURE(width);
    const int height = width * 9 / 16 + 1;
    const auto stride = static_cast<std::size_t>(width) + 13;
    std::vector<std::uint8_t> padded(stride * static_cast<std::size_t>(height), 255);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        padded[static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(x)] = 17;
    health_core rules;
    bool told = false;
    for (int i = 0; i < 3; ++i)
      for (const auto& change :
           rules.observe({padded.data(), stride, width, height}, i * 10'000'000LL))
        told = told || (change.what == vigie::camera_health::fault::black && change.active);
    CHECK(told);
  }
}

TEST_CASE("health core: a camera turned for good is accepted after its time") {
  scenes::sequence shown{{21, scenes::weather::day, scenes::label::moved, 30, 1000, 10}};
  health_core rules{{20'000'000, 20'000'000, 600'000'000}};
  std::string story;
  for (int i = 0; i < 130; ++i) {
    const auto& picture = shown.next();
    for (const auto& change :
         rules.observe({picture.data(), 320, 320, 180}, shown.seconds() * 1'000'000))
      story += std::string{change.active ? "+" : "-"} + name_of(change.what);
  }
  CHECK(story == "+moved-moved");
}
