// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>

#include "feed_bench.hpp"

using namespace vigie;
using namespace vigie::ingest;
using namespace vigie::test;
using namespace std::chrono_literals;

namespace {

feed_config udp_config() {
  auto config = feed_bench::default_config();
  config.policies.transport = rtsp::transport_policy::udp;
  return config;
}

std::uint64_t times_met(const feed_vitals& vitals, std::string_view quirk) {
  for (const auto& [name, times] : vitals.quirks)
    if (name == quirk) return times;
  return 0;
}

}  // namespace

TEST_CASE("feed: the transport is TCP unless the camera's configuration says UDP") {
  for (const bool is_udp : {false, true}) {
    feed_bench bench{is_udp ? udp_config() : feed_bench::default_config()};
    bench.has_udp = true;
    bench.camera.does_udp = true;
    bench.feed->start(bench.now());
    REQUIRE(bench.run_until_phase(feed_phase::advancing, 2s));
    CHECK(bench.camera.is_by_udp == is_udp);
    CHECK(bench.last().is_by_udp == is_udp);
    CHECK(bench.last().codec == media::codec::h264);
    CHECK(bench.aim.has_value() == is_udp);
  }
}

TEST_CASE("feed: UDP delivers pictures whole although their packets come in reverse") {
  feed_bench bench{udp_config()};
  bench.has_udp = true;
  bench.camera.does_udp = true;
  bench.feed->start(bench.now());
  REQUIRE(bench.run_until_phase(feed_phase::advancing, 2s));
  bench.is_udp_shuffled = true;
  bench.run(10s);
  CHECK(bench.phase() == feed_phase::advancing);
  CHECK(bench.last().lost_packets == 0);
  CHECK(times_met(bench.last(), "reorder") > 0);
  for (std::size_t i = 1; i < bench.sink->sequences.size(); ++i)
    CHECK(bench.sink->sequences[i] == bench.sink->sequences[i - 1] + 1);
  CHECK(bench.sink->sequences.size() >= 110);
}

TEST_CASE("feed: UDP that stays silent for 3 s falls back to TCP, and the camera is remembered") {
  feed_bench bench{udp_config()};
  bench.has_udp = true;
  bench.camera.does_udp = true;
  bench.is_udp_silent = true;
  bench.feed->start(bench.now());
  REQUIRE(bench.run_until_phase(feed_phase::advancing, 8s));
  CHECK_FALSE(bench.camera.is_by_udp);
  CHECK(bench.dialled.size() == 2);
  CHECK(times_met(bench.last(), "udp_silence") == 1);
  bench.cut(errc::io_reset);
  REQUIRE(bench.run_until_phase(feed_phase::idle));
  REQUIRE(bench.run_until_phase(feed_phase::advancing, 8s));
  CHECK_FALSE(bench.camera.is_by_udp);
}

TEST_CASE("feed: a camera that refuses UDP, and a shell without it, get TCP in the same session") {
  for (const bool has_udp : {false, true}) {
    feed_bench bench{udp_config()};
    bench.has_udp = has_udp;
    bench.feed->start(bench.now());
    REQUIRE(bench.run_until_phase(feed_phase::advancing, 2s));
    CHECK_FALSE(bench.last().is_by_udp);
    CHECK(bench.dialled.size() == 1);
  }
}

TEST_CASE("feed: receiver reports go out every 5 s, unless the policy says off") {
  for (const bool is_off : {false, true}) {
    auto config = feed_bench::default_config();
    if (is_off) config.policies.receiver_reports = rtsp::receiver_reports_policy::off;
    feed_bench bench{config};
    bench.feed->start(bench.now());
    REQUIRE(bench.run_until_phase(feed_phase::advancing, 2s));
    bench.run(26s);
    CHECK(bench.camera.reports == (is_off ? 0 : 5));
  }
}

TEST_CASE("feed: receiver reports by UDP are datagrams, with the hole punched again") {
  feed_bench bench{udp_config()};
  bench.has_udp = true;
  bench.camera.does_udp = true;
  bench.feed->start(bench.now());
  REQUIRE(bench.run_until_phase(feed_phase::advancing, 2s));
  const int before = bench.datagrams_sent;
  bench.run(11s);
  CHECK(bench.datagrams_sent == before + 4);
  CHECK(bench.camera.reports == 0);
}

