// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace vigie::simulators::health {

/// Encodes each picture as a key picture with x264 at so few bytes that it blocks and smears, and
/// decodes it again. Throws std::runtime_error when libavcodec lacks x264.
class starved_codec {
 public:
  /// `bytes_per_picture`: what rate control aims at, for 320×180.
  explicit starved_codec(int bytes_per_picture);
  ~starved_codec();

  /// Replaces the picture by what a viewer would see of it.
  void pass(std::vector<std::uint8_t>& luma);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace vigie::simulators::health
