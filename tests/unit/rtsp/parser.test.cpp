// SPDX-License-Identifier: Apache-2.0
#include "rtsp/parser.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "unit/rtsp/splits.hpp"

using namespace vigie;
using namespace vigie::rtsp;
using namespace vigie::tests;

namespace {

struct outcome {
  std::vector<std::string> items;
  std::optional<error> failure;
  std::size_t most_buffered = 0;
  friend bool operator==(const outcome& a, const outcome& b) {
    return a.items == b.items && a.failure.has_value() == b.failure.has_value() &&
           (!a.failure || a.failure->code == b.failure->code);
  }
};

std::string describe(parser& p, parser::item item) {
  switch (item) {
    case parser::item::frame:
      return "frame " + std::to_string(p.frame().channel) + " " +
             std::string{p.frame().payload.begin(), p.frame().payload.end()};
    case parser::item::response:
      return to_text(p.response());
    case parser::item::request:
      return to_text(p.request());
    case parser::item::none:
      break;
  }
  return "none";
}

outcome parse(parser p, const std::vector<std::string_view>& pieces) {
  outcome out;
  for (const auto piece : pieces) {
    // Owned and dropped after the feed: a view kept too long is a use after free.
    const std::vector<std::uint8_t> read{piece.begin(), piece.end()};
    p.feed(read);
    while (true) {
      const auto item = p.next();
      if (!item) {
        out.failure = item.error();
        return out;
      }
      if (*item == parser::item::none) break;
      out.items.push_back(describe(p, *item));
    }
    out.most_buffered = std::max(out.most_buffered, p.buffered_bytes());
  }
  return out;
}

outcome parse_all_ways(const parser& fresh, std::string_view stream) {
  const auto whole = parse(fresh, {stream});
  each_split(stream, [&](const auto& pieces) { REQUIRE(parse(fresh, pieces) == whole); });
  return whole;
}

parser assigned(resync_policy policy = resync_policy::bounded) {
  parser p{policy};
  p.assign({.rtp_channel = 0, .rtcp_channel = 1, .payload_type = 96});
  return p;
}

}  // namespace

TEST_CASE("parser: a response with a body comes out the same however it is split") {
  const auto out = parse_all_ways(parser{},
                                  "RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Type: application/sdp\r\n"
                                  "Content-Length: 11\r\n\r\nv=0\r\nm=x 0\n");
  REQUIRE(out.items.size() == 1);
  CHECK(out.items[0].find("RTSP/1.0 200 OK\r\nCSeq: 2\r\n") == 0);
  CHECK(out.items[0].ends_with("\r\n\r\nv=0\r\nm=x 0\n"));
}

TEST_CASE("parser: what is held back counts until the message is complete, and no longer") {
  parser p;
  const std::string torn = "RTSP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nv=0";
  p.feed(bytes_of(torn));
  CHECK(p.next().value() == parser::item::none);
  CHECK(p.buffered_bytes() == torn.size());
  p.feed(bytes_of("\n"));
  CHECK(p.next().value() == parser::item::response);
  CHECK(p.buffered_bytes() == 0);
}

TEST_CASE("parser: header values lose the blanks around them, names match in any case") {
  parser p;
  const std::string text = "RTSP/1.0 200 OK\r\ncseq:\t 1  \r\nX-Empty:\r\nLong: a\r\n  b \r\n\r\n";
  p.feed(bytes_of(text));
  REQUIRE(p.next().value() == parser::item::response);
  CHECK(p.buffered_bytes() == 0);
  const auto& headers = p.response().headers;
  CHECK(headers.find("CSeq") == "1");
  CHECK(headers.find("X-EMPTY") == "");
  CHECK(headers.find("long") == "a b");
  CHECK(!headers.find("absent"));
}

TEST_CASE("parser: line feeds alone end lines, a status needs no reason") {
  const auto out = parse_all_ways(parser{}, "RTSP/1.0 454\nCSeq: 9\n\n");
  REQUIRE(out.items.size() == 1);
  CHECK(out.items[0] == "RTSP/1.0 454 \r\nCSeq: 9\r\n\r\n");
}

