// SPDX-License-Identifier: Apache-2.0
// Group G of the quirk catalogue: RTP packets and pictures.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "camera_farm/quirk.hpp"

namespace vigie::simulators {

namespace {

using pieces_t = std::vector<rtp_piece>;

std::uint8_t type_of(const bytes& nal) { return nal.empty() ? 0 : nal[0] & 0x1f; }
bool is_h264(const quirk_memory& m) { return m.codec == video_codec::h264; }

/// Each NAL unit in packets of its own, so that what follows finds them.
void unpack(pieces_t& pieces, std::size_t limit = max_payload_bytes) {
  if (!pieces.empty()) pieces = pieces_for(nals_in(pieces), pieces.front(), limit);
}

void cut_sprop(std::string& sdp, std::string_view key) {
  const auto at = sdp.find(key);
  if (at == std::string::npos) return;
  const auto end = sdp.find_first_of(";\r", at);
  sdp.erase(at, sdp[end] == ';' ? end + 1 - at : end - at);
}

void repeat_as_50(pieces_t& pieces, quirk_memory& m) {
  pieces_t out;
  for (rtp_piece& piece : pieces) {
    out.push_back(piece);
    if (++m.times % 5 != 0) continue;
    rtp_piece twin = piece;
    twin.payload_type = 50;
    twin.marked = false;
    twin.step = 0;
    out.push_back(twin);
  }
  pieces = std::move(out);
}

void mix_ssrcs(pieces_t& pieces, quirk_memory& m) {
  const std::uint32_t own = pieces.front().ssrc;
  const bool is_second = m.frames >= 20 * m.fps;
  for (rtp_piece& piece : pieces)
    if (is_second) piece.ssrc = own ^ 0x5a5a5a5a;
  if (m.frames % 12 != 6) return;
  rtp_piece old = pieces.front();
  old.ssrc = own ^ 0x0f0f0f0f;
  old.marked = true;
  old.rtp_ts -= 900'000;
  old.payload = {0x41, 0x9a, 0x00, 0x10};
  old.step = 0;
  pieces.insert(pieces.begin(), old);
}

/// Leaves a number out: what the centre sees of a packet lost in the camera's own buffer.
void skip_a_number(pieces_t& pieces, quirk_memory& m) {
  if (m.is_frame_due(4)) pieces.front().step = 2;
}

void lose_a_packet(pieces_t& pieces, quirk_memory& m) {
  if (!is_h264(m) || !m.is_frame_due(4)) return;
  unpack(pieces, 300);
  if (pieces.size() < 3) return;
  pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(pieces.size() / 2));
  pieces[pieces.size() / 2].step = 2;
}

void swap_on_wire(bytes& framed, quirk_memory& m) {
  const auto frames = frames_in(framed);
  if (frames.size() < 2) return;
  if (m.frames % 24 == 10) {
    std::rotate(framed.begin() + static_cast<std::ptrdiff_t>(frames[0].first),
                framed.begin() + static_cast<std::ptrdiff_t>(frames[1].first),
                framed.begin() + static_cast<std::ptrdiff_t>(frames[1].second));
  } else if (m.frames % 24 == 20) {
    const bytes again(framed.begin() + static_cast<std::ptrdiff_t>(frames[0].first),
                      framed.begin() + static_cast<std::ptrdiff_t>(frames[0].second));
    framed.insert(framed.end(), again.begin(), again.end());
  }
}

void mark_early(pieces_t& pieces, quirk_memory& m) {
  if (!is_h264(m)) return;
  unpack(pieces);
  for (rtp_piece& piece : pieces) {
    const auto type = type_of(piece.payload);
    if (type >= 6 && type <= 8) piece.marked = true;
  }
}

void parameters_one_tick_early(pieces_t& pieces, quirk_memory& m) {
  if (!is_h264(m)) return;
  unpack(pieces);
  for (rtp_piece& piece : pieces) {
    const auto type = type_of(piece.payload);
    if (type == 7 || type == 8) --piece.rtp_ts;
  }
}

/// Each small NAL unit as one fragment that is first and last at once (CostarHD, OpenIPC, N100).
void whole_in_fragment(pieces_t& pieces, quirk_memory& m) {
  if (!is_h264(m)) return;
  unpack(pieces);
  for (rtp_piece& piece : pieces) {
    const auto type = type_of(piece.payload);
    if (type == 0 || type >= 24) continue;
    const auto header = piece.payload[0];
    piece.payload[0] = static_cast<std::uint8_t>((header & 0xe0) | 28);
    piece.payload.insert(piece.payload.begin() + 1, static_cast<std::uint8_t>(0xc0 | type));
  }
}

void odd_fragments(pieces_t& pieces, quirk_memory& m) {
  if (!is_h264(m)) return;
  unpack(pieces, 200);
  pieces_t out;
  for (rtp_piece& piece : pieces) {
    const bool is_middle = type_of(piece.payload) == 28 && (piece.payload[1] & 0xc0) == 0;
    if (is_middle) piece.payload[1] = static_cast<std::uint8_t>((piece.payload[1] & 0xe0) | 7);
    out.push_back(piece);
    if (!is_middle) continue;
    rtp_piece empty = piece;
    empty.payload.resize(2);
    out.push_back(empty);
  }
  pieces = std::move(out);
}

void join_with_start_codes(pieces_t& pieces, quirk_memory& m) {
  if (!is_h264(m) || pieces.empty()) return;
  bytes joined;
  for (const bytes& nal : nals_in(pieces)) {
    if (!joined.empty()) joined.insert(joined.end(), {0, 0, 0, 1});
    joined.insert(joined.end(), nal.begin(), nal.end());
  }
  pieces = pieces_for({joined}, pieces.front(), 500);
}

void pad_aggregates(pieces_t& pieces, quirk_memory& m) {
  if (!is_h264(m)) return;
  for (rtp_piece& piece : pieces)
    if (type_of(piece.payload) == 24) piece.payload.insert(piece.payload.end(), 6, 0);
}

void start_inside_fragment(pieces_t& pieces, quirk_memory& m) {
  if (!is_h264(m) || m.frames > 0) return;
  unpack(pieces, 300);
  if (pieces.size() > 2) pieces.erase(pieces.begin(), pieces.end() - 2);
}

void parameters_only_once(pieces_t& pieces, quirk_memory& m) {
  if (!is_h264(m) || m.frames == 0) return;
  unpack(pieces);
  std::erase_if(pieces, [](const rtp_piece& piece) {
    const auto type = type_of(piece.payload);
    return type == 7 || type == 8;
  });
}

void send_stap_b(pieces_t& pieces, quirk_memory& m) {
  if (!is_h264(m) || !m.is_frame_due(4)) return;
  rtp_piece odd = pieces.front();
  odd.marked = false;
  odd.payload = {25, 0, 1, 0, 2, 9, 0x10};
  pieces.insert(pieces.begin(), odd);
}

void unmark(pieces_t& pieces, quirk_memory&) {
  for (rtp_piece& piece : pieces) piece.marked = false;
}

constexpr std::array quirks{
    quirk{.name = "foreign_payload_type",
          .row = 60,
          .world = "every fifth number comes again with payload type 50 (Geovision)",
          .packets = repeat_as_50},
    quirk{.name = "foreign_ssrc",
          .row = 61,
          .world = "packets of an old session among its own, and after 20 s another SSRC (Reolink)",
          .packets = mix_ssrcs},
    quirk{.name = "ssrc_text",
          .row = 62,
          .world = "ssrc= with blanks and too many digits",
          .reply =
              [](const reply_scene& s, rtsp_reply& r) {
                if (std::string* t = r.find("Transport"); t != nullptr && s.is("SETUP"))
                  if (const auto at = t->find("ssrc="); at != std::string::npos)
                    t->replace(at, std::string::npos, "ssrc= 00012 34ABCDEF9");
              },
          .is_of_handshake = true},
    quirk{.name = "rtp_info",
          .row = 63,
          .world = "seq=0 and a wrong rtptime in RTP-Info (Hikvision, Tapo)",
          .reply =
              [](const reply_scene&, rtsp_reply& r) {
                if (r.find("RTP-Info") != nullptr)
                  r.set("RTP-Info", "url=trackID=7;seq=0;rtptime=4000000000;");
              },
          .is_of_handshake = true},
    quirk{.name = "sequence_gap",
          .row = 64,
          .world = "a sequence number is left out every 4 s, over TCP too",
          .packets = skip_a_number},
    quirk{.name = "reorder",
          .row = 65,
          .world = "neighbouring packets change places, some come twice",
          .wire = swap_on_wire},
    quirk{.name = "no_marker",
          .row = 66,
          .world = "the marker is never set (FLIR M400)",
          .packets = unmark},
    quirk{.name = "early_marker",
          .row = 67,
          .world = "the marker is set on SPS, PPS and SEI (Tapo TC70, Reolink Duo 2)",
          .packets = mark_early},
    quirk{.name = "ts_change_mid_au",
          .row = 68,
          .world = "parameter sets are stamped one tick before their picture (Reolink RLC-822A)",
          .packets = parameters_one_tick_early},
    quirk{
        .name = "fu_start_end",
        .row = 69,
        .world = "small NAL units come as one fragment, first and last at once (CostarHD, OpenIPC)",
        .packets = whole_in_fragment},
    quirk{.name = "fu_type_change",
          .row = 70,
          .world = "the NAL type changes between fragments, some are empty (Tiandy)",
          .packets = odd_fragments},
    quirk{.name = "annexb_in_nal",
          .row = 71,
          .world = "a whole picture in one NAL unit, start codes between, in fragments (V380)",
          .packets = join_with_start_codes},
    quirk{.name = "stap_padding",
          .row = 72,
          .world = "aggregates are padded with zero sizes",
          .packets = pad_aggregates},
    quirk{.name = "mid_gop_start",
          .row = 73,
          .world = "sessions start inside a GOP and inside a fragmented NAL unit",
          .packets = start_inside_fragment,
          .is_of_handshake = true,
          .starts_anywhere = true},
    quirk{.name = "damaged_au",
          .row = 74,
          .world = "a packet in the middle of a picture is lost every 4 s",
          .packets = lose_a_packet},
    quirk{.name = "parameters",
          .row = 75,
          .world = "described without sprop (VStarcam)",
          .sdp = [](std::string& sdp) { cut_sprop(sdp, "sprop-parameter-sets="); },
          .is_of_handshake = true},
    quirk{.name = "params_change",
          .row = 76,
          .world = "another resolution every 20 s: day and night have profiles of their own",
          .changes_size = true},
    quirk{.name = "key_without_parameters",
          .row = 77,
          .world = "parameter sets come with the first key picture only",
          .packets = parameters_only_once},
    quirk{.name = "donl",
          .row = 78,
          .world = "H.265 described with sprop-sps alone, the others in-band",
          .sdp =
              [](std::string& sdp) {
                cut_sprop(sdp, "sprop-vps=");
                cut_sprop(sdp, "sprop-pps=");
              },
          .is_of_handshake = true,
          .is_h265 = true},
    quirk{.name = "unsupported_packets",
          .row = 82,
          .world = "a STAP-B every 4 s, which nobody reads",
          .packets = send_stap_b},
    quirk{.name = "endless_au",
          .row = 83,
          .world = "a picture that never ends: no marker, one timestamp for ever",
          .media_time = [](std::uint32_t, const quirk_memory& m) { return m.first_ts; },
          .packets = unmark},
};

}  // namespace

std::span<const quirk> packet_quirks() { return quirks; }

}  // namespace vigie::simulators
