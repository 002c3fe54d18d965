// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/rtsp_dialogue.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace {

using namespace vigie::simulators;

TEST_CASE("digest: the example of RFC 2617 section 3.5 is accepted, any change is not") {
  const account who{"Mufasa", "Circle Of Life"};
  const std::string realm = "testrealm@host.com";
  const std::string nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
  const std::string answer = fmt::format(
      "Digest username=\"Mufasa\", realm=\"{}\", nonce=\"{}\", uri=\"/dir/index.html\", qop=auth, "
      "nc=00000001, cnonce=\"0a4f113b\", response=\"6629fae49393a05397450978507c4ef1\"",
      realm, nonce);
  CHECK(digest_matches(answer, "GET", who, realm, nonce));
  CHECK_FALSE(digest_matches(answer, "PUT", who, realm, nonce));
  CHECK_FALSE(digest_matches(answer, "GET", {"Mufasa", "circle of life"}, realm, nonce));
  CHECK_FALSE(digest_matches(answer, "GET", who, realm, "another nonce"));
  CHECK_FALSE(digest_matches("Basic dmlnaWU6dmlnaWU=", "GET", who, realm, nonce));
  CHECK_FALSE(digest_matches("Digest ", "GET", who, realm, nonce));
}

struct camera_side {
  account who;
  stream_description camera{"cam-0001", "127.1.0.1", "/stream", 12, 400};
  std::uint16_t udp_port = 0;
  rtsp_dialogue dialogue{who, camera, {"n0nce", "SESSION1", 0xabcd, 77}};

  rtsp_reply ask(const std::string& method, const std::string& uri,
                 std::vector<std::pair<std::string, std::string>> more = {}, bool authorised = true,
                 bool accept = true) {
    rtsp_request request{method, uri, std::move(more)};
    request.headers.emplace_back("cseq", "5");
    if (authorised) {
      const std::string secret = md5_hex("vigie:vigie-sim:vigie-demo");
      request.headers.emplace_back(
          "authorization",
          fmt::format(
              "Digest username=\"vigie\", realm=\"vigie-sim\", nonce=\"n0nce\", uri=\"{}\", "
              "response=\"{}\", qop=auth, nc=00000001, cnonce=\"c\"",
              uri, md5_hex(secret + ":n0nce:00000001:c:auth:" + md5_hex(method + ":" + uri))));
    }
    rtsp_dialogue::moment now;
    now.sdp = "v=0\r\n";
    now.next_rtp_ts = 9000;
    now.accept_password = accept;
    now.udp_port = udp_port;
    return dialogue.handle(request, now);
  }
};

const std::string url = "rtsp://127.1.0.1:8554/stream";
bool answers(const rtsp_reply& answer, std::string_view status) {
  return answer.text().starts_with(fmt::format("RTSP/1.0 {}", status));
}

TEST_CASE("dialogue: describe, set up, play, keep alive, tear down") {
  camera_side side;
  CHECK(answers(side.ask("OPTIONS", url, {}, false), "200"));
  const auto challenge = side.ask("DESCRIBE", url, {}, false);
  CHECK(answers(challenge, "401"));
  CHECK(challenge.text().find("nonce=\"n0nce\", qop=\"auth\"") != std::string::npos);
  const auto described = side.ask("DESCRIBE", url);
  CHECK(answers(described, "200"));
  CHECK(described.text().find("Content-Base: " + url + "/\r\n") != std::string::npos);
  CHECK(described.text().ends_with("\r\n\r\nv=0\r\n"));
  CHECK(answers(side.ask("PLAY", url), "455"));
  const auto set_up =
      side.ask("SETUP", url + "/trackID=1", {{"transport", "RTP/AVP/TCP;unicast;interleaved=4-5"}});
  CHECK(set_up.text().find("interleaved=4-5;ssrc=0000ABCD") != std::string::npos);
  CHECK(side.dialogue.transport().channel == 4);
  CHECK(answers(side.ask("PLAY", url, {{"session", "OTHER"}}), "454"));
  const auto played = side.ask("PLAY", url, {{"session", "SESSION1"}});
  CHECK(played.then == rtsp_reply::action::play);
  CHECK(played.text().find("RTP-Info: url=" + url + "/trackID=1;seq=77;rtptime=9000\r\n") !=
        std::string::npos);
  CHECK(answers(side.ask("GET_PARAMETER", url, {{"session", "SESSION1"}}), "200"));
  CHECK(side.ask("TEARDOWN", url, {{"session", "SESSION1"}}).then == rtsp_reply::action::hang_up);
}

TEST_CASE("dialogue: UDP is refused, and passed over where TCP is offered too") {
  camera_side side;
  CHECK(answers(side.ask("SETUP", url, {{"transport", "RTP/AVP;unicast;client_port=5000-5001"}}),
                "461"));
  CHECK(answers(side.ask("SETUP", url,
                         {{"transport",
                           "RTP/AVP;unicast;client_port=5000-5001,"
                           "RTP/AVP/TCP;interleaved=2-3"}}),
                "200"));
  CHECK(side.dialogue.transport().channel == 2);
}

TEST_CASE("dialogue: other paths are not found, other methods not implemented") {
  camera_side side;
  CHECK(answers(side.ask("DESCRIBE", "rtsp://127.1.0.1:8554/other"), "404"));
  CHECK(answers(side.ask("RECORD", url), "501"));
}

TEST_CASE("dialogue: a camera whose password changed refuses the old one") {
  camera_side side;
  CHECK(answers(side.ask("DESCRIBE", url, {}, true, false), "401"));
}

TEST_CASE("dialogue: UDP is accepted where the farm has it, and names both ports") {
  camera_side side;
  side.udp_port = 6000;
  const auto set_up =
      side.ask("SETUP", url, {{"transport", "RTP/AVP;unicast;client_port=5000-5001"}});
  CHECK(answers(set_up, "200"));
  CHECK(set_up.text().find("client_port=5000-5001;server_port=6000-6001") != std::string::npos);
  CHECK(side.dialogue.transport().is_udp);
  CHECK(side.dialogue.transport().client_port == 5000);
}

TEST_CASE("digest: SHA-256 is proven by SHA-256 alone") {
  const account who{"vigie", "secret"};
  const std::string answer =
      fmt::format("Digest username=\"vigie\", realm=\"r\", nonce=\"n\", uri=\"/\", response=\"{}\"",
                  sha256_hex(sha256_hex("vigie:r:secret") + ":n:" + sha256_hex("PLAY:/")));
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(digest_matches(answer, "PLAY", who, "r", "n", digest_hash::sha256));
  CHECK_FALSE(digest_matches(answer, "PLAY", who, "r", "n", digest_hash::md5));
  CHECK(digest_field(answer, "uri") == "/");
}

}  // namespace
