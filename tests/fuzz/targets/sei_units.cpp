// SPDX-License-Identifier: Apache-2.0
#include "fuzz/pictures.hpp"
#include "ingest/annexb_units.hpp"
#include "rtp/depacketizer.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// A whole NAL unit as one packet of the picture at `rtp_ts`.
void push(rtp::depacketizer& reader, byte_view nal, bool marker, std::uint32_t rtp_ts,
          std::uint16_t& sequence, std::vector<rtp::coded_unit>& out) {
  const auto own = copy_of(nal);
  rtp::packet_view packet;
  packet.payload_type = 96;
  packet.marker = marker;
  packet.rtp_ts = rtp_ts;
  packet.sequence_number = ++sequence;
  packet.payload = own;
  reader.push(packet, 0, 1000, 1000, out);
}

/// SEI messages with user data of the camera's own (watermarks, motion maps, clocks: any bytes)
/// before, between and behind the pictures. They may cost themselves, never the picture: as many
/// pictures come out, with the slices as they were sent.
void run(byte_view bytes) {
  input in{bytes};
  const auto control = in.u8();
  const auto kind = (control & 1) != 0 ? media::codec::h265 : media::codec::h264;
  const auto stream = kind == media::codec::h265 ? small_h265() : small_h264();
  const auto payloads = packets_of(in);

  std::vector<test::bytes> units;
  for (const auto payload : payloads) {
    // Prefix SEI and, in H.265, suffix SEI (ITU-T H.264 §7.3.2.3, H.265 §7.3.2.4).
    test::bytes nal = kind == media::codec::h264 ? test::bytes{0x06} : test::bytes{0x4e, 0x01};
    // What would end the NAL unit cannot be in it: a camera escapes it (H.264 §7.4.1).
    for (const auto byte : payload) {
      if (nal.size() >= 2 && byte <= 3 && nal.back() == 0 && nal[nal.size() - 2] == 0)
        nal.push_back(3);
      nal.push_back(byte);
    }
    nal.push_back(0x80);
    if (nal.size() < 1200) units.push_back(std::move(nal));
  }

  rtp::depacketizer_options options;
  options.codec = kind;
  rtp::depacketizer reader{options, std::nullopt};
  std::vector<rtp::coded_unit> out;
  std::uint16_t sequence = 0;
  for (const auto& set : stream.sets) push(reader, set, false, 9000, sequence, out);
  for (const auto& unit : units) push(reader, unit, (control & 2) != 0, 9000, sequence, out);
  push(reader, stream.key, true, 9000, sequence, out);
  for (const auto& unit : units) push(reader, unit, (control & 4) != 0, 16'500, sequence, out);
  push(reader, stream.delta, true, 16'500, sequence, out);

  std::size_t usable = 0;
  for (const auto& unit : out) {
    if (!unit.usable) continue;
    require(unit.is_key == (usable == 0), "the key picture first, then the other");
    ++usable;
    require(is_stored_picture(kind, unit.data), "a unit is NAL units behind their sizes");
    const auto& slice = usable == 1 ? stream.key : stream.delta;
    require(text_of(unit.data).ends_with(text_of(slice)), "the slice is untouched");
    std::size_t size = slice.size() + 4;
    for (const auto& nal : units) size += nal.size() + 4;
    require(unit.data.size() == size, "all that came with the picture is kept");
  }
  require(usable == 2, "no SEI costs a picture");

  std::vector<std::uint8_t> annexb;
  const auto join = [&annexb](const test::bytes& nal) {
    annexb.insert(annexb.end(), {0, 0, 0, 1});
    annexb.insert(annexb.end(), nal.begin(), nal.end());
  };
  for (const auto& set : stream.sets) join(set);
  for (const auto& unit : units) join(unit);
  join(stream.key);
  ingest::annexb_units pushed{kind};
  const auto made = pushed.take(annexb);
  require(made && *made && (*made)->is_key, "pushed by a plugin, the same picture");
}

std::vector<std::string> seeds() {
  // user_data_unregistered (payload type 5): a UUID of ours and some text.
  const std::string user = std::string{"\x05\x18"} + "0123456789abcdef" + "12:00:01";
  const std::string zeros{"\x05\x12\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\2\3", 20};
  const std::string timing{"\x01\x04\x00\x00\x03\x04", 6};
  std::vector<std::string> out;
  for (char control = 0; control < 8; ++control)
    out.push_back(control + in_packets({user, zeros, timing}));
  out.push_back(std::string(1, '\0') + in_packets({std::string(600, '\xff')}));
  out.push_back(std::string(1, '\1') + in_packets({}));
  return out;
}

const registration self{
    {"sei_units",
     run,
     seeds,
     {std::string_view{"\0\0\1", 3}, std::string_view{"\0\0\3", 3}, std::string_view{"\0\0\0", 3},
      "\x05\xff\xff\xff", std::string_view{"\x80\0\0", 3}}}};

}  // namespace
