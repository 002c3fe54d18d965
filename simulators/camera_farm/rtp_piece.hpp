// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "camera_farm/packets.hpp"

namespace vigie::simulators {

/// One RTP packet before it is numbered, for cameras whose packets are not sound. Slower than
/// packet trains: only quirky sessions take this way.
struct rtp_piece {
  bytes payload;
  std::uint32_t rtp_ts = 0;
  std::uint32_t ssrc = 0;
  bool marked = false;
  std::uint8_t payload_type = rtp_payload_type;
  std::uint16_t step = 1;    ///< from the number before: 0 repeats it, 2 leaves one out
  std::uint8_t padding = 0;  ///< bytes of padding (RFC 3550 §5.1), 0: none
};

/// The packets of a picture, head and tail.
std::vector<rtp_piece> pieces_of(const packet_train& head, const packet_train& tail,
                                 std::uint32_t rtp_ts, std::uint32_t ssrc);
/// Numbers them and appends them in interleaved framing.
void append_pieces(const std::vector<rtp_piece>& pieces, rtp_state& state, bytes& out);

/// H.264: the NAL units the packets carry (RFC 6184 §5.6 to §5.8).
std::vector<bytes> nals_in(const std::vector<rtp_piece>& pieces);
/// H.264: packets like `like` for these NAL units, one NAL unit in each or in FU-A of at most
/// `limit` bytes, the last one marked.
std::vector<rtp_piece> pieces_for(const std::vector<bytes>& nals, const rtp_piece& like,
                                  std::size_t limit = max_payload_bytes);

/// [begin, end) of each interleaved frame in `framed`.
std::vector<std::pair<std::size_t, std::size_t>> frames_in(byte_span framed);

}  // namespace vigie::simulators
