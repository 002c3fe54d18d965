// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "camera_farm/clip.hpp"

namespace vigie::simulators {

/// The SEI that every coded picture starts with (user_data_unregistered, H.264 §D.1.7): uuid
/// "VIGIE-SIM-FRAME1", then "c=%08x f=%016x t=%016x": camera index, frame counter, UTC in µs of
/// sending. ASCII, so the length never changes and no emulation prevention is needed.
/// H.265 has the same message in a prefix SEI (H.265 §D.2.7).
bytes make_frame_sei(video_codec codec, std::uint32_t camera, std::uint64_t frame, utc_us sent);

/// One camera's picture after picture: its place in a shared loop, its own text row, its SEI. Pure.
class picture_source {
 public:
  enum class mode : std::uint8_t { scene = 1, frozen, black, intruder };

  picture_source(const clip_library& clips, std::uint32_t camera, std::string name);

  /// A frozen picture stays frozen in its text, too; leaving `frozen` or `black` starts a new GOP.
  void set_mode(mode m);
  /// The next picture is a key picture.
  void require_key() { key_required_ = true; }

  struct picture {
    bool key = false;
    const packet_train* head = nullptr;  ///< parameter sets, SEI, text slice: the caller's
    const packet_train* tail = nullptr;  ///< the rest; lives as long as the clips
  };
  /// `head` is overwritten with what is this camera's own: one is enough for a whole farm.
  picture next(std::uint64_t frame, utc_us now, packet_train& head);

 private:
  picture next_of_clip(const bytes& sei, std::uint64_t frame, utc_us now, packet_train& head);
  picture next_frozen(const bytes& sei, packet_train& head);
  picture key_with_text(const clip_picture& coded, const bytes& sei, const std::string& text,
                        packet_train& head);
  picture next_without_text(const bytes& sei, packet_train& head);

  const clip_library& clips_;
  const clip* clip_;
  const std::uint32_t camera_;
  const std::string name_;
  mode mode_ = mode::scene;
  bool key_required_ = false;
  std::size_t position_ = 0;      ///< of the next picture in the loop
  std::size_t key_position_ = 0;  ///< of the last key picture sent
  std::uint32_t in_gop_ = 0;      ///< pictures sent since that key picture, itself included
  std::string shown_;             ///< text of the last picture
  std::string key_text_;          ///< text of the last key picture
};

}  // namespace vigie::simulators
