// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/clip.hpp"

#include <algorithm>
#include <array>
#include <thread>

#include "camera_farm/encoder.hpp"

namespace vigie::simulators {

namespace {

constexpr unsigned text_row_px = 16;
constexpr std::array all_scenes{scene::street, scene::entrance, scene::yard, scene::black};

// What the text row and the SEI cost: raw macroblocks of 386 bytes, a 40-character line in each key
// picture, and about 1.2 macroblocks in each other one (the counter's last digit, the seconds).
unsigned text_kbps(const clip_options& o) {
  const unsigned key_bits = std::min(o.width_px / 16, 20U) * 386 * 8;
  const unsigned other_bits = 390 * 8 * 12 / 10 + 90 * 8;
  return (key_bits * o.fps / o.gop + other_bits * o.fps) / 1000;
}

result<clip> cut(const encoded_scene& encoded, const stream_parameters& stream, unsigned gop) {
  clip made;
  made.gop = gop;
  for (std::size_t i = 0; i < encoded.slices.size(); ++i) {
    // Neighbouring key pictures need different ids (H.264 §7.4.3), also where the loop closes.
    auto moved = move_down_one_row(encoded.slices[i], stream, (i / gop) % 2);
    if (!moved) return tl::unexpected{moved.error()};
    if (moved->fields.idr != (i % gop == 0) ||
        (!moved->fields.idr && moved->fields.frame_num != i % gop % (1U << stream.frame_num_bits)))
      return fail(errc::codec_malformed, "the encoder did not keep to the GOP it was asked for");
    clip_picture& picture = made.pictures.emplace_back();
    picture.fields = moved->fields;
    picture.scene.add_nal(moved->nal, true);
  }
  return made;
}

}  // namespace

result<std::shared_ptr<const clip_library>> make_clips(const clip_options& options) {
  encoding how;
  how.width_px = options.width_px;
  how.height_px = options.height_px - text_row_px;
  how.fps = options.fps;
  how.gop = options.gop;
  how.kbps =
      std::max(options.kbps * 2 / 5, options.kbps - std::min(options.kbps, text_kbps(options)));
  // An even number of GOPs, so that key picture ids alternate across the end of the loop.
  const unsigned two_gops = 2 * options.gop;
  how.pictures = (options.loop_seconds * options.fps + two_gops - 1) / two_gops * two_gops;

  encoding dark = how;  // a covered lens has little to send
  dark.kbps = std::max(16U, how.kbps / 6);

  std::array<result<encoded_scene>, all_scenes.size()> encoded;
  const auto work = [&](std::size_t from) {
    for (std::size_t i = from; i < all_scenes.size(); i += 2)
      encoded[i] = encode_scene(all_scenes[i], all_scenes[i] == scene::black ? dark : how);
  };
  std::thread other{work, 1};
  work(0);
  other.join();

  auto library = std::make_shared<clip_library>();
  for (const auto& one : encoded)
    if (!one) return tl::unexpected{one.error()};
  auto stream = with_row_on_top(encoded[0]->sps, encoded[0]->pps);
  if (!stream) return tl::unexpected{stream.error()};
  library->stream = *stream;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i]->sps != encoded[0]->sps || encoded[i]->pps != encoded[0]->pps)
      return fail(errc::codec_malformed, "scenes were encoded with different parameter sets");
    auto made = cut(*encoded[i], library->stream, options.gop);
    if (!made) return tl::unexpected{made.error()};
    if (all_scenes[i] == scene::black) {
      library->black = std::move(*made);
      library->black.ink = text_dim;
    } else {
      library->scenes.push_back(std::move(*made));
    }
  }
  for (unsigned number = 0; number < std::min(options.gop, 1U << library->stream.frame_num_bits);
       ++number) {
    packet_train& train = library->repeats.emplace_back();
    train.add_nal(make_repeat_picture(library->stream, number), true);
  }
  return std::shared_ptr<const clip_library>{std::move(library)};
}

}  // namespace vigie::simulators
