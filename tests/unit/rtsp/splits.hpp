// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.hpp"
#include "base/random.hpp"

namespace vigie::tests {

inline byte_view bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Ways to cut a stream into reads: whole, at every single position, byte by byte, and
/// `random_cuts` seeded mixtures. Calls `run(pieces)` for each.
template <class Run>
void each_split(std::string_view stream, Run&& run, int random_cuts = 40) {
  run(std::vector<std::string_view>{stream});
  for (std::size_t at = 1; at < stream.size(); ++at)
    run(std::vector<std::string_view>{stream.substr(0, at), stream.substr(at)});
  std::vector<std::string_view> drip;
  for (std::size_t i = 0; i < stream.size(); ++i) drip.push_back(stream.substr(i, 1));
  run(drip);
  for (int seed = 1; seed <= random_cuts; ++seed) {
    seeded_random random{static_cast<std::uint64_t>(seed)};
    std::vector<std::string_view> pieces;
    for (std::size_t at = 0; at < stream.size();) {
      const auto size = 1 + static_cast<std::size_t>(random.next() % 97);
      pieces.push_back(stream.substr(at, size));
      at += pieces.back().size();
    }
    run(pieces);
  }
}

/// One interleaved frame on the wire.
inline std::string framed(std::uint8_t channel, std::string_view payload) {
  std::string out{'$', static_cast<char>(channel), static_cast<char>(payload.size() >> 8),
                  static_cast<char>(payload.size() & 0xff)};
  return out.append(payload);
}

/// An RTP packet of type 96 with SSRC 0x0badcafe.
inline std::string rtp_text(std::uint16_t sequence, std::string_view payload) {
  std::string out{'\x80',
                  '\x60',
                  static_cast<char>(sequence >> 8),
                  static_cast<char>(sequence & 0xff),
                  0,
                  0,
                  0,
                  1,
                  '\x0b',
                  '\xad',
                  '\xca',
                  '\xfe'};
  return out.append(payload);
}

/// An empty RTCP receiver report.
inline std::string rtcp_text() { return {'\x80', '\xc9', 0, 1, '\x0b', '\xad', '\xca', '\xfe'}; }

}  // namespace vigie::tests
