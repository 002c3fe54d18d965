// SPDX-License-Identifier: Apache-2.0
#include "gateway/live_fragment.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "live_support.hpp"

using namespace vigie;
using namespace vigie::gateway;
using vigie::test::unit_maker;

namespace {

std::uint32_t u32(const std::vector<std::uint8_t>& b, std::size_t at) {
  return (std::uint32_t{b[at]} << 24) | (std::uint32_t{b[at + 1]} << 16) |
         (std::uint32_t{b[at + 2]} << 8) | b[at + 3];
}

std::size_t find_box(const std::vector<std::uint8_t>& bytes, const char* type) {
  const std::string all{bytes.begin(), bytes.end()};
  const auto at = all.find(type);
  REQUIRE(at != std::string::npos);
  return at + 4;
}

/// tfdt of version 1: the fragment's first decode time.
std::uint64_t decode_time(const live_fragment& f) {
  const auto at = find_box(f.header, "tfdt");
  REQUIRE(f.header[at] == 1);
  return (std::uint64_t{u32(f.header, at + 4)} << 32) | u32(f.header, at + 8);
}

/// Sum of the sample durations, read from the trun box.
std::uint64_t duration(const live_fragment& f) {
  const auto at = find_box(f.header, "trun");
  const auto flags = u32(f.header, at) & 0xffffff;
  const auto count = u32(f.header, at + 4);
  std::size_t position = at + 8;
  if (flags & 0x1) position += 4;
  if (flags & 0x4) position += 4;
  REQUIRE((flags & 0x100) != 0);
  const std::size_t per_sample =
      4 * ((flags & 0x200 ? 1u : 0u) + (flags & 0x400 ? 1u : 0u) + (flags & 0x800 ? 1u : 0u) + 1u);
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < count; ++i) sum += u32(f.header, position + i * per_sample);
  return sum;
}

std::vector<live_fragment_ptr> fragments_of(fragmenter& f, unit_maker& camera, int frames,
                                            std::vector<live_init_ptr>* inits = nullptr) {
  std::vector<live_fragment_ptr> out;
  for (int i = 0; i < frames; ++i)
    for (auto& o : f.push(camera.next())) {
      if (o.init && inits) inits->push_back(o.init);
      if (o.fragment) out.push_back(o.fragment);
    }
  return out;
}

}  // namespace

TEST_SUITE("gateway/live_fragment") {
  TEST_CASE("fragment: nothing comes out before the first key frame") {
    unit_maker camera{12};
    (void)camera.next();  // the key frame nobody saw
    fragmenter f{4};
    for (int i = 0; i < 11; ++i) CHECK(f.push(camera.next()).empty());
    const auto out = f.push(camera.next());
    REQUIRE(out.size() == 1);
    REQUIRE(out[0].init);
    CHECK(out[0].init->announcement ==
          R"({"kind":"init","codecs":"avc1.42c01e","width":640,"height":360,"generation":1})");
    CHECK_FALSE(out[0].fragment);
  }

  TEST_CASE("fragment: four frames each, cut early before a key frame") {
    unit_maker camera{10};
    fragmenter f{4};
    const auto out = fragments_of(f, camera, 21);
    REQUIRE(out.size() == 6);
    const std::size_t sizes[] = {4, 4, 2, 4, 4, 2};
    for (std::size_t i = 0; i < out.size(); ++i) {
      CHECK(out[i]->units.size() == sizes[i]);
      CHECK(out[i]->starts_with_key == (i % 3 == 0));
      CHECK(out[i]->gop == i / 3 + 1);
    }
  }

  TEST_CASE("fragment: the track has neither holes nor overlaps, whatever the camera's rhythm") {
    unit_maker camera{12};
    fragmenter f{4};
    std::vector<live_fragment_ptr> out;
    const std::int64_t rhythm[] = {83'333, 10'000, 400'000, 1, 83'333, 5'000'000, 83'333};
    for (std::size_t i = 0; i < 200; ++i)
      for (auto& o : f.push(camera.next(rhythm[i % std::size(rhythm)])))
        if (o.fragment) out.push_back(o.fragment);
    REQUIRE(out.size() > 40);
    for (std::size_t i = 1; i < out.size(); ++i)
      REQUIRE(decode_time(*out[i]) == decode_time(*out[i - 1]) + duration(*out[i - 1]));
  }

  TEST_CASE("fragment: the track keeps up with the camera's own clock") {
    unit_maker camera{12};
    fragmenter f{4};
    const auto out = fragments_of(f, camera, 12 * 600);
    const auto& last = *out.back();
    const auto camera_s =
        static_cast<double>(last.capture_utc_us - out.front()->capture_utc_us) / 1e6;
    CHECK(std::abs(last.media_s - camera_s) < 0.1);
  }

  TEST_CASE("fragment: a new generation is announced and the track goes on where it was") {
    unit_maker camera{12};
    fragmenter f{4};
    std::vector<live_init_ptr> inits;
    auto out = fragments_of(f, camera, 6, &inits);
    camera.new_generation();
    const auto more = fragments_of(f, camera, 8, &inits);
    out.insert(out.end(), more.begin(), more.end());
    REQUIRE(inits.size() == 2);
    CHECK(inits[1]->generation == 2);
    REQUIRE(out.size() == 4);
    CHECK(out[1]->units.size() == 2);
    CHECK(out[2]->starts_with_key);
    CHECK(decode_time(*out[2]) == decode_time(*out[1]) + duration(*out[1]));
  }

  TEST_CASE("fragment: what is gathered at the end of a session is not lost") {
    unit_maker camera{12};
    fragmenter f{4};
    CHECK(fragments_of(f, camera, 3).empty());
    const auto rest = f.flush();
    REQUIRE(rest);
    CHECK(rest->units.size() == 3);
    CHECK_FALSE(f.flush());
  }
}
