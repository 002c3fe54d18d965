// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "fuzz/pictures.hpp"
#include "rtp/depacketizer.hpp"

namespace vigie::fuzz {

/// Payloads of one codec as the packets of a stream, each behind two control bytes: marker, loss
/// and a step of the timestamp. What is given out is a picture a muxer may store.
inline void run_payloads(media::codec kind, byte_view bytes) {
  input in{bytes};
  const auto control = in.u8();
  rtp::depacketizer_options options;
  options.codec = kind;
  options.has_donl = (control & 1) != 0;
  if ((control & 2) != 0) options.ways.damaged_au = rtp::damage_policy::pass_damaged;
  if ((control & 4) != 0) options.ways.donl = rtp::donl_policy::strip;
  options.max_unit_bytes = 8192;
  options.max_unit_nals = 32;
  rtp::depacketizer reader{options, std::nullopt};

  std::vector<rtp::coded_unit> units;
  rtp::packet_view packet;
  packet.payload_type = 96;
  bool has_had_key = false;
  while (!in.empty()) {
    const auto length = in.u16();
    const auto flags = in.u8();
    const auto own = copy_of(in.take(length & 0x7ff));
    packet.marker = (flags & 1) != 0;
    if ((flags & 2) != 0) packet.rtp_ts += 7500;
    ++packet.sequence_number;
    packet.payload = own;
    units.clear();
    reader.push(packet, flags >> 6, 1000, 1000, units);
    require(units.size() <= 2, "a packet completes at most two units");
    for (const auto& unit : units) {
      if (!unit.usable) {
        require(unit.data.empty(), "what is not published has no data");
        continue;
      }
      has_had_key = has_had_key || unit.is_key;
      require(has_had_key, "nothing before the first key picture");
      require(unit.parameters != nullptr, "no picture without parameters");
      require(unit.data.size() <= options.max_unit_bytes, "a unit has a bound");
      require(is_stored_picture(kind, unit.data), "a unit is NAL units behind their sizes");
    }
    if ((flags & 0x20) != 0) reader.restart(1);
  }
}

/// Packets as `run_payloads` reads them: marker on the last.
inline std::string as_stream(const std::vector<test::bytes>& payloads, std::uint8_t control = 0) {
  std::string out(1, static_cast<char>(control));
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    const auto size = payloads[i].size();
    out += static_cast<char>(size >> 8);
    out += static_cast<char>(size);
    out += static_cast<char>(i + 1 == payloads.size() ? 1 : 0);
    out += as_text(payloads[i]);
  }
  return out;
}

/// The stream as single NAL units, then its pictures again in whatever `payloads` are.
inline std::vector<test::bytes> after_sets(const small_stream& stream,
                                           const std::vector<test::bytes>& payloads) {
  auto out = stream.sets;
  out.insert(out.end(), payloads.begin(), payloads.end());
  return out;
}

}  // namespace vigie::fuzz
