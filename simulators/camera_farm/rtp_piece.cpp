// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/rtp_piece.hpp"

#include <algorithm>
#include <cstddef>

namespace vigie::simulators {

namespace {

constexpr std::uint8_t stap_a = 24;
constexpr std::uint8_t fu_a = 28;

void add_train(const packet_train& train, rtp_piece like, std::vector<rtp_piece>& out) {
  for (std::size_t i = 0; i < train.starts.size(); ++i) {
    const std::size_t begin = train.starts[i];
    const std::size_t end = i + 1 < train.starts.size() ? train.starts[i + 1] : train.data.size();
    like.marked = (train.data[begin + 5] & 0x80) != 0;
    like.payload.assign(
        train.data.begin() + static_cast<std::ptrdiff_t>(begin + packet_overhead_bytes),
        train.data.begin() + static_cast<std::ptrdiff_t>(end));
    out.push_back(like);
  }
}

void put32(bytes& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(value >> shift));
}

}  // namespace

std::vector<rtp_piece> pieces_of(const packet_train& head, const packet_train& tail,
                                 std::uint32_t rtp_ts, std::uint32_t ssrc) {
  std::vector<rtp_piece> pieces;
  rtp_piece like;
  like.rtp_ts = rtp_ts;
  like.ssrc = ssrc;
  add_train(head, like, pieces);
  add_train(tail, like, pieces);
  return pieces;
}

void append_pieces(const std::vector<rtp_piece>& pieces, rtp_state& state, bytes& out) {
  bytes packet;
  for (const rtp_piece& piece : pieces) {
    const auto number = static_cast<std::uint16_t>(state.sequence + piece.step - 1);
    packet.clear();
    packet.push_back(piece.padding > 0 ? 0xa0 : 0x80);
    packet.push_back(static_cast<std::uint8_t>(piece.payload_type | (piece.marked ? 0x80 : 0)));
    packet.push_back(static_cast<std::uint8_t>(number >> 8));
    packet.push_back(static_cast<std::uint8_t>(number));
    put32(packet, piece.rtp_ts);
    put32(packet, piece.ssrc);
    packet.insert(packet.end(), piece.payload.begin(), piece.payload.end());
    if (piece.padding > 0) {
      packet.resize(packet.size() + piece.padding);
      packet.back() = piece.padding;
    }
    append_frame(state.channel, packet, out);
    state.sequence = static_cast<std::uint16_t>(number + 1);
    ++state.packets;
    state.octets += static_cast<std::uint32_t>(piece.payload.size());
  }
}

std::vector<bytes> nals_in(const std::vector<rtp_piece>& pieces) {
  std::vector<bytes> nals;
  for (const rtp_piece& piece : pieces) {
    const bytes& data = piece.payload;
    if (data.empty()) continue;
    const std::uint8_t type = data[0] & 0x1f;
    if (type == fu_a && data.size() > 2) {
      if ((data[1] & 0x80) != 0)
        nals.push_back({static_cast<std::uint8_t>((data[0] & 0xe0) | (data[1] & 0x1f))});
      if (!nals.empty()) nals.back().insert(nals.back().end(), data.begin() + 2, data.end());
    } else if (type == stap_a) {
      for (std::size_t at = 1; at + 2 <= data.size();) {
        const std::size_t size = static_cast<std::size_t>(data[at]) << 8 | data[at + 1];
        at += 2;
        if (size == 0 || size > data.size() - at) break;
        const auto begin = data.begin() + static_cast<std::ptrdiff_t>(at);
        nals.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(size));
        at += size;
      }
    } else {
      nals.push_back(data);
    }
  }
  return nals;
}

std::vector<rtp_piece> pieces_for(const std::vector<bytes>& nals, const rtp_piece& like,
                                  std::size_t limit) {
  std::vector<rtp_piece> pieces;
  rtp_piece piece = like;
  piece.marked = false;
  for (const bytes& nal : nals) {
    if (nal.size() <= limit) {
      piece.payload = nal;
      pieces.push_back(piece);
      continue;
    }
    for (std::size_t at = 1; at < nal.size();) {
      const std::size_t part = std::min(nal.size() - at, limit - 2);
      const bool is_first = at == 1, is_last = at + part == nal.size();
      piece.payload = {static_cast<std::uint8_t>((nal[0] & 0xe0) | fu_a),
                       static_cast<std::uint8_t>((nal[0] & 0x1f) | (is_first ? 0x80 : 0) |
                                                 (is_last ? 0x40 : 0))};
      const auto begin = nal.begin() + static_cast<std::ptrdiff_t>(at);
      piece.payload.insert(piece.payload.end(), begin, begin + static_cast<std::ptrdiff_t>(part));
      pieces.push_back(piece);
      at += part;
    }
  }
  if (!pieces.empty()) pieces.back().marked = true;
  return pieces;
}

std::vector<std::pair<std::size_t, std::size_t>> frames_in(byte_span framed) {
  std::vector<std::pair<std::size_t, std::size_t>> frames;
  for (std::size_t at = 0; at + 4 <= framed.size() && framed[at] == '$';) {
    const std::size_t end =
        at + 4 + (static_cast<std::size_t>(framed[at + 2]) << 8 | framed[at + 3]);
    if (end > framed.size()) break;
    frames.emplace_back(at, end);
    at = end;
  }
  return frames;
}

}  // namespace vigie::simulators
