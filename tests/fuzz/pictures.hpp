// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "fuzz/target.hpp"
#include "media/nal.hpp"
#include "support/rtp_builder.hpp"

namespace vigie::fuzz {

/// Whether access unit data is what a muxer may store: NAL units behind their sizes to the last
/// byte, none empty, no parameter sets among them, at least one of them picture data.
inline bool is_stored_picture(media::codec kind, byte_view data) {
  bool has_picture = false;
  while (!data.empty()) {
    if (data.size() < 4) return false;
    const std::size_t size = std::size_t{data[0]} << 24 | data[1] << 16 | data[2] << 8 | data[3];
    data = data.subspan(4);
    if (size == 0 || size > data.size()) return false;
    const auto role = media::nal_role_of(kind, data[0]);
    if (role == media::nal_role::parameter_set) return false;
    if (role == media::nal_role::picture || role == media::nal_role::key_picture)
      has_picture = true;
    data = data.subspan(size);
  }
  return has_picture;
}

/// A tiny stream of one codec: parameter sets, a key picture and the one after it. The SPS are
/// those of 64x64 pixels, written by hand from the standards' syntax.
struct small_stream {
  std::vector<test::bytes> sets;
  test::bytes key, delta;
};

inline small_stream small_h264() {
  // Baseline 3.0, id 0, order count type 2, 4 by 4 macroblocks, no cropping, no VUI.
  return {{{0x67, 0x42, 0xc0, 0x1e, 0xda, 0x10, 0x91}, {0x68, 0xce, 0x3c, 0x80}},
          {0x65, 0x88, 0x84, 0x21, 0xa0, 0x55, 0x12},
          {0x41, 0x9a, 0x24, 0x6c, 0x41}};
}

inline small_stream small_h265() {
  return {{{0x40, 0x01, 0x0c, 0x01, 0xff, 0xff, 0x01, 0x60, 0,    0,    3,    0,
            0x90, 0,    0,    3,    0,    0,    3,    0,    0x1e, 0x95, 0x98, 0x09},
           {0x42, 0x01, 0x01, 0x01, 0x60, 0,    0,    3,    0,    0x90, 0,    0,    3,    0,   0,
            3,    0,    0x1e, 0xa0, 0x20, 0x81, 0x05, 0x96, 0x56, 0x69, 0x24, 0xca, 0xe0, 0x10},
           {0x44, 0x01, 0xc1, 0x72, 0xb4, 0x62, 0x40}},
          {0x26, 0x01, 0xaf, 0x08, 0x40, 0x11, 0x22},
          {0x02, 0x01, 0xd0, 0x09, 0x33}};
}

inline std::string as_text(const test::bytes& bytes) { return std::string{text_of(bytes)}; }

}  // namespace vigie::fuzz
