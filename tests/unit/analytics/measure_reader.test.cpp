// SPDX-License-Identifier: Apache-2.0
#include "analytics/measure_reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <vector>

namespace {

using namespace vigie;
namespace wire = analytics::wire;

template <class Record>
void append(std::vector<std::uint8_t>& bytes, const Record& record) {
  const auto before = bytes.size();
  bytes.resize(before + sizeof record);
  std::memcpy(bytes.data() + before, &record, sizeof record);
}

std::vector<std::uint8_t> a_conversation(std::uint32_t measures) {
  std::vector<std::uint8_t> bytes;
  append(bytes, wire::hello{wire::hello_magic, 0x1f});
  for (std::uint32_t i = 0; i < measures; ++i) {
    wire::measure said;
    said.camera_index = i;
    said.dark_share = 0.25;
    append(bytes, said);
  }
  return bytes;
}

}  // namespace

TEST_CASE("measures: the same records, however the child's bytes are cut") {
  const auto bytes = a_conversation(3);
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    analytics::measure_reader reader;
    std::vector<std::uint32_t> heard;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      REQUIRE(reader.feed(byte_view{bytes}.subspan(at, std::min(piece, bytes.size() - at)),
                          [&heard](const wire::measure& said) {
                            heard.push_back(said.camera_index);
                            return true;
                          }));
    CHECK(heard == std::vector<std::uint32_t>{0, 1, 2});
    CHECK(reader.sandbox_layers() == 0x1f);
    CHECK(reader.buffered_bytes() == 0);
  }
}

TEST_CASE("measures: a child that does not greet as ours is heard no further") {
  auto bytes = a_conversation(1);
  bytes[0] ^= 1;
  analytics::measure_reader reader;
  int heard = 0;
  CHECK_FALSE(reader.feed(bytes, [&heard](const wire::measure&) { return ++heard > 0; }));
  CHECK(heard == 0);
  CHECK_FALSE(reader.sandbox_layers().has_value());
}

TEST_CASE(
    "measures: what is refused ends the conversation at once, and less than a record is kept") {
  auto bytes = a_conversation(5);
  bytes.resize(bytes.size() - 1);
  analytics::measure_reader reader;
  int heard = 0;
  CHECK_FALSE(reader.feed(bytes, [&heard](const wire::measure&) { return ++heard < 2; }));
  CHECK(heard == 2);
  analytics::measure_reader patient;
  CHECK(patient.feed(bytes, [](const wire::measure&) { return true; }));
  CHECK(patient.buffered_bytes() == sizeof(wire::measure) - 1);
}

TEST_CASE("measures: a figure that no picture has is not believed") {
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  wire::measure said;
  CHECK(analytics::is_sound(said));
  for (const double figure : {nan, -0.5, 1.5, std::numeric_limits<double>::infinity()}) {
    said = {};
    said.dark_share = figure;
    CHECK_FALSE(analytics::is_sound(said));
    said = {};
    said.dark_core_share = figure;
    CHECK_FALSE(analytics::is_sound(said));
  }
  for (const double figure : {nan, -2.0, 256.0}) {
    said = {};
    said.change = figure;
    CHECK_FALSE(analytics::is_sound(said));
    said = {};
    said.change_without_overlay = figure;
    CHECK_FALSE(analytics::is_sound(said));
  }
  said = {};
  said.decoded = 2;
  CHECK_FALSE(analytics::is_sound(said));
}
