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
bytes make_frame_sei(std::uint32_t camera, std::uint64_t frame, utc_us sent);

/// One camera's picture after picture: its place in a shared loop, its own text row, its SEI. Pure.
class picture_source {
 public:
  enum class mode : std::uint8_t { scene = 1, frozen, black };

  picture_source(const clip_library& clips, std::uint32_t camera, std::string name);

  /// A frozen picture stays frozen in its text, too; leaving `frozen` or `black` starts a new GOP.
  void set_mode(mode m);
  /// The next picture is a key picture.
  void require_key() { key_required_ = true; }

  struct picture {
    bool key = false;
    const packet_train* head = nullptr;  ///< parameter sets, SEI, text slice; until the next call
    const packet_train* tail = nullptr;  ///< the rest; lives as long as the clips
  };
  picture next(std::uint64_t frame, utc_us now);

 private:
  picture next_of_clip(const bytes& sei, std::uint64_t frame, utc_us now);
  picture next_frozen(const bytes& sei);
  picture key_with_text(const clip_picture& coded, const bytes& sei, const std::string& text);

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
  packet_train head_;
};

}  // namespace vigie::simulators
