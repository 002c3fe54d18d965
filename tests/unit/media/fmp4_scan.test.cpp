// SPDX-License-Identifier: Apache-2.0
#include "media/fmp4_scan.hpp"

#include <doctest/doctest.h>

#include <random>

#include "support/fmp4_file.hpp"

using namespace vigie;
using namespace vigie::media;

namespace {

using bytes = std::vector<std::uint8_t>;

read_at reader_of(const bytes& file) {
  return [&file](std::uint64_t offset, std::size_t length) -> result<bytes> {
    if (offset >= file.size()) return bytes{};
    const auto end = std::min<std::uint64_t>(file.size(), offset + length);
    return bytes(file.begin() + static_cast<std::ptrdiff_t>(offset),
                 file.begin() + static_cast<std::ptrdiff_t>(end));
  };
}

fmp4_layout scan(const bytes& file) {
  const auto layout = scan_fmp4(reader_of(file), file.size());
  REQUIRE(layout);
  return *layout;
}

/// 30 invented pictures in fragments of 10, the first of each a key frame.
std::vector<access_unit_ptr> invented_units() {
  test::h264_clip clip;
  clip.sps = {0x67, 0x42, 0x00, 0x1e, 0x00};
  clip.pps = {0x68, 0xce, 0x3c, 0x80};
  for (std::size_t i = 0; i < 30; ++i)
    clip.pictures.push_back(
        {bytes(20 + i * 7, static_cast<std::uint8_t>(i % 10 == 0 ? 0x65 : 0x41))});
  return test::units_of(clip, 0, 7500);
}

}  // namespace

TEST_SUITE_BEGIN("media");

TEST_CASE("fmp4_scan: a whole recording is told fragment by fragment") {
  const auto units = invented_units();
  const auto file = test::whole_file(units, 7500, 10);
  const auto layout = scan(file);
  CHECK(layout.whole_bytes == file.size());
  CHECK(layout.init_bytes == make_init_segment(*units[0]->parameters, 0).size());
  REQUIRE(layout.fragments.size() == 3);
  CHECK(layout.duration_ticks() == 30 * 7500);
  std::uint64_t at = layout.init_bytes;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& f = layout.fragments[i];
    CHECK(f.offset == at);
    CHECK(f.sequence == i + 1);
    CHECK(f.samples == 10);
    CHECK(f.decode_time_ticks == i * 75'000);
    CHECK(f.duration_ticks == 75'000);
    CHECK(f.starts_with_sync);
    at += f.size;
  }
  CHECK(at == file.size());
}

TEST_CASE("fmp4_scan: a fragment that does not start with a key frame says so") {
  const auto units = invented_units();
  const auto layout = scan(test::whole_file(units, 7500, 5));
  REQUIRE(layout.fragments.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) CHECK(layout.fragments[i].starts_with_sync == (i % 2 == 0));
}

TEST_CASE("fmp4_scan: the picture size of the track is told") {
  const auto clip = test::make_clip(640, 360, 2, 2);
  const auto layout = scan(test::whole_file(test::units_of(clip, 0, 7500), 7500, 2));
  CHECK(layout.width_px == 640);
  CHECK(layout.height_px == 360);
}

TEST_CASE("fmp4_scan: cut at every byte, exactly the whole fragments are left") {
  const auto file = test::whole_file(invented_units(), 7500, 10);
  const auto whole = scan(file);
  for (std::size_t size = 0; size <= file.size(); ++size) {
    const bytes cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
    std::uint64_t expected = size >= whole.init_bytes ? whole.init_bytes : 0;
    std::size_t fragments = 0;
    for (const auto& f : whole.fragments) {
      if (f.offset + f.size > size) break;
      expected = f.offset + f.size;
      ++fragments;
    }
    const auto layout = scan(cut);
    CAPTURE(size);
    CHECK(layout.whole_bytes == expected);
    CHECK(layout.fragments.size() == fragments);
  }
}

TEST_CASE("fmp4_scan: a tail of zeros or noise after a power cut is not taken for video") {
  const auto file = test::whole_file(invented_units(), 7500, 10);
  auto zeros = file;
  zeros.insert(zeros.end(), 10'000, 0);
  CHECK(scan(zeros).whole_bytes == file.size());

  std::mt19937 random{5};
  for (int round = 0; round < 200; ++round) {
    auto noisy = file;
    for (int i = 0; i < 300; ++i) noisy.push_back(static_cast<std::uint8_t>(random()));
    CHECK(scan(noisy).whole_bytes == file.size());
  }
}

TEST_CASE("fmp4_scan: any flipped byte keeps the scan within the file") {
  const auto file = test::whole_file(invented_units(), 7500, 10);
  for (std::size_t at = 0; at < file.size(); ++at) {
    auto damaged = file;
    damaged[at] ^= 0xff;
    const auto layout = scan(damaged);
    CHECK(layout.whole_bytes <= file.size());
    for (const auto& f : layout.fragments) CHECK(f.offset + f.size <= file.size());
  }
}

TEST_CASE("fmp4_scan: a moof longer than one read is understood") {
  test::h264_clip clip;
  clip.sps = {0x67, 0x42, 0x00, 0x1e, 0x00};
  clip.pps = {0x68, 0xce, 0x3c, 0x80};
  for (int i = 0; i < 2000; ++i) clip.pictures.push_back({bytes(6, 0x65)});
  const auto file = test::whole_file(test::units_of(clip, 0, 7500), 7500, 2000);
  const auto layout = scan(file);
  CHECK(layout.whole_bytes == file.size());
  REQUIRE(layout.fragments.size() == 1);
  CHECK(layout.fragments[0].samples == 2000);
}

TEST_CASE("fmp4_scan: a disk that fails is an error, not an empty recording") {
  const read_at broken = [](std::uint64_t, std::size_t) -> result<bytes> {
    return fail(errc::disk_failed, "read");
  };
  const auto layout = scan_fmp4(broken, 1000);
  REQUIRE_FALSE(layout);
  CHECK(layout.error().code == errc::disk_failed);
}