TEST_CASE(
    "parser: frames, messages and server requests interleave, blank lines between are skipped") {
  const auto stream = framed(0, rtp_text(1, "abc")) + "\r\n" + framed(1, rtcp_text()) +
                      "RTSP/1.0 200 OK\r\nCSeq: 5\r\n\r\n\r\n\r\n" + framed(0, rtp_text(2, "")) +
                      "OPTIONS rtsp://127.0.0.1/ RTSP/1.0\r\nCSeq: 1\r\n\r\n" +
                      "X-VENDOR_CALL * RTSP/1.0\r\nCSeq: 2\r\n\r\n" + framed(7, "") +
                      framed(0, std::string(65535, 'x'));
  const auto whole = parse(assigned(), {stream});
  REQUIRE(!whole.failure);
  REQUIRE(whole.items.size() == 8);
  CHECK(whole.items[0] == "frame 0 " + rtp_text(1, "abc"));
  CHECK(whole.items[1] == "frame 1 " + rtcp_text());
  CHECK(whole.items[2].starts_with("RTSP/1.0 200"));
  CHECK(whole.items[4].starts_with("OPTIONS rtsp://127.0.0.1/ RTSP/1.0"));
  CHECK(whole.items[5].starts_with("X-VENDOR_CALL * RTSP/1.0"));
  CHECK(whole.items[6] == "frame 7 ");
  CHECK(whole.items[7].size() == 65535 + 8);
  parse_all_ways(assigned(), std::string_view{stream}.substr(0, 260));
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    seeded_random random{seed};
    std::vector<std::string_view> pieces;
    for (std::size_t at = 0; at < stream.size(); at += pieces.back().size())
      pieces.push_back(std::string_view{stream}.substr(at, 1 + random.next() % 30'000));
    CHECK(parse(assigned(), pieces) == whole);
  }
}

TEST_CASE("parser: a frame that lies whole in the read is a view into it") {
  const auto stream = framed(0, rtp_text(1, "abc")) + framed(0, rtp_text(2, "def"));
  auto p = assigned();
  const auto read = bytes_of(stream);
  p.feed(read);
  REQUIRE(p.next().value() == parser::item::frame);
  CHECK(p.frame().payload.data() == read.data() + 4);
  REQUIRE(p.next().value() == parser::item::frame);
  CHECK(p.frame().payload.data() == read.data() + 4 + 15 + 4);
  CHECK(p.next().value() == parser::item::none);
  CHECK(p.buffered_bytes() == 0);
}

TEST_CASE("parser: after a torn frame the following ones are views again") {
  const auto stream = framed(0, rtp_text(1, "abc")) + framed(0, rtp_text(2, "def"));
  auto p = assigned();
  p.feed(bytes_of(stream).first(9));
  REQUIRE(p.next().value() == parser::item::none);
  const auto rest = bytes_of(stream).subspan(9);
  p.feed(rest);
  REQUIRE(p.next().value() == parser::item::frame);
  REQUIRE(p.next().value() == parser::item::frame);
  CHECK(p.frame().payload.data() == rest.data() + (19 - 9) + 4);
}

// -- hostile peers ------------------------------------------------------------------------------

TEST_CASE("parser: a Content-Length of 4 GiB is refused before any of the body") {
  for (const auto* length : {"4294967296", "262145", "99999999999999999999999999"}) {
    const auto out = parse_all_ways(
        parser{}, std::string{"RTSP/1.0 200 OK\r\nContent-Length: "} + length + "\r\n\r\n");
    REQUIRE(out.failure);
    CHECK(out.failure->code == errc::rtsp_too_large);
  }
}

TEST_CASE("parser: a Content-Length that is no number or contradicts itself is malformed") {
  for (const auto* lines : {"Content-Length: -1", "Content-Length: 0x10",
                            "Content-Length: ", "Content-Length: 5\r\nContent-Length: 6"}) {
    const auto out = parse(parser{}, {std::string{"RTSP/1.0 200 OK\r\n"} + lines + "\r\n\r\n"});
    REQUIRE(out.failure);
    CHECK(out.failure->code == errc::rtsp_malformed);
  }
}

TEST_CASE("parser: the bounds of headers hold exactly") {
  const auto with = [](std::size_t count, std::size_t name, std::size_t value) {
    std::string text = "RTSP/1.0 200 OK\r\n";
    for (std::size_t i = 0; i < count; ++i)
      text += std::string(name, 'n') + ": " + std::string(value, 'v') + "\r\n";
    return text + "\r\n";
  };
  CHECK(parse(parser{}, {with(64, 8, 8)}).items.size() == 1);
  CHECK(parse(parser{}, {with(65, 8, 8)}).failure->code == errc::rtsp_too_large);
  CHECK(parse(parser{}, {with(1, 256, 4096)}).items.size() == 1);
  CHECK(parse(parser{}, {with(1, 257, 8)}).failure->code == errc::rtsp_too_large);
  CHECK(parse(parser{}, {with(1, 8, 4097)}).failure->code == errc::rtsp_too_large);
  CHECK(parse(parser{}, {with(20, 8, 4000)}).failure->code ==
        errc::rtsp_too_large);  // 64 KiB in all
}

TEST_CASE("parser: folded lines cannot grow a value without bound") {
  std::string text = "RTSP/1.0 200 OK\r\nA: b\r\n";
  for (int i = 0; i < 60; ++i) text += " " + std::string(100, 'x') + "\r\n";
  CHECK(parse(parser{}, {text}).failure->code == errc::rtsp_too_large);
}

TEST_CASE(
    "parser: endless headers and an endless line are refused while they come, in small memory") {
  parser headers;
  parser line;
  const std::string start = "RTSP/1.0 200 OK\r\n";
  headers.feed(bytes_of(start));
  CHECK(headers.next().value() == parser::item::none);
  line.feed(bytes_of(start));
  CHECK(line.next().value() == parser::item::none);
  const auto drip = [](parser& p, std::string_view text) -> std::optional<errc> {
    for (int i = 0; i < 100'000; ++i) {
      p.feed(bytes_of(text));
      const auto item = p.next();
      if (!item) return item.error().code;
      REQUIRE(p.buffered_bytes() < 70'000);
    }
    return std::nullopt;
  };
  CHECK(drip(headers, "a: b\r\n") == errc::rtsp_too_large);
  CHECK(drip(line, "x") == errc::rtsp_too_large);
}

TEST_CASE("parser: a peer that speaks HTTP is named as such") {
  const auto out = parse_all_ways(parser{}, "HTTP/1.1 400 Bad Request\r\n\r\n");
  REQUIRE(out.failure);
  CHECK(out.failure->code == errc::rtsp_malformed);
  CHECK(out.failure->detail.find("HTTP") != std::string::npos);
}

TEST_CASE("parser: a broken start line or header is malformed while nothing is set up") {
  for (const auto* text : {"RTSP/2.0 200 OK\r\n", "RTSP/1.0 20 OK\r\n", "RTSP/1.0 2000 OK\r\n",
                           "RTSP/1.0 200 OK\r\nbin\x01\xff: x\r\n", "OPTIONS *\r\n"}) {
    const auto out = parse_all_ways(parser{}, text);
    REQUIRE(out.failure);
    CHECK(out.failure->code == errc::rtsp_malformed);
  }
}

TEST_CASE("parser: endless garbage ends with rtsp_framing after 64 KiB") {
  seeded_random random{7};
  std::string garbage;
  while (garbage.size() < 300'000) garbage += static_cast<char>(random.next());
  for (const auto& fresh : {parser{}, assigned()}) {
    const auto out = parse(fresh, {garbage});
    REQUIRE(out.failure);
    CHECK(out.failure->code == errc::rtsp_framing);
    std::vector<std::string_view> pieces;
    for (std::size_t at = 0; at < garbage.size(); at += 1000)
      pieces.push_back(std::string_view{garbage}.substr(at, 1000));
    const auto slow = parse(fresh, pieces);
    REQUIRE(slow.failure);
    CHECK(slow.most_buffered < 70'000);
  }
}

TEST_CASE("parser: framing lost by a torn frame is found again at the next plausible one") {
  // The camera's send buffer overflowed: 40 bytes of the second packet never left, so the length
  // swallows the start of what follows and the parser wakes in mid-payload.
  const auto torn = framed(0, rtp_text(2, std::string(100, 'p'))).substr(0, 76);
  const auto stream = framed(0, rtp_text(1, std::string(50, 'a'))) + torn +
                      framed(0, rtp_text(3, std::string(90, 'b'))) +
                      framed(0, rtp_text(4, "good")) + framed(1, rtcp_text());
  const auto out = parse_all_ways(assigned(), stream);
  REQUIRE(!out.failure);
  REQUIRE(out.items.size() == 4);
  CHECK(out.items[2] == "frame 0 " + rtp_text(4, "good"));
  CHECK(out.items[3] == "frame 1 " + rtcp_text());
}

TEST_CASE("parser: the search believes a frame only with version, payload type and SSRC right") {
  auto wrong_type = rtp_text(2, "xxxxxxxx");
  wrong_type[1] = '\x61';
  auto wrong_ssrc = rtp_text(3, "yyyyyyyy");
  wrong_ssrc[8] = '\x55';
  auto wrong_version = rtp_text(4, "zzzzzzzz");
  wrong_version[0] = '\x40';
  const auto stream = framed(0, rtp_text(1, "a")) + "#" + framed(0, wrong_type) +
                      framed(0, wrong_ssrc) + framed(0, wrong_version) +
                      framed(9, rtp_text(5, "q")) + framed(0, rtp_text(6, "good"));
  const auto out = parse_all_ways(assigned(), stream);
  REQUIRE(!out.failure);
  REQUIRE(out.items.size() == 2);
  CHECK(out.items[1] == "frame 0 " + rtp_text(6, "good"));
}

TEST_CASE("parser: a frame on a channel never set up is believed only if it looks like RTP") {
  const auto stray = framed(9, rtp_text(1, "stray"));
  const auto lie = framed(9, std::string(300, 'x')).substr(0, 40);
  const auto out = parse_all_ways(assigned(), stray + lie + framed(0, rtp_text(2, "good")));
  REQUIRE(!out.failure);
  REQUIRE(out.items.size() == 2);
  CHECK(out.items[0] == "frame 9 " + rtp_text(1, "stray"));
  CHECK(out.items[1] == "frame 0 " + rtp_text(2, "good"));
}

TEST_CASE("parser: a message is found in garbage, and a torn message costs only itself") {
  const auto stream = "garbage#" + std::string{"RTSP/1.0 200 OK\r\nCSeq: 4\r\n\r\n"} +
                      "RTSP/1.0 200 OK\r\nCSe\x01$\r\n" + framed(0, rtp_text(1, "good"));
  const auto out = parse_all_ways(assigned(), stream);
  REQUIRE(!out.failure);
  REQUIRE(out.items.size() == 2);
  CHECK(out.items[0].starts_with("RTSP/1.0 200 OK\r\nCSeq: 4"));
  CHECK(out.items[1] == "frame 0 " + rtp_text(1, "good"));
}

TEST_CASE("parser: more than 10 false candidates end the search") {
  auto lie = rtp_text(2, "xxxx");
  lie[0] = 0;
  std::string stream = "#";
  for (int i = 0; i < 11; ++i) stream += framed(0, lie);
  const auto out = parse_all_ways(assigned(), stream);
  REQUIRE(out.failure);
  CHECK(out.failure->code == errc::rtsp_framing);
}

TEST_CASE("parser: a peer that mixes garbage and frames for ever is not borne for ever") {
  auto p = assigned();
  const auto piece = framed(0, rtp_text(1, "good")) + "###";
  std::optional<error> failure;
  for (int i = 0; i < 100 && !failure; ++i) {
    p.feed(bytes_of(piece));
    while (true) {
      const auto item = p.next();
      if (!item) failure = item.error();
      if (!item || *item == parser::item::none) break;
    }
  }
  REQUIRE(failure);
  CHECK(failure->code == errc::rtsp_framing);
}

TEST_CASE("parser: rare damage over a long session is forgiven") {
  auto p = assigned();
  std::string piece = "###";
  for (int i = 0; i < 20; ++i) piece += framed(0, rtp_text(1, "good"));
  for (int i = 0; i < 100; ++i) {
    p.feed(bytes_of(piece));
    while (true) {
      const auto item = p.next();
      REQUIRE(item);
      if (*item == parser::item::none) break;
    }
  }
  CHECK(p.resyncs() == 100);
  CHECK(p.skipped_bytes() == 300);
}

TEST_CASE("parser: the policy refuse ends the stream at the first garbage") {
  const auto out = parse(assigned(resync_policy::refuse), {framed(0, rtp_text(1, "a")) + "#"});
  REQUIRE(out.failure);
  CHECK(out.failure->code == errc::rtsp_framing);
  CHECK(out.items.size() == 1);
}

TEST_CASE("message: nothing written can add a header") {
  request message;
  message.method = "OPTIONS";
  message.uri = "rtsp://h/a\r\nX: y";
  message.headers.add("CSeq", "1\r\nEvil: yes");
  const auto text = to_text(message);
  CHECK(text == "OPTIONS rtsp://h/aX: y RTSP/1.0\r\nCSeq: 1Evil: yes\r\n\r\n");
}
