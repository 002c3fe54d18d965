// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/quirk.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <regex>
#include <set>
#include <string>

#include "camera_farm/faults.hpp"
#include "camera_farm/fleet.hpp"
#include "camera_farm/rtp_piece.hpp"

namespace {

using namespace vigie::simulators;

const quirk& named(std::string_view name) {
  const quirk* found = find_quirk(name);
  REQUIRE_MESSAGE(found != nullptr, name);
  return *found;
}

// Numbers the catalogue gives a live fault, by the policy's name.
std::set<std::pair<unsigned, std::string>> rows_of_catalogue() {
  std::set<std::pair<unsigned, std::string>> rows;
  std::ifstream file{"tests/quirks/catalogue.toml"};
  const std::regex row{R"(row = (\d+))"}, policy{R"re(policy = "(\w+)")re"};
  unsigned number = 0;
  std::string name;
  for (std::string line; std::getline(file, line);) {
    std::smatch found;
    if (std::regex_match(line, found, row)) number = static_cast<unsigned>(std::stoul(found[1]));
    if (std::regex_match(line, found, policy)) name = found[1];
    if (line.starts_with("fault = ")) rows.emplace(number, name);
  }
  return rows;
}

TEST_CASE("quirks: every live fault of the catalogue is one of the farm's, under the same name") {
  for (const auto& [row, name] : rows_of_catalogue()) {
    CAPTURE(row);
    CAPTURE(name);
    CHECK(find_quirk(name) != nullptr);
  }
}

TEST_CASE("quirks: each has a name of its own, a row, a sentence, and changes something") {
  std::set<std::string_view> names;
  for (const quirk* q : all_quirks()) {
    CAPTURE(q->name);
    CHECK(names.insert(q->name).second);
    CHECK_FALSE(fault_from(q->name));
    CHECK(q->row >= 1);
    CHECK(q->row <= 100);
    CHECK(q->world.size() > 8);
    const bool acts = q->instead || q->reply || q->sdp || q->media_time || q->packets || q->wire ||
                      q->report || q->gives_up || q->plays_early || q->is_mute || q->changes_size ||
                      q->is_h265 || q->demands_sha256 || q->demands_own_uri || q->is_mute_on_udp ||
                      q->preroll_frames > 0;
    CHECK(acts);
    CHECK(name_of(trouble_from(q->name).value()) == q->name);
  }
  CHECK(names.size() >= 70);
}

bytes nal_of(std::size_t size, std::uint8_t header) {
  bytes nal(size, 0x55);
  nal[0] = header;
  return nal;
}

// A key picture as a camera sends it: SPS, PPS and SEI together, then two slices.
struct key_picture {
  std::vector<bytes> nals{nal_of(12, 0x67), nal_of(5, 0x68), nal_of(80, 0x06), nal_of(900, 0x65),
                          nal_of(4000, 0x65)};
  packet_train head, tail;
  camera_memory camera;
  quirk_memory memory;
  key_picture() {
    head.add_together(std::array<byte_span, 3>{nals[0], nals[1], nals[2]});
    head.add_nal(nals[3], false);
    tail.add_nal(nals[4], true);
    memory.camera = &camera;
  }
  std::vector<rtp_piece> pieces() const { return pieces_of(head, tail, 9000, 7); }
  std::vector<rtp_piece> under(std::string_view name) {
    auto all = pieces();
    named(name).packets(all, memory);
    return all;
  }
  bytes framed(const std::vector<rtp_piece>& all) const {
    bytes out;
    rtp_state state;
    state.sequence = 100;
    state.ssrc = 7;
    append_pieces(all, state, out);
    return out;
  }
};

TEST_CASE("pieces: a picture taken apart and put together is the same bytes") {
  const key_picture picture;
  bytes straight;
  rtp_state state;
  state.sequence = 100;
  state.ssrc = 7;
  append_packets(picture.head, state, 9000, straight);
  append_packets(picture.tail, state, 9000, straight);
  CHECK(picture.framed(picture.pieces()) == straight);
  CHECK(nals_in(picture.pieces()) == picture.nals);
  const auto small = pieces_for(picture.nals, picture.pieces().front(), 300);
  CHECK(nals_in(small) == picture.nals);
  CHECK(small.back().marked);
  CHECK(std::count_if(small.begin(), small.end(), [](const auto& p) { return p.marked; }) == 1);
}

TEST_CASE("quirks: how a picture is packed changes, the picture does not") {
  for (const char* name : {"frame_size", "early_marker", "ts_change_mid_au", "no_marker"}) {
    CAPTURE(name);
    key_picture picture;
    CHECK(nals_in(picture.under(name)) == picture.nals);
  }
  key_picture picture;
  const auto marked = picture.under("early_marker");
  CHECK(std::count_if(marked.begin(), marked.end(), [](const auto& p) { return p.marked; }) == 4);
  CHECK(picture.under("ts_change_mid_au").front().rtp_ts == 8999);
  CHECK(picture.under("ts_change_mid_au").back().rtp_ts == 9000);
  for (const auto& piece : picture.under("no_marker")) CHECK_FALSE(piece.marked);
}

TEST_CASE("quirks: small NAL units become fragments that are first and last at once") {
  key_picture picture;
  const auto pieces = picture.under("fu_start_end");
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(pieces[i].payload[0] % 32 == 28);
    CHECK(pieces[i].payload[1] / 64 == 3);
    CHECK(pieces[i].payload[1] % 32 == picture.nals[i][0] % 32);
    CHECK(std::equal(pieces[i].payload.begin() + 2, pieces[i].payload.end(),
                     picture.nals[i].begin() + 1));
  }
}

