// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/picture_source.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "camera_farm/encoder.hpp"
#include "camera_farm/faults.hpp"
#include "camera_farm/font.hpp"
#include "camera_farm/overlay.hpp"
#include "strict_decoder.hpp"

namespace {

using namespace vigie;
using namespace vigie::simulators;
using test::grey_picture;
using test::strict_decoder;

constexpr unsigned gop = 12;

const clip_library& clips() {
  static const auto made = make_clips({video_codec::h264, 640, 360, 12, 400, gop, 2}).value();
  return *made;
}

// One second of a day in 2026, picture by picture.
constexpr utc_us noon = 1'795'262'399'000'000;
utc_us time_of(std::uint64_t frame) { return noon + static_cast<utc_us>(frame) * 83'333; }

// Valid until the next call.
picture_source::picture next_of(picture_source& source, std::uint64_t frame, utc_us now) {
  static packet_train head;
  return source.next(frame, now, head);
}

std::vector<bytes> access_unit(const picture_source::picture& picture) {
  auto nals = test::nals_of(*picture.head);
  const auto scene = test::nals_of(*picture.tail);
  nals.insert(nals.end(), scene.begin(), scene.end());
  return nals;
}

// Pixels of the top row that differ from the drawn text.
unsigned wrong_text_pixels(const grey_picture& picture, const std::string& text,
                           std::uint8_t ink = text_white) {
  unsigned wrong = 0;
  for (unsigned cell = 0; cell < picture.width / 16; ++cell) {
    const auto at = [&](std::size_t i) { return i < text.size() ? text[i] : ' '; };
    const luma_cell drawn = draw_cell(at(cell * 2), at(cell * 2 + 1), ink);
    for (unsigned y = 0; y < 16; ++y)
      for (unsigned x = 0; x < 16; ++x)
        wrong += picture.at(cell * 16 + x, y) != drawn[y * 16 + x] ? 1 : 0;
  }
  return wrong;
}

TEST_CASE("pictures: a strict decoder reads every text to the pixel and has no complaint") {
  for (const std::uint32_t camera : {1U, 2U, 3U}) {
    CAPTURE(camera);
    picture_source source{clips(), camera, camera_id_of(camera)};
    strict_decoder decoder;
    constexpr unsigned count = 5 * gop;
    for (std::uint64_t frame = 1; frame <= count; ++frame)
      decoder.decode(access_unit(next_of(source, frame, time_of(frame))));
    decoder.finish();
    CHECK(decoder.complaints() == 0);
    REQUIRE(decoder.pictures.size() == count);
    CHECK(decoder.pictures[0].width == 640);
    CHECK(decoder.pictures[0].height == 360);
    for (std::uint64_t frame = 1; frame <= count; ++frame)
      REQUIRE(wrong_text_pixels(decoder.pictures[frame - 1],
                                overlay_text(camera_id_of(camera), time_of(frame), frame)) == 0);
  }
}

// A scene decoded as encoded, and decoded below text that changes everywhere at every picture: the
// first picture where whatever leaks into the scene shows, or the number of pictures.
std::size_t first_drift(scene what, const encoding& how) {
  const auto encoded = encode_scene(what, how).value();
  const auto stream = with_row_on_top(encoded.sps, encoded.pps).value();
  strict_decoder plain, moved;
  std::string shown;
  for (std::size_t i = 0; i < encoded.slices.size(); ++i) {
    plain.decode({encoded.sps, encoded.pps, encoded.slices[i]});
    const auto slice = move_down_one_row(encoded.slices[i], stream, i / how.gop % 2).value();
    const std::string text(80, static_cast<char>('0' + i % 10));
    moved.decode(
        {stream.sps, stream.pps, make_text_slice(stream, slice.fields, text, shown), slice.nal});
    shown = text;
  }
  plain.finish();
  moved.finish();
  CHECK(moved.complaints() == 0);
  REQUIRE(plain.pictures.size() == how.pictures);
  REQUIRE(moved.pictures.size() == how.pictures);
  for (std::size_t i = 0; i < how.pictures; ++i) {
    const auto& expected = plain.pictures[i].luma;
    REQUIRE(moved.pictures[i].height == how.height_px + 16);
    if (!std::equal(expected.begin(), expected.end(),
                    moved.pictures[i].luma.begin() + 16 * std::ptrdiff_t{how.width_px}))
      return i;
  }
  return how.pictures;
}

TEST_CASE("pictures: below the text, the scene is what the encoder meant, without drift") {
  for (const scene what : {scene::street, scene::entrance, scene::yard, scene::black})
    for (const encoding& how :
         {encoding{640, 344, 12, 300, 24, 48, 1}, encoding{640, 344, 12, 2000, 24, 48, 1},
          encoding{320, 224, 12, 60, 24, 48, 1}}) {
      CAPTURE(name_of(what));
      CAPTURE(how.kbps);
      CHECK(first_drift(what, how) == how.pictures);
    }
}

TEST_CASE("pictures: frozen repeats itself to the last bit while the SEI goes on") {
  picture_source source{clips(), 1, "cam-0001"};
  strict_decoder decoder;
  std::uint64_t frame = 1;
  const auto run = [&](unsigned count) {
    for (unsigned i = 0; i < count; ++i, ++frame)
      decoder.decode(access_unit(next_of(source, frame, time_of(frame))));
  };
  run(gop + 5);
  source.set_mode(picture_source::mode::frozen);
  run(3 * gop);
  const auto sei = test::nals_of(*next_of(source, frame, time_of(frame)).head)[0];
  const std::string sei_text{sei.begin(), sei.end()};
  CHECK(sei_text.find(fmt::format("f={:016x}", frame)) != std::string::npos);
  source.set_mode(picture_source::mode::scene);
  source.require_key();
  ++frame;
  run(gop);
  decoder.finish();
  CHECK(decoder.complaints() == 0);
  const auto& shown = decoder.pictures;
  REQUIRE(shown.size() == 5 * gop + 5);
  // Still at once; from the next key picture on the last key picture again, text included.
  for (unsigned i = gop + 5; i < 2 * gop; ++i) REQUIRE(shown[i].luma == shown[gop + 4].luma);
  for (unsigned i = 2 * gop; i < 4 * gop + 5; ++i) REQUIRE(shown[i].luma == shown[gop].luma);
  CHECK(shown.back().luma != shown[gop].luma);
}

TEST_CASE("pictures: a black picture is dark and flat, with a little noise and dim text") {
  picture_source source{clips(), 2, "cam-0002"};
  strict_decoder decoder;
  decoder.decode(access_unit(next_of(source, 1, noon)));
  source.set_mode(picture_source::mode::black);
  for (std::uint64_t frame = 2; frame < 2 * gop; ++frame) {
    const auto picture = next_of(source, frame, noon);
    if (frame == 2) CHECK(picture.key);
    decoder.decode(access_unit(picture));
  }
  decoder.finish();
  CHECK(decoder.complaints() == 0);
  const grey_picture& last = decoder.pictures.back();
  const double mean = std::accumulate(last.luma.begin(), last.luma.end(), 0.0) /
                      static_cast<double>(last.luma.size());
  CHECK(mean < 18);
  double squares = 0;
  for (const std::uint8_t y : last.luma) squares += (y - mean) * (y - mean);
  CHECK(std::sqrt(squares / static_cast<double>(last.luma.size())) < 4);
  CHECK(*std::max_element(last.luma.begin(), last.luma.end()) == text_dim);
  CHECK(wrong_text_pixels(last, overlay_text("cam-0002", noon, 2 * gop - 1), text_dim) == 0);
}

TEST_CASE("pictures: a key picture can be had at any time") {
  picture_source source{clips(), 1, "cam-0001"};
  CHECK(next_of(source, 1, noon).key);
  CHECK_FALSE(next_of(source, 2, noon).key);
  source.require_key();
  CHECK(next_of(source, 3, noon).key);
  for (unsigned i = 1; i < gop; ++i) CHECK_FALSE(next_of(source, 3 + i, noon).key);
  CHECK(next_of(source, 3 + gop, noon).key);
}

TEST_CASE("pictures: the SEI says camera, counter and time in a fixed length") {
  const bytes sei = make_frame_sei(video_codec::h264, 0x1f, 0x123456789, 0x6543210fedcba);
  CHECK(sei.size() == 2 + 1 + 16 + 48 + 1);
  CHECK(sei[0] == 6);
  CHECK(sei[1] == 5);
  CHECK(sei[2] == 64);
  CHECK(std::string(sei.begin() + 3, sei.end() - 1) ==
        "VIGIE-SIM-FRAME1c=0000001f f=0000000123456789 t=0006543210fedcba");
}

TEST_CASE("pictures: other sizes and rates decode as strictly") {
  for (const clip_options& options : {clip_options{video_codec::h264, 320, 240, 25, 128, 25, 2},
                                      clip_options{video_codec::h264, 704, 576, 12, 512, 24, 2}}) {
    CAPTURE(options.width_px);
    const auto library = make_clips(options).value();
    picture_source source{*library, 1, "cam-0001"};
    strict_decoder decoder;
    for (std::uint64_t frame = 1; frame <= 2 * options.gop + 3; ++frame)
      decoder.decode(access_unit(next_of(source, frame, time_of(frame))));
    decoder.finish();
    CHECK(decoder.complaints() == 0);
    REQUIRE(decoder.pictures.size() == 2 * options.gop + 3);
    CHECK(decoder.pictures.back().height == options.height_px);
    CHECK(wrong_text_pixels(
              decoder.pictures.back(),
              overlay_text("cam-0001", time_of(2 * options.gop + 3), 2 * options.gop + 3)) == 0);
  }
}

}  // namespace
