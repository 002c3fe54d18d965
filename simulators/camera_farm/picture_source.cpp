// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/picture_source.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "camera_farm/overlay.hpp"

namespace vigie::simulators {

namespace {

template <std::size_t Digits>
void put_hex(std::uint8_t* at, std::uint64_t value) {
  for (std::size_t i = Digits; i-- > 0; value >>= 4)
    at[i] = static_cast<std::uint8_t>("0123456789abcdef"[value & 15]);
}

}  // namespace

bytes make_frame_sei(video_codec codec, std::uint32_t camera, std::uint64_t frame, utc_us sent) {
  constexpr std::string_view payload =
      "VIGIE-SIM-FRAME1c=00000000 f=0000000000000000 t=0000000000000000";
  constexpr std::size_t camera_at = 18, frame_at = 29, time_at = 48;
  bytes nal;
  nal.reserve(5 + payload.size());
  if (codec == video_codec::h265)
    nal.insert(nal.end(), {0x4e, 0x01});
  else
    nal.push_back(0x06);
  nal.insert(nal.end(), {5, static_cast<std::uint8_t>(payload.size())});
  const std::size_t begin = nal.size();
  nal.insert(nal.end(), payload.begin(), payload.end());
  put_hex<8>(nal.data() + begin + camera_at, camera);
  put_hex<16>(nal.data() + begin + frame_at, frame);
  put_hex<16>(nal.data() + begin + time_at, static_cast<std::uint64_t>(sent));
  nal.push_back(0x80);
  return nal;
}

picture_source::picture_source(const clip_library& clips, std::uint32_t camera, std::string name)
    : clips_{clips},
      clip_{&clips.scenes[(camera - 1) % clips.scenes.size()]},
      camera_{camera},
      name_{std::move(name)} {
  const std::size_t gops = clip_->pictures.size() / clip_->gop;
  position_ = camera / clips.scenes.size() % gops * clip_->gop;
  key_required_ = true;
}

void picture_source::set_mode(mode m) {
  if (m == mode_) return;
  const bool had_key = in_gop_ > 0;
  const bool is_h264 = clips_.codec == video_codec::h264;
  if (m == mode::frozen && had_key && is_h264) {
    mode_ = m;
    return;
  }
  mode_ = m;
  key_required_ = true;
  const std::size_t scene = (camera_ - 1) % clips_.scenes.size();
  const bool is_yard = scene + 1 == clips_.scenes.size();
  clip_ = m == mode::black                 ? &clips_.black
          : m == mode::intruder && is_yard ? &clips_.intruder
          : m == mode::frozen && !is_h264  ? &clips_.still[scene]
                                           : &clips_.scenes[scene];
}

picture_source::picture picture_source::next(std::uint64_t frame, utc_us now, packet_train& head) {
  const bytes sei = make_frame_sei(clips_.codec, camera_, frame, now);
  head.clear();
  head.codec = clips_.codec;
  if (clips_.codec == video_codec::h265) return next_without_text(sei, head);
  return mode_ == mode::frozen && in_gop_ > 0 ? next_frozen(sei, head)
                                              : next_of_clip(sei, frame, now, head);
}

picture_source::picture picture_source::next_without_text(const bytes& sei, packet_train& head) {
  const std::size_t count = clip_->pictures.size();
  if (key_required_) position_ = (position_ + clip_->gop - 1) / clip_->gop * clip_->gop;
  position_ %= count;
  const clip_picture& coded = clip_->pictures[position_++];
  if (!coded.fields.idr) {
    head.add_nal(sei, false);
    return {false, &head, &coded.scene};
  }
  key_required_ = false;
  const std::array<byte_span, 4> nals{clips_.parameter_sets[0], clips_.parameter_sets[1],
                                      clips_.parameter_sets[2], sei};
  head.add_together(nals);
  return {true, &head, &coded.scene};
}

picture_source::picture picture_source::key_with_text(const clip_picture& coded, const bytes& sei,
                                                      const std::string& text, packet_train& head) {
  const bytes slice = make_text_slice(clips_.stream, coded.fields, text, "", clip_->ink);
  const std::array<byte_span, 4> nals{clips_.stream.sps, clips_.stream.pps, sei, slice};
  head.add_together(std::span{nals}.first(3));
  head.add_nal(nals[3], false);
  in_gop_ = 1;
  shown_ = key_text_ = text;
  key_required_ = false;
  return {true, &head, &coded.scene};
}

picture_source::picture picture_source::next_of_clip(const bytes& sei, std::uint64_t frame,
                                                     utc_us now, packet_train& head) {
  const std::size_t count = clip_->pictures.size();
  if (key_required_) position_ = (position_ + clip_->gop - 1) / clip_->gop * clip_->gop;
  position_ %= count;
  const clip_picture& coded = clip_->pictures[position_];
  const std::string text = overlay_text(name_, now, frame);
  if (coded.fields.idr) {
    key_position_ = position_++;
    return key_with_text(coded, sei, text, head);
  }
  ++position_;
  ++in_gop_;
  const bytes slice = make_text_slice(clips_.stream, coded.fields, text, shown_, clip_->ink);
  shown_ = text;
  const std::array<byte_span, 2> nals{sei, slice};
  head.add_together(nals);
  return {false, &head, &coded.scene};
}

picture_source::picture picture_source::next_frozen(const bytes& sei, packet_train& head) {
  if (key_required_ || in_gop_ >= clip_->gop)
    return key_with_text(clip_->pictures[key_position_], sei, std::string{key_text_}, head);
  head.add_nal(sei, false);
  const std::uint32_t number = in_gop_++ % static_cast<std::uint32_t>(clips_.repeats.size());
  return {false, &head, &clips_.repeats[number]};
}

}  // namespace vigie::simulators
