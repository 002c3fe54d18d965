// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "media/access_unit.hpp"
#include "rtp/receiver.hpp"
#include "support/rtp_builder.hpp"

namespace vigie::test {

/// Invented H.264 NAL units: enough for a depacketizer, not for a decoder.
inline bytes make_nal(std::uint8_t header, std::size_t size, std::uint8_t fill = 0xa5) {
  bytes nal(size, fill);
  nal[0] = header;
  return nal;
}
inline const bytes& invented_sps() {
  static const bytes sps{0x67, 0x42, 0xc0, 0x1e, 0xda, 0x02, 0x80, 0xbf, 0xe5, 0x84};
  return sps;
}
inline const bytes& other_sps() {
  static const bytes sps{0x67, 0x42, 0xc0, 0x1e, 0xda, 0x05, 0x82, 0x59};
  return sps;
}
inline const bytes& invented_pps() {
  static const bytes pps{0x68, 0xce, 0x3c, 0x80};
  return pps;
}
inline const bytes& invented_sei() {
  static const bytes sei{0x06, 0x05, 0x04, 'v', 'i', 'g', 'i', 0x80};
  return sei;
}
inline bytes idr(std::size_t size = 300) { return make_nal(0x65, size); }
inline bytes slice(std::size_t size = 80) { return make_nal(0x41, size); }

/// Sends payloads to a receiver as a camera does: growing sequence numbers, one clock for both
/// ends.
class rtp_camera {
 public:
  explicit rtp_camera(rtp::receiver& receiver, std::uint16_t first_sequence = 65'000)
      : receiver_{receiver} {
    fields.sequence_number = first_sequence;
  }

  rtp_fields fields;
  mono_ns now_ns = 1'000'000'000;
  std::uint32_t arrival_error_us = 0;
  utc_us start_utc_us = 1'700'000'000'000'000;
  std::vector<media::access_unit_ptr> units;

  utc_us now_utc() const { return start_utc_us + now_ns / 1000; }

  void packet(const bytes& payload, bool marker) {
    fields.marker = marker;
    receiver_.push(make_rtp(fields, payload), now_ns, now_utc(), units, arrival_error_us);
    ++fields.sequence_number;
  }
  void lose(std::uint16_t packets = 1) {
    fields.sequence_number = static_cast<std::uint16_t>(fields.sequence_number + packets);
  }
  /// Each payload one packet, the marker on the last; then on to the next picture at 12 fps.
  void picture(const std::vector<bytes>& payloads, bool has_marker = true) {
    for (std::size_t i = 0; i < payloads.size(); ++i)
      packet(payloads[i], has_marker && i + 1 == payloads.size());
    next_picture();
  }
  void next_picture() {
    fields.rtp_ts += 7500;
    now_ns += 1'000'000'000 / 12;
  }
  void key_picture() { picture({invented_sps(), invented_pps(), idr()}); }

 private:
  rtp::receiver& receiver_;
};

/// NAL units of an access unit's data; empty when the sizes do not fit.
inline std::optional<std::vector<bytes>> nals_of(const media::access_unit& unit) {
  std::vector<bytes> out;
  const auto& d = unit.data;
  for (std::size_t at = 0; at < d.size();) {
    if (at + 4 > d.size()) return std::nullopt;
    const std::size_t size = std::size_t{d[at]} << 24 | std::size_t{d[at + 1]} << 16 |
                             std::size_t{d[at + 2]} << 8 | d[at + 3];
    at += 4;
    if (size == 0 || size > d.size() - at) return std::nullopt;
    out.emplace_back(d.begin() + static_cast<std::ptrdiff_t>(at),
                     d.begin() + static_cast<std::ptrdiff_t>(at + size));
    at += size;
  }
  return out;
}

}  // namespace vigie::test
