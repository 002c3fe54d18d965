// SPDX-License-Identifier: Apache-2.0
#include "rtsp/url.hpp"

#include <doctest/doctest.h>

using namespace vigie;
using namespace vigie::rtsp;

namespace {

std::string canonical(std::string_view text) {
  const auto parsed = parse_url(text);
  return parsed ? parsed->to_text() : std::string{name_of(parsed.error().code)};
}

std::string joined(std::string_view base, std::string_view control, quirk_policies policies = {}) {
  quirk_counters counters;
  return join_control(parse_url(base).value(), control, policies, counters).to_text();
}

std::string based(std::string_view content_base, std::string_view location = "") {
  quirk_counters counters;
  const auto request = parse_url("rtsp://10.0.0.5:8554/cam?ch=1").value();
  return resolve_base(content_base, location, request, {}, counters).to_text();
}

}  // namespace

TEST_CASE("url: parses and writes back, without the scheme's own port") {
  CHECK(canonical("rtsp://Cam.Example:554/A/b?C=1&d=2") == "rtsp://cam.example/A/b?C=1&d=2");
  CHECK(canonical("RTSP://10.0.0.1:8554") == "rtsp://10.0.0.1:8554");
  CHECK(canonical("rtsps://h/x") == "rtsps://h/x");
  CHECK(canonical("rtsps://h:554/x") == "rtsps://h:554/x");
  CHECK(canonical("rtsp://h?x=a@b") == "rtsp://h?x=a@b");
  CHECK(canonical("rtsp://h/a#part") == "rtsp://h/a");
  CHECK(canonical("rtsp://[2001:db8::1]:8554/x") == "rtsp://[2001:db8::1]:8554/x");
  CHECK(parse_url("rtsps://h/x")->port == 322);
}

TEST_CASE("url: a doubled scheme and a bare IPv6 host are repaired, never towards less security") {
  CHECK(canonical("rtsp://rtsp://h/x") == "rtsp://h/x");
  CHECK(canonical("rtsps://rtsp://h/x") == "rtsps://h/x");
  CHECK(canonical("rtsp://::ffff:10.0.0.1/x") == "rtsp://[::ffff:10.0.0.1]/x");
}

TEST_CASE("url: refuses what it cannot mean") {
  for (const auto* text :
       {"", "http://h/", "rtsp://", "rtsp:///x", "rtsp://h:0/", "rtsp://h:65536/", "rtsp://h:x/",
        "rtsp://h h/", "rtsp://[::1/x", "rtsp://[::1]x/", "rtsp://h/a\nb", "10.0.0.1/x"})
    CHECK_MESSAGE(canonical(text) == "config_invalid", text);
  CHECK(canonical("rtsp://h/" + std::string(3000, 'a')) == "config_invalid");
}

TEST_CASE("url: credentials are refused and not repeated in the error") {
  const auto refused = parse_url("rtsp://admin:hunter2@10.0.0.1/x");
  REQUIRE(!refused);
  CHECK(refused.error().detail.find("hunter2") == std::string::npos);
  CHECK(refused.error().detail.find("credentials") != std::string::npos);
}

TEST_CASE("url: controls are appended, queries stay in front") {
  CHECK(joined("rtsp://h/s/", "trackID=1") == "rtsp://h/s/trackID=1");
  CHECK(joined("rtsp://h/s", "trackID=1") == "rtsp://h/s/trackID=1");
  CHECK(joined("rtsp://h/s?ch=1", "trackID=1") == "rtsp://h/s?ch=1/trackID=1");
  CHECK(joined("rtsp://h/s/", "/trackID=1") == "rtsp://h/s/trackID=1");
  CHECK(joined("rtsp://h/s", "*") == "rtsp://h/s");
  CHECK(joined("rtsp://h/s", "") == "rtsp://h/s");
}

TEST_CASE("url: a joined or completed URL has no fragment and stays within the bound of a URL") {
  CHECK(joined("rtsp://h/s", "?#uery") == "rtsp://h/s/?");
  CHECK(joined("rtsp://h/s", "#trackID=1") == "rtsp://h/s");
  CHECK(joined("rtsp://h/s", "t=" + std::string(3000, '1')) == "rtsp://h/s");
  CHECK(based("/stream/#top") == "rtsp://10.0.0.5:8554/stream/");
  CHECK(based("/" + std::string(3000, 'a')) == "rtsp://10.0.0.5:8554/cam?ch=1");
}

TEST_CASE("url: only IPv6 stands in brackets") {
  CHECK(canonical("rtsp://[%0d%0a1]/a") == "config_invalid");
  CHECK(canonical("rtsp://[camera]/a") == "config_invalid");
  CHECK(parse_url("rtsp://[fe80::1%25eth0]/a")->to_text() == "rtsp://[fe80::1%25eth0]/a");
}

TEST_CASE("url: the policy rfc3986 replaces the last segment instead") {
  quirk_policies policies;
  policies.control_join = control_join_policy::rfc3986;
  CHECK(joined("rtsp://h/a/s?q=/", "trackID=1", policies) == "rtsp://h/a/trackID=1");
  CHECK(joined("rtsp://h/a/s", "/t", policies) == "rtsp://h/t");
  CHECK(joined("rtsp://h", "t", policies) == "rtsp://h/t");
}

TEST_CASE("url: an absolute control keeps its path on the host we are connected to") {
  CHECK(joined("rtsp://h:8554/s", "rtsp://192.168.0.64/live/video") == "rtsp://h:8554/live/video");
  CHECK(joined("rtsp://h/s", "rtsp://a:b@h/live") == "rtsp://h/live");
  quirk_policies trusting;
  trusting.trust_described_host = true;
  CHECK(joined("rtsp://h/s", "rtsp://192.168.0.64/v", trusting) == "rtsp://192.168.0.64/v");
}

TEST_CASE("url: the base is Content-Base, else Content-Location, else the request") {
  CHECK(based("rtsp://10.0.0.5:8554/a/", "rtsp://10.0.0.5:8554/b/") == "rtsp://10.0.0.5:8554/a/");
  CHECK(based("", "rtsp://10.0.0.5:8554/b/") == "rtsp://10.0.0.5:8554/b/");
  CHECK(based("") == "rtsp://10.0.0.5:8554/cam?ch=1");
  CHECK(based("\x01", "http://x/") == "rtsp://10.0.0.5:8554/cam?ch=1");
}

TEST_CASE("url: bases without scheme or host and bases of another host are repaired") {
  CHECK(based("10.0.0.5:554/stream/") == "rtsp://10.0.0.5:8554/stream/");
  CHECK(based("/stream/") == "rtsp://10.0.0.5:8554/stream/");
  CHECK(based("rtsp://192.168.1.64/stream/") == "rtsp://10.0.0.5:8554/stream/");
  CHECK(based("rtsp://u:p@10.0.0.5/stream/") == "rtsp://10.0.0.5:8554/stream/");
  CHECK(based("stream") == "rtsp://10.0.0.5:8554/cam?ch=1");
}