TEST_CASE("quirks: start codes end up inside one NAL unit") {
  key_picture picture;
  const auto joined = nals_in(picture.under("annexb_in_nal"));
  REQUIRE(joined.size() == 1);
  std::size_t size = 0;
  for (const bytes& nal : picture.nals) size += nal.size() + 4;
  CHECK(joined[0].size() == size - 4);
}

TEST_CASE("quirks: numbers are repeated or left out as their cameras do") {
  key_picture picture;
  const auto numbers = [](const bytes& framed) {
    std::vector<unsigned> all;
    for (const auto& [begin, end] : frames_in(framed))
      all.push_back(framed[begin + 6] * 256U + framed[begin + 7]);
    return all;
  };
  const auto twins = numbers(picture.framed(picture.under("foreign_payload_type")));
  CHECK(twins == std::vector{100U, 101U, 102U, 103U, 104U, 104U});
  picture.memory.frames = 4 * 12 - 1;
  CHECK(numbers(picture.framed(picture.under("sequence_gap"))).front() == 101);
  const auto lost = numbers(picture.framed(picture.under("damaged_au")));
  CHECK(lost.back() - lost.front() == lost.size());
}

TEST_CASE("quirks: times go wrong as told, and reports go along") {
  quirk_memory memory;
  memory.first_ts = 1000;
  memory.frames = 12;
  const std::uint32_t later = 1000 + 90'000 * 100;
  CHECK(named("clock_drift").media_time(later, memory) == later + 2700);
  CHECK(named("endless_au").media_time(later, memory) == 1000);
  CHECK(named("max_jump").media_time(1000 + 90'000 * 8, memory) == 0);
  sender_report report;
  report.rtp_ts = later;
  named("clock_drift").report(report, memory);
  CHECK(report.rtp_ts == later + 2700);
  memory.frames = 21 * 12;
  named("clock_step").report(report, memory);
  CHECK(report.utc == 30'000'000);
}

TEST_CASE("quirks: descriptions keep what matters and lose what their cameras leave out") {
  const std::string sound =
      "v=0\r\no=- 1 1 IN IP4 127.1.0.1\r\ns=cam\r\nc=IN IP4 0.0.0.0\r\nt=0 "
      "0\r\na=tool:vigie-sim\r\n"
      "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
      "a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Zw==,aA==\r\na=control:trackID=1\r\n";
  const auto under = [&](std::string_view name) {
    std::string sdp = sound;
    named(name).sdp(sdp);
    return sdp;
  };
  CHECK(under("bad_origin").find("o=-") == std::string::npos);
  CHECK(under("sdp_lines").find('\r') == std::string::npos);
  CHECK(under("parameters").find("sprop") == std::string::npos);
  CHECK(under("parameters").find("packetization-mode=1") != std::string::npos);
  CHECK(under("control_missing").find("a=control") == std::string::npos);
  CHECK(under("fmtp").find("a=fmtp") < under("fmtp").find("a=rtpmap"));
  CHECK(under("fmtp").find("aA==;\r\n") != std::string::npos);
  for (const quirk* q : all_quirks())
    if (q->sdp != nullptr) {
      CAPTURE(q->name);
      CHECK(under(q->name).find("m=video") != std::string::npos);
      CHECK(under(q->name) != (q->is_h265 ? std::string{} : sound));
    }
}

struct conversation {
  account who;
  stream_description camera{"cam-0001", "127.1.0.1", "/stream", 12, 400};
  rtsp_dialogue dialogue{who, camera, {"n0nce", "SESSION1", 0xabcd, 77}};
  camera_memory beyond;
  quirk_memory memory;
  conversation() { memory.camera = &beyond; }

  // What a camera with that habit answers to somebody who knows the password.
  rtsp_reply ask(std::string_view name, const std::string& method, const std::string& uri,
                 std::vector<std::pair<std::string, std::string>> more = {}) {
    const quirk& odd = named(name);
    rtsp_request request{method, uri, std::move(more)};
    request.headers.emplace_back("cseq", "5");
    const std::string secret = md5_hex("vigie:vigie-sim:vigie-demo");
    request.headers.emplace_back(
        "authorization",
        fmt::format("Digest username=\"vigie\", realm=\"vigie-sim\", nonce=\"n0nce\", uri=\"{}\", "
                    "response=\"{}\"",
                    uri, md5_hex(secret + ":n0nce:" + md5_hex(method + ":" + uri))));
    rtsp_dialogue::moment now;
    now.sdp = "v=0\r\n";
    const reply_scene scene{request, camera, dialogue, memory};
    rtsp_reply reply;
    if (odd.instead == nullptr || !odd.instead(scene, reply)) reply = dialogue.handle(request, now);
    if (odd.reply != nullptr) odd.reply(scene, reply);
    return reply;
  }
};

const std::string url = "rtsp://127.1.0.1:8554/stream";

TEST_CASE("quirks: answers are refused, bent or left out as told") {
  conversation c;
  CHECK(c.ask("cseq", "DESCRIBE", url).find("CSeq") == nullptr);
  CHECK(*c.ask("cseq_blank", "DESCRIBE", url).find("CSeq") == "5 ");
  CHECK(c.ask("user_agent", "DESCRIBE", url).status.starts_with("401"));
  CHECK(c.ask("user_agent", "DESCRIBE", url, {{"user-agent", "x"}}).is_ok());
  CHECK(c.ask("options_refused", "OPTIONS", url).status.starts_with("404"));
  CHECK(c.ask("content_base", "DESCRIBE", url).find("Content-Base") == nullptr);
  CHECK(*c.ask("base_schemeless", "DESCRIBE", url).find("Content-Base") ==
        "127.1.0.1:8554/stream/");
  CHECK(*c.ask("control_join", "DESCRIBE", url).find("Content-Base") ==
        url + "?channel=1&subtype=0/");
  CHECK(c.ask("redirects", "DESCRIBE", url).status.starts_with("302"));
  CHECK(c.ask("redirects", "DESCRIBE", url + "/second").is_ok());
  CHECK(c.ask("message_bounds", "DESCRIBE", url).is_silent);
  CHECK(c.ask("transport", "SETUP", url, {{"transport", "RTP/AVP/TCP;interleaved=0-1"}})
            .status.starts_with("461"));
  CHECK(*c.ask("other_channels", "SETUP", url, {{"transport", "RTP/AVP/TCP;interleaved=0-1"}})
             .find("Transport") == "RTP/AVP/TCP;unicast;interleaved=2");
  CHECK(*c.ask("session_id", "PLAY", url).find("Session") == "F00DSESSION1");
  CHECK(c.ask("keepalive", "GET_PARAMETER", url).status.starts_with("454"));
  CHECK(c.ask("keepalive_silent", "OPTIONS", url).is_silent);
  CHECK(c.ask("teardown_refused", "TEARDOWN", url).status.starts_with("500"));
}

TEST_CASE("quirks: a client that leaves something out is given up after the camera's patience") {
  quirk_memory memory;
  memory.now = 1'000'000'000;
  CHECK_FALSE(named("receiver_reports").gives_up({1, 0, 0}, memory));
  memory.now += 11'000'000'000;
  CHECK_FALSE(named("receiver_reports").gives_up({1, 0, 0}, memory));
  memory.now += 2'000'000'000;
  CHECK(named("receiver_reports").gives_up({1, 0, 0}, memory));
  CHECK_FALSE(named("receiver_reports").gives_up({2, 0, 0}, memory));
  CHECK(named("keepalive_interval").gives_up({0, 0, 4'100'000'000}, memory));
  CHECK_FALSE(named("keepalive_interval").gives_up({0, 0, 3'900'000'000}, memory));
}

TEST_CASE("fleet: communes and sites divide the cameras without gap or overlap") {
  for (const fleet& f : {fleet{24, 3, 8}, fleet{3000, 151, 1000}, fleet{766, 27, 260}}) {
    unsigned next = 1;
    for (unsigned c = 1; c <= f.communes; ++c) {
      const index_range cameras = cameras_of_commune(f, c);
      CHECK(cameras.first == next);
      CHECK(cameras.last >= cameras.first);
      next = cameras.last + 1;
    }
    CHECK(next == f.cameras + 1);
  }
}

}  // namespace
