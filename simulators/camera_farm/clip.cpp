// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/clip.hpp"

#include <algorithm>
#include <array>
#include <thread>

#include "camera_farm/encoder.hpp"

namespace vigie::simulators {

namespace {

constexpr unsigned text_row_px = 16;
constexpr std::array all_scenes{scene::street, scene::entrance, scene::yard, scene::yard_intruder,
                                scene::black};

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

// Encodes each of `jobs`, two at a time.
struct job {
  scene what;
  encoding how;
};
std::vector<result<encoded_scene>> encode_all(const std::vector<job>& jobs) {
  std::vector<result<encoded_scene>> encoded(jobs.size());
  const auto work = [&](std::size_t from) {
    for (std::size_t i = from; i < jobs.size(); i += 2)
      encoded[i] = encode_scene(jobs[i].what, jobs[i].how);
  };
  std::thread other{work, 1};
  work(0);
  other.join();
  return encoded;
}

// Every scene must fit the parameter sets of the first: cameras may show any of them.
result<void> agree(const std::vector<result<encoded_scene>>& encoded) {
  for (const auto& one : encoded) {
    if (!one) return tl::unexpected{one.error()};
    if (one->vps != encoded[0]->vps || one->sps != encoded[0]->sps || one->pps != encoded[0]->pps)
      return fail(errc::codec_malformed, "scenes were encoded with different parameter sets");
  }
  return {};
}

result<void> add_h264(clip_library& library, const encoding& how, const encoding& dark) {
  std::vector<job> jobs;
  for (const scene what : all_scenes) jobs.push_back({what, what == scene::black ? dark : how});
  const auto encoded = encode_all(jobs);
  if (auto agreed = agree(encoded); !agreed) return agreed;
  auto stream = with_row_on_top(encoded[0]->sps, encoded[0]->pps);
  if (!stream) return tl::unexpected{stream.error()};
  library.stream = *stream;
  library.parameter_sets = {stream->sps, stream->pps};
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    auto made = cut(*encoded[i], library.stream, how.gop);
    if (!made) return tl::unexpected{made.error()};
    if (all_scenes[i] == scene::black) {
      library.black = std::move(*made);
      library.black.ink = text_dim;
    } else if (all_scenes[i] == scene::yard_intruder) {
      library.intruder = std::move(*made);
    } else {
      library.scenes.push_back(std::move(*made));
    }
  }
  for (unsigned number = 0; number < std::min(how.gop, 1U << library.stream.frame_num_bits);
       ++number) {
    packet_train& train = library.repeats.emplace_back();
    train.add_nal(make_repeat_picture(library.stream, number), true);
  }
  return {};
}

// The encoder's pictures as they are: no text row, as its slices cannot be rewritten (CABAC).
result<clip> cut_h265(const encoded_scene& encoded, unsigned gop) {
  constexpr unsigned idr_w_radl = 19, idr_n_lp = 20;  // H.265 table 7-1
  clip made;
  made.gop = gop;
  for (std::size_t i = 0; i < encoded.slices.size(); ++i) {
    const unsigned type = (encoded.slices[i][0] >> 1) & 0x3fU;
    clip_picture& picture = made.pictures.emplace_back();
    picture.fields.idr = type == idr_w_radl || type == idr_n_lp;
    if (picture.fields.idr != (i % gop == 0))
      return fail(errc::codec_malformed, "the encoder did not keep to the GOP it was asked for");
    picture.scene.codec = video_codec::h265;
    picture.scene.add_nal(encoded.slices[i], true);
  }
  return made;
}

result<void> add_h265(clip_library& library, const encoding& how, const encoding& dark) {
  encoding still = how;
  still.is_still = true;
  still.pictures = how.gop;
  std::vector<job> jobs;
  for (const scene what : all_scenes) jobs.push_back({what, what == scene::black ? dark : how});
  for (const scene what : all_scenes)
    if (what != scene::black && what != scene::yard_intruder) jobs.push_back({what, still});
  const auto encoded = encode_all(jobs);
  if (auto agreed = agree(encoded); !agreed) return agreed;
  library.parameter_sets = {encoded[0]->vps, encoded[0]->sps, encoded[0]->pps};
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    auto made = cut_h265(*encoded[i], how.gop);
    if (!made) return tl::unexpected{made.error()};
    if (jobs[i].how.is_still)
      library.still.push_back(std::move(*made));
    else if (jobs[i].what == scene::black)
      library.black = std::move(*made);
    else if (jobs[i].what == scene::yard_intruder)
      library.intruder = std::move(*made);
    else
      library.scenes.push_back(std::move(*made));
  }
  return {};
}

}  // namespace

result<std::shared_ptr<const clip_library>> make_clips(const clip_options& options) {
  auto library = std::make_shared<clip_library>();
  library->codec = options.codec;
  library->fps = options.fps;
  library->kbps = options.kbps;
  encoding how;
  how.codec = options.codec;
  how.width_px = options.width_px;
  how.height_px = options.height_px;
  how.fps = options.fps;
  how.gop = options.gop;
  how.kbps = options.kbps;
  const bool is_h264 = options.codec == video_codec::h264;
  if (is_h264) {
    how.height_px -= text_row_px;
    how.kbps =
        std::max(options.kbps * 2 / 5, options.kbps - std::min(options.kbps, text_kbps(options)));
  }
  // An even number of GOPs, so that key picture ids alternate across the end of the loop.
  const unsigned two_gops = 2 * options.gop;
  how.pictures = (options.loop_seconds * options.fps + two_gops - 1) / two_gops * two_gops;
  encoding dark = how;  // a covered lens has little to send
  if (is_h264) dark.kbps = std::max(16U, how.kbps / 6);
  const auto added = is_h264 ? add_h264(*library, how, dark) : add_h265(*library, how, dark);
  if (!added) return tl::unexpected{added.error()};
  return std::shared_ptr<const clip_library>{std::move(library)};
}

}  // namespace vigie::simulators
