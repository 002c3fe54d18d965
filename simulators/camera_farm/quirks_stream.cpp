// SPDX-License-Identifier: Apache-2.0
// Group A of the quirk catalogue: the TCP stream and its interleaved framing.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "camera_farm/quirk.hpp"

namespace vigie::simulators {

namespace {

void insert_text(bytes& framed, std::size_t at, std::string_view text) {
  framed.insert(framed.begin() + static_cast<std::ptrdiff_t>(at), text.begin(), text.end());
}

/// A little metadata as ONVIF devices send it.
void add_metadata(bytes& framed, std::uint8_t channel, quirk_memory& memory) {
  constexpr std::string_view xml =
      "<tt:MetadataStream xmlns:tt=\"http://www.onvif.org/ver10/schema\"/>";
  bytes packet{0x80, 0x80 | 107, 0, 0, 0, 0, 0, 0, 0x4d, 0x45, 0x54, 0x41};
  packet[2] = static_cast<std::uint8_t>(memory.times >> 8);
  packet[3] = static_cast<std::uint8_t>(memory.times++);
  packet.insert(packet.end(), xml.begin(), xml.end());
  append_frame(channel, packet, framed);
}

void tear(bytes& framed, quirk_memory& memory) {
  const auto frames = frames_in(framed);
  if (frames.empty() || !memory.is_frame_due(4)) return;
  const auto [begin, end] = frames.back();
  framed.resize(begin + std::max<std::size_t>(5, (end - begin) / 2));
  insert_text(framed, framed.size(), "RTSP/1.0 200 OK\r\nCSeq: 7\r\nSess");
}

void odd_sizes(bytes& framed, quirk_memory& memory) {
  if (!memory.is_frame_due(2)) return;
  append_frame(0, {}, framed);
  append_frame(0, std::array<std::uint8_t, 5>{0x80, 96, 0, 0, 0}, framed);
}

void large_packets(std::vector<rtp_piece>& pieces, quirk_memory& memory) {
  if (memory.codec != video_codec::h264 || pieces.empty()) return;
  pieces = pieces_for(nals_in(pieces), pieces.front(), 10'000);
}

void ask_options(bytes& framed, quirk_memory& memory) {
  if (!memory.is_frame_due(2)) return;
  insert_text(
      framed, framed.size(),
      fmt::format("OPTIONS * RTSP/1.0\r\nCSeq: {}\r\nUser-Agent: camera\r\n\r\n", ++memory.times));
  if (memory.since == 0) memory.since = memory.now;
}

bool unanswered_for_5_s(const client_facts& client, quirk_memory& memory) {
  if (client.answers != memory.seen) {
    memory.seen = client.answers;
    memory.since = 0;
  }
  return memory.since != 0 && memory.now - memory.since > 5'000'000'000;
}

constexpr std::array quirks{
    quirk{.name = "crlf_before_frame",
          .row = 1,
          .world = "CR LF before every tenth picture and before every answer",
          .reply = [](const reply_scene&, rtsp_reply& r) { r.before += "\r\n"; },
          .wire =
              [](bytes& framed, quirk_memory& m) {
                if (m.frames % 10 == 0) insert_text(framed, 0, "\r\n");
              }},
    quirk{.name = "resync",
          .row = 2,
          .world = "the send buffer overflows every 4 s: half a frame, then torn RTSP text",
          .wire = tear},
    quirk{.name = "media_before_play",
          .row = 3,
          .world = "a sender report and a picture before the answer to PLAY (Reolink)",
          .is_of_handshake = true,
          .plays_early = true},
    quirk{.name = "unassigned_channel",
          .row = 4,
          .world = "metadata on channels 4 and 5, though only one track was set up",
          .wire =
              [](bytes& framed, quirk_memory& m) {
                if (m.frames % 4 == 0) add_metadata(framed, m.frames % 8 == 0 ? 4 : 5, m);
              }},
    quirk{.name = "other_channels",
          .row = 5,
          .world = "SETUP is answered with the single number 2, and packets come on 2 and 3",
          .reply =
              [](const reply_scene& s, rtsp_reply& r) {
                if (s.is("SETUP") && r.is_ok())
                  r.set("Transport", "RTP/AVP/TCP;unicast;interleaved=2");
              },
          .wire =
              [](bytes& framed, quirk_memory&) {
                for (const auto& [begin, end] : frames_in(framed))
                  framed[begin + 1] = static_cast<std::uint8_t>(2 + framed[begin + 1] % 2);
              },
          .is_of_handshake = true},
    quirk{.name = "avp_without_tcp",
          .row = 6,
          .world = "TCP is answered as RTP/AVP;interleaved=0-1 (Escam Q6)",
          .reply =
              [](const reply_scene& s, rtsp_reply& r) {
                if (s.is("SETUP") && r.is_ok() && !s.dialogue.transport().is_udp)
                  r.set("Transport", fmt::format("RTP/AVP;unicast;interleaved={}-{}",
                                                 s.dialogue.transport().channel,
                                                 s.dialogue.transport().channel + 1));
              },
          .is_of_handshake = true},
    quirk{.name = "transport",
          .row = 7,
          .world = "461 to the first SETUP of each connection: the other transport, please",
          .instead =
              [](const reply_scene& s, rtsp_reply& r) {
                if (!s.is("SETUP") || s.memory.times++ > 0) return false;
                r.status = "461 Unsupported Transport";
                return true;
              },
          .is_of_handshake = true},
    quirk{.name = "frame_size",
          .row = 8,
          .world = "packets of up to 10,000 bytes (Tapo), now and then frames of 0 and of 5 bytes",
          .packets = large_packets,
          .wire = odd_sizes},
    quirk{.name = "server_request",
          .row = 9,
          .world = "asks OPTIONS in mid-stream and hangs up after 5 s without an answer",
          .wire = ask_options,
          .gives_up = unanswered_for_5_s},
    quirk{.name = "swapped_channels",
          .row = 10,
          .world = "RTP comes on the RTCP channel and the reverse",
          .wire =
              [](bytes& framed, quirk_memory&) {
                for (const auto& [begin, end] : frames_in(framed)) framed[begin + 1] ^= 1;
              },
          .is_of_handshake = true},
};

}  // namespace

std::span<const quirk> stream_quirks() { return quirks; }

}  // namespace vigie::simulators