TEST_CASE("feed: rtsps is dialled with TLS and its trust, or told to be unsupported") {
  auto config = feed_bench::default_config();
  config.url = "rtsps://192.0.2.7/stream";
  config.tls.ca_file = "/etc/vigie/ca.pem";
  {
    feed_bench bench{config};
    bench.feed->start(bench.now());
    bench.run(1s);
    CHECK(bench.trouble() == errc::config_invalid);
    CHECK(bench.dialled.empty());
  }
  for (const auto* vendor : {"", "acme"}) {
    config.vendor = vendor;
    config.quirks = std::make_shared<const rtsp::quirk_book>(
        std::vector<rtsp::quirk_rule>{{"", "acme", "", "", "", {{"tls_verify", "off"}}}});
    feed_bench bench{config};
    bench.has_tls = true;
    bench.feed->start(bench.now());
    REQUIRE(bench.run_until_phase(feed_phase::advancing, 2s));
    CHECK(bench.tls_dials == 1);
    CHECK(bench.dialled.front().first == "192.0.2.7:322");
    CHECK(bench.trusted.ca_file == "/etc/vigie/ca.pem");
    CHECK(bench.is_verified == config.vendor.empty());
    CHECK(bench.last().is_encrypted);
  }
}

TEST_CASE("feed: an untrusted certificate is for a human to mend") {
  auto config = feed_bench::default_config();
  config.url = "rtsps://192.0.2.7/stream";
  feed_bench bench{config};
  bench.has_tls = true;
  bench.net = feed_bench::network::swallows;
  bench.feed->start(bench.now());
  bench.run(20ms);
  bench.feed->connect_failed(errc::tls_untrusted, bench.now());
  CHECK(bench.trouble() == errc::tls_untrusted);
  bench.run(10s);
  CHECK(bench.dialled.size() == 1);  // about the ceiling, half a minute
}

TEST_CASE(
    "feed: what the camera does wrong is told by name, over all its sessions and for the node") {
  auto config = feed_bench::default_config();
  config.totals = std::make_shared<quirk_totals>();
  config.quirks = std::make_shared<const rtsp::quirk_book>(
      std::vector<rtsp::quirk_rule>{{"cam-1", "", "", "", "", {{"range_header", "omit"}}}});
  feed_bench bench{config};
  bench.feed->start(bench.now());
  REQUIRE(bench.run_until_phase(feed_phase::advancing, 2s));
  CHECK(bench.last().quirks.empty());
  CHECK(bench.last().overridden == std::vector<std::string_view>{"range_header"});
  const std::string stray = "$\x09" + std::string{"\x00\x0c", 2} + std::string(12, '\x80');
  const std::vector<std::uint8_t> frame{stray.begin(), stray.end()};
  bench.feed->bytes(frame, bench.now());
  bench.cut(errc::io_reset);
  bench.run(5s);
  bench.feed->bytes(frame, bench.now());
  bench.run(2s);
  CHECK(times_met(bench.last(), "unassigned_channel") == 2);
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < quirk_count; ++i)
    if (quirk_name(i) == "unassigned_channel") total = config.totals->value(i);
  CHECK(total == 2);
}

TEST_CASE("feed: a lost session of an old live555 is torn down first, and others wait for it") {
  auto config = feed_bench::default_config();
  config.stale_sessions = std::make_shared<rtsp::stale_sessions>();
  feed_bench bench{config};
  bench.camera.tool = "LIVE555 Streaming Media v2013.02.11";
  bench.feed->start(bench.now());
  REQUIRE(bench.run_until_phase(feed_phase::advancing, 2s));
  bench.cut(errc::io_reset);
  CHECK(config.stale_sessions->may_dial_at("192.0.2.7:8554", "cam-2", bench.time.mono()) >
        bench.time.mono() + to_ns(60s));
  REQUIRE(bench.run_until_phase(feed_phase::idle));
  REQUIRE(bench.run_until_phase(feed_phase::advancing, 8s));
  const auto& methods = bench.camera.methods;
  REQUIRE(methods.size() >= 3);
  CHECK(methods[1] == "TEARDOWN");
  CHECK(methods[2] == "DESCRIBE");
  CHECK(times_met(bench.last(), "stale_session_guard") == 1);
  CHECK(config.stale_sessions->may_dial_at("192.0.2.7:8554", "cam-2", bench.time.mono()) ==
        bench.time.mono());
}

TEST_CASE("feed: a camera whose server owes data to another's lost session waits for its expiry") {
  auto config = feed_bench::default_config();
  config.stale_sessions = std::make_shared<rtsp::stale_sessions>();
  feed_bench bench{config};
  config.stale_sessions->lost("192.0.2.7:8554", "cam-2", bench.time.mono() + to_ns(30s));
  bench.feed->start(bench.now());
  bench.run(29s);
  CHECK(bench.dialled.empty());
  CHECK(bench.run_until_phase(feed_phase::advancing, 3s));
}
