// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/picture_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "camera_farm/overlay.hpp"

namespace vigie::simulators {

bytes make_frame_sei(std::uint32_t camera, std::uint64_t frame, utc_us sent) {
  const std::string payload = fmt::format("VIGIE-SIM-FRAME1c={:08x} f={:016x} t={:016x}", camera,
                                          frame, static_cast<std::uint64_t>(sent));
  bytes nal(3 + payload.size());
  nal[0] = 0x06;
  nal[1] = 5;
  nal[2] = static_cast<std::uint8_t>(payload.size());
  std::copy(payload.begin(), payload.end(), nal.begin() + 3);
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
  if (m == mode::frozen && had_key) {
    mode_ = m;
    return;
  }
  mode_ = m;
  key_required_ = true;
  clip_ = m == mode::black ? &clips_.black : &clips_.scenes[(camera_ - 1) % clips_.scenes.size()];
}

picture_source::picture picture_source::next(std::uint64_t frame, utc_us now) {
  const bytes sei = make_frame_sei(camera_, frame, now);
  head_.clear();
  return mode_ == mode::frozen && in_gop_ > 0 ? next_frozen(sei) : next_of_clip(sei, frame, now);
}

picture_source::picture picture_source::key_with_text(const clip_picture& coded, const bytes& sei,
                                                      const std::string& text) {
  const bytes slice = make_text_slice(clips_.stream, coded.fields, text, "", clip_->ink);
  const std::array<byte_span, 4> nals{clips_.stream.sps, clips_.stream.pps, sei, slice};
  head_.add_together(std::span{nals}.first(3));
  head_.add_nal(nals[3], false);
  in_gop_ = 1;
  shown_ = key_text_ = text;
  key_required_ = false;
  return {true, &head_, &coded.scene};
}

picture_source::picture picture_source::next_of_clip(const bytes& sei, std::uint64_t frame,
                                                     utc_us now) {
  const std::size_t count = clip_->pictures.size();
  if (key_required_) position_ = (position_ + clip_->gop - 1) / clip_->gop * clip_->gop;
  position_ %= count;
  const clip_picture& coded = clip_->pictures[position_];
  const std::string text = overlay_text(name_, now, frame);
  if (coded.fields.idr) {
    key_position_ = position_++;
    return key_with_text(coded, sei, text);
  }
  ++position_;
  ++in_gop_;
  const bytes slice = make_text_slice(clips_.stream, coded.fields, text, shown_, clip_->ink);
  shown_ = text;
  const std::array<byte_span, 2> nals{sei, slice};
  head_.add_together(nals);
  return {false, &head_, &coded.scene};
}

picture_source::picture picture_source::next_frozen(const bytes& sei) {
  if (key_required_ || in_gop_ >= clip_->gop)
    return key_with_text(clip_->pictures[key_position_], sei, std::string{key_text_});
  head_.add_nal(sei, false);
  const std::uint32_t number = in_gop_++ % static_cast<std::uint32_t>(clips_.repeats.size());
  return {false, &head_, &clips_.repeats[number]};
}

}  // namespace vigie::simulators
