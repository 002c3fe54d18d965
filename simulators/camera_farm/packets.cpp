// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/packets.hpp"

#include <algorithm>

namespace vigie::simulators {

namespace {

constexpr std::uint8_t stap_a = 24;
constexpr std::uint8_t fu_a = 28;
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
  const std::uint8_t indicator = static_cast<std::uint8_t>((nal[0] & 0xe0) | fu_a);
  const std::uint8_t type = nal[0] & 0x1f;
  byte_span rest = nal.subspan(1);
  bool first = true;
  while (!rest.empty()) {
    const std::size_t part = std::min(rest.size(), max_payload_bytes - 2);
    const bool last = part == rest.size();
    begin_packet(part + 2, last && last_of_picture);
    data.push_back(indicator);
    data.push_back(static_cast<std::uint8_t>(type | (first ? 0x80 : 0) | (last ? 0x40 : 0)));
    data.insert(data.end(), rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(part));
    rest = rest.subspan(part);
    first = false;
  }
}

void packet_train::add_together(std::span<const byte_span> nals) {
  std::size_t total = 1;
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
  data.push_back(static_cast<std::uint8_t>(importance | stap_a));
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

void append_sender_report(const rtp_state& state, std::int64_t utc_microseconds,
                          std::uint32_t rtp_ts, std::string_view cname, bytes& out) {
  bytes report(28);
  report[0] = 0x80;
  report[1] = 200;
  put16(&report[2], 6);
  put32(&report[4], state.ssrc);
  put32(&report[8], static_cast<std::uint32_t>(utc_microseconds / 1'000'000 + ntp_to_unix_s));
  const auto fraction = static_cast<std::uint64_t>(utc_microseconds % 1'000'000);
  put32(&report[12], static_cast<std::uint32_t>((fraction << 32) / 1'000'000));
  put32(&report[16], rtp_ts);
  put32(&report[20], state.packets);
  put32(&report[24], state.octets);

  // Source description: one chunk, item list padded with at least one zero to 32 bits.
  const std::size_t description = report.size();
  report.resize(description + 8);
  report.push_back(1);
  report.push_back(static_cast<std::uint8_t>(cname.size()));
  report.insert(report.end(), cname.begin(), cname.end());
  do report.push_back(0);
  while (report.size() % 4 != 0);
  report[description] = 0x81;
  report[description + 1] = 202;
  put16(&report[description + 2],
        static_cast<std::uint16_t>((report.size() - description) / 4 - 1));
  put32(&report[description + 4], state.ssrc);

  out.push_back('$');
  out.push_back(static_cast<std::uint8_t>(state.channel + 1));
  out.push_back(static_cast<std::uint8_t>(report.size() >> 8));
  out.push_back(static_cast<std::uint8_t>(report.size()));
  out.insert(out.end(), report.begin(), report.end());
}

}  // namespace vigie::simulators
