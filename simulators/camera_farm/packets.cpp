// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/packets.hpp"

#include <algorithm>

namespace vigie::simulators {

namespace {

constexpr std::uint8_t stap_a = 24;
constexpr std::uint8_t fu_a = 28;
constexpr std::uint8_t h265_ap = 48;
constexpr std::uint8_t h265_fu = 49;
constexpr std::int64_t ntp_to_unix_s = 2'208'988'800;

void put16(std::uint8_t* at, std::uint16_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value);
}
void put32(std::uint8_t* at, std::uint32_t value) {
  put16(at, static_cast<std::uint16_t>(value >> 16));
  put16(at + 2, static_cast<std::uint16_t>(value));
}

}  // namespace

std::string_view name_of(video_codec c) noexcept {
  return c == video_codec::h265 ? "h265" : "h264";
}

void packet_train::begin_packet(std::size_t payload_bytes, bool marked) {
  starts.push_back(static_cast<std::uint32_t>(data.size()));
  data.resize(data.size() + packet_overhead_bytes);
  std::uint8_t* head = data.data() + starts.back();
  head[0] = '$';
  put16(head + 2, static_cast<std::uint16_t>(payload_bytes + 12));
  head[4] = 0x80;
  head[5] = static_cast<std::uint8_t>(rtp_payload_type | (marked ? 0x80 : 0));
}

void packet_train::add_nal(byte_span nal, bool last_of_picture) {
  if (nal.size() <= max_payload_bytes) {
    begin_packet(nal.size(), last_of_picture);
    data.insert(data.end(), nal.begin(), nal.end());
    return;
  }
  // H.265 has a header of two bytes: type in the first, layer and temporal id in the second.
  const bool is_h265 = codec == video_codec::h265;
  const std::size_t header = is_h265 ? 2 : 1;
  const std::uint8_t indicator = is_h265 ? static_cast<std::uint8_t>((nal[0] & 0x81) | h265_fu << 1)
                                         : static_cast<std::uint8_t>((nal[0] & 0xe0) | fu_a);
  const auto type = static_cast<std::uint8_t>(is_h265 ? (nal[0] >> 1) & 0x3f : nal[0] & 0x1f);
  byte_span rest = nal.subspan(header);
  bool first = true;
  while (!rest.empty()) {
    const std::size_t part = std::min(rest.size(), max_payload_bytes - header - 1);
    const bool last = part == rest.size();
    begin_packet(part + header + 1, last && last_of_picture);
    data.push_back(indicator);
    if (is_h265) data.push_back(nal[1]);
    data.push_back(static_cast<std::uint8_t>(type | (first ? 0x80 : 0) | (last ? 0x40 : 0)));
    data.insert(data.end(), rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(part));
    rest = rest.subspan(part);
    first = false;
  }
}

void packet_train::add_together(std::span<const byte_span> nals) {
  const bool is_h265 = codec == video_codec::h265;
  std::size_t total = is_h265 ? 2 : 1;
  std::uint8_t importance = 0;
  for (const byte_span nal : nals) {
    total += 2 + nal.size();
    importance = std::max<std::uint8_t>(importance, nal[0] & 0x60);
  }
  if (nals.size() < 2 || total > max_payload_bytes) {
    for (const byte_span nal : nals) add_nal(nal, false);
    return;
  }
  begin_packet(total, false);
  if (is_h265) {
    data.push_back(h265_ap << 1);
    data.push_back(1);
  } else {
    data.push_back(static_cast<std::uint8_t>(importance | stap_a));
  }
  for (const byte_span nal : nals) {
    data.push_back(static_cast<std::uint8_t>(nal.size() >> 8));
    data.push_back(static_cast<std::uint8_t>(nal.size()));
    data.insert(data.end(), nal.begin(), nal.end());
  }
}

void append_packets(const packet_train& train, rtp_state& state, std::uint32_t rtp_ts, bytes& out) {
  const std::size_t base = out.size();
  out.insert(out.end(), train.data.begin(), train.data.end());
  for (const std::uint32_t start : train.starts) {
    std::uint8_t* head = out.data() + base + start;
    head[1] = state.channel;
    put16(head + 6, state.sequence++);
    put32(head + 8, rtp_ts);
    put32(head + 12, state.ssrc);
  }
  const auto count = static_cast<std::uint32_t>(train.starts.size());
  state.packets += count;
  state.octets += static_cast<std::uint32_t>(train.data.size()) -
                  count * static_cast<std::uint32_t>(packet_overhead_bytes);
}

void append_sender_report(const sender_report& report, bytes& out) {
  bytes packet(28);
  packet[0] = 0x80;
  packet[1] = 200;
  put16(&packet[2], 6);
  put32(&packet[4], report.ssrc);
  put32(&packet[8], static_cast<std::uint32_t>(report.utc / 1'000'000 + ntp_to_unix_s));
  const auto fraction = static_cast<std::uint64_t>(report.utc % 1'000'000);
  put32(&packet[12], static_cast<std::uint32_t>((fraction << 32) / 1'000'000));
  if (report.has_no_ntp) std::fill_n(&packet[8], 8, std::uint8_t{0});
  put32(&packet[16], report.rtp_ts);
  put32(&packet[20], report.packets);
  put32(&packet[24], report.octets);

  // Source description: one chunk, item list padded with at least one zero to 32 bits.
  const std::size_t description = packet.size();
  packet.resize(description + 8);
  packet.push_back(1);
  packet.push_back(static_cast<std::uint8_t>(report.cname.size()));
  packet.insert(packet.end(), report.cname.begin(), report.cname.end());
  do packet.push_back(0);
  while (packet.size() % 4 != 0);
  packet[description] = 0x81;
  packet[description + 1] = 202;
  put16(&packet[description + 2],
        static_cast<std::uint16_t>((packet.size() - description) / 4 - 1));
  put32(&packet[description + 4], report.ssrc);

  append_frame(report.channel, packet, out);
}

void append_frame(std::uint8_t channel, byte_span packet, bytes& out) {
  out.push_back('$');
  out.push_back(channel);
  out.push_back(static_cast<std::uint8_t>(packet.size() >> 8));
  out.push_back(static_cast<std::uint8_t>(packet.size()));
  out.insert(out.end(), packet.begin(), packet.end());
}

}  // namespace vigie::simulators
