// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "libav_source/source_options.hpp"
#include "libav_source/timeline.hpp"
#include "rtsp/address.hpp"

using namespace std::chrono_literals;

TEST_SUITE("plugins/rtsp") {
  TEST_CASE("addresses: rtsp with a host, no credentials") {
    using vigie::rtsp_plugin::complaint_about;
    for (const char* good : {"rtsp://10.0.0.1/s", "rtsps://camera.example:322/s?x=1#f", "RTSP://h",
                             "rtsp://[2001:db8::1]:554/s", "rtsp://h/a@b"})
      CHECK(complaint_about(good).empty());
    for (const char* bad : {"", "http://h/", "rtsp://", "rtsp:///s", "rtsp://u:p@h/s",
                            "rtsp://h:0/", "rtsp://h:65536/", "rtsp://h:12x/", "rtsp://h:/",
                            "rtsp://[::1/s", "rtsp://[::1]x/", "rtsp://h/a b", "rtsp://h/\n"})
      CHECK_FALSE(complaint_about(bad).empty());
    CHECK_FALSE(complaint_about("rtsp://h/" + std::string(600, 'x')).empty());
  }
}

TEST_SUITE("plugins/libav_source") {
  TEST_CASE("addresses: what may be opened below them") {
    using namespace vigie::libav_source;
    CHECK(protocols_for("file:///x") == "file");
    CHECK(protocols_for("http://h/x").find("file") == std::string_view::npos);
    CHECK(protocols_for("https://h/x").find("http,") == std::string_view::npos);
    CHECK(complaint_about("http://h/x").empty());
    for (const char* bad :
         {"", "/etc/passwd", "concat:a|b", "http://", "http://u:p@h/", "http://h/\x01"})
      CHECK_FALSE(complaint_about(bad).empty());
  }

  TEST_CASE("timeline: times only grow; a jump begins a new generation") {
    vigie::libav_source::timeline times;
    CHECK(times.next(1000us, 0us).media_pts == 1000us);
    CHECK(times.next(1000us, 5us).media_pts == 1001us);  // rounding
    CHECK(times.next(2000us, 9us).generation == 1);
    CHECK(times.next(60s, 10us).generation == 2);
    const auto back = times.next(0us, 20us);
    CHECK(back.generation == 3);
    CHECK(back.media_pts == 0us);
    times.begin_generation();
    CHECK(times.next(std::nullopt, 7us).generation == 4);
  }
}
