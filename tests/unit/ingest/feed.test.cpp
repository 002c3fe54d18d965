// SPDX-License-Identifier: Apache-2.0
#include "ingest/feed.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <set>

#include "feed_bench.hpp"

using namespace vigie;
using namespace vigie::ingest;
using namespace vigie::test;
using namespace std::chrono_literals;
using network = feed_bench::network;
using stream = feed_bench::stream;

namespace {

/// A feed whose frames have advanced for three seconds.
struct playing_bench : feed_bench {
  explicit playing_bench(feed_config config = default_config()) : feed_bench{std::move(config)} {
    feed->start(now());
    REQUIRE(run_until_phase(feed_phase::advancing, 2s));
    run(3s);
    REQUIRE(phase() == feed_phase::advancing);
  }
  std::chrono::milliseconds time_until(const std::function<bool()>& done) {
    const auto from = time.mono();
    REQUIRE(run_until(done));
    return std::chrono::milliseconds{(time.mono() - from) / 1'000'000};
  }
};

std::vector<feed_phase> phases_of(const std::vector<feed_vitals>& reports) {
  std::vector<feed_phase> seen;
  for (const auto& report : reports)
    if (seen.empty() || seen.back() != report.phase) seen.push_back(report.phase);
  return seen;
}

}  // namespace

TEST_CASE("feed: from start to advancing, every phase is told once and in order") {
  feed_bench bench;
  bench.feed->start(bench.now());
  CHECK(bench.run_until_phase(feed_phase::advancing, 2s));
  const auto phases = phases_of(bench.reports);
  CHECK(std::is_sorted(phases.begin(), phases.end()));
  CHECK(phases.front() == feed_phase::dialing);
  CHECK(bench.dialled.front().first == "192.0.2.7:8554");
  CHECK(bench.last().authenticated);
  CHECK(bench.last().sessions == 1);
  CHECK_FALSE(bench.last().trouble);
}

TEST_CASE("feed: while frames advance, vitals come once a second and carry the figures") {
  playing_bench bench;
  bench.reports.clear();
  bench.run(10s);
  CHECK(bench.reports.size() >= 9);
  CHECK(bench.reports.size() <= 11);
  CHECK(bench.last().frames_per_s == doctest::Approx(12).epsilon(0.1));
  CHECK(bench.last().kbit_per_s > 40);
  CHECK(bench.last().width_px == 640);
  CHECK(bench.last().height_px == 360);
  CHECK(bench.last().lost_packets == 0);
  CHECK(bench.last().access_units == bench.sink->sequences.size());
  CHECK(bench.camera.reports >= 2);  // RTCP receiver reports, every 5 s
}

TEST_CASE("feed: a reset connection is told at once and dialled again after the back-off") {
  playing_bench bench;
  const auto cut_at = bench.time.mono();
  bench.cut(errc::io_reset);
  CHECK(bench.trouble() == errc::io_reset);
  CHECK(bench.phase() == feed_phase::idle);
  CHECK(bench.sink->ends == 1);
  REQUIRE(bench.run_until([&] { return bench.dialled.size() == 2; }));
  const auto waited = bench.dialled.back().second - cut_at;
  CHECK(waited >= to_ns(500ms));
  CHECK(waited <= to_ns(1050ms));
  CHECK(bench.run_until_phase(feed_phase::advancing));
  CHECK_FALSE(bench.trouble());
}

TEST_CASE("feed: sequences stay contiguous across sessions and generations grow") {
  playing_bench bench;
  bench.cut(errc::io_reset);
  REQUIRE(bench.run_until_phase(feed_phase::advancing));
  bench.run(1s);
  const auto& sequences = bench.sink->sequences;
  for (std::size_t i = 0; i < sequences.size(); ++i) REQUIRE(sequences[i] == i + 1);
  CHECK(bench.sink->generations.back() > bench.sink->generations.front());
}

TEST_CASE("feed: silence is a stall within the deadline, the session is abandoned after patience") {
  playing_bench bench;
  bench.sends = stream::nothing;
  CHECK(bench.time_until([&] { return bench.phase() == feed_phase::stalled; }) <= 1300ms);
  CHECK(bench.trouble() == errc::stall_silence);
  CHECK(bench.is_connected);
  const auto patience = bench.time_until([&] { return bench.camera.saw_teardown; });
  CHECK(patience >= 2900ms);
  CHECK(patience <= 3100ms);
  CHECK(bench.run_until([&] { return bench.dialled.size() == 2; }, 3s));
}

TEST_CASE("feed: control packets without video are a stall of their own kind") {
  playing_bench bench;
  bench.sends = stream::control_packets;
  CHECK(bench.time_until([&] { return bench.phase() == feed_phase::stalled; }) <= 1300ms);
  CHECK(bench.trouble() == errc::stall_rtcp_only);
}

TEST_CASE("feed: bytes that never make a picture are a drip") {
  playing_bench bench;
  bench.sends = stream::drip;
  CHECK(bench.time_until([&] { return bench.phase() == feed_phase::stalled; }) <= 1300ms);
  CHECK(bench.trouble() == errc::stall_drip);
}

TEST_CASE("feed: a silent camera that still answers RTSP never flaps") {
  playing_bench bench;
  bench.sends = stream::nothing;
  REQUIRE(bench.run_until_phase(feed_phase::stalled));
  bench.reports.clear();
  bench.run(120s);
  CHECK(bench.dialled.size() > 5);
  CHECK(bench.last().sessions > 5);
  std::set<errc> causes;
  for (const auto& report : bench.reports) {
    REQUIRE(report.trouble);
    CHECK(report.phase != feed_phase::advancing);
    causes.insert(report.trouble->code);
  }
  CHECK(causes == std::set<errc>{errc::stall_silence});
  bench.sends = stream::pictures;
  CHECK(bench.run_until_phase(feed_phase::advancing, 60s));
  CHECK_FALSE(bench.trouble());
}

TEST_CASE("feed: control packets of a stalled camera do not flicker between causes") {
  playing_bench bench;
  bench.sends = stream::control_packets;
  REQUIRE(bench.run_until_phase(feed_phase::stalled));
  bench.reports.clear();
  bench.run(60s);
  for (const auto& report : bench.reports) {
    REQUIRE(report.trouble);
    CHECK(report.trouble->code == errc::stall_rtcp_only);
  }
}

TEST_CASE("feed: one picture does not end a trouble, two do") {
  playing_bench bench;
  bench.sends = stream::nothing;
  REQUIRE(bench.run_until_phase(feed_phase::stalled));
  bench.feed->bytes(bench.camera.next_picture(), bench.now());
  CHECK(bench.phase() == feed_phase::stalled);
  CHECK(bench.trouble() == errc::stall_silence);
  bench.time.advance(80ms);
  bench.feed->bytes(bench.camera.next_picture(), bench.now());
  CHECK(bench.phase() == feed_phase::advancing);
  CHECK_FALSE(bench.trouble());
}

TEST_CASE("feed: a session that plays and never delivers is a stall too") {
  feed_bench bench;
  bench.sends = stream::nothing;
  bench.feed->start(bench.now());
  REQUIRE(bench.run_until_phase(feed_phase::stalled, 6s));
  CHECK(bench.trouble() == errc::stall_silence);
  CHECK(bench.run_until([&] { return bench.dialled.size() == 2; }, 6s));
}

TEST_CASE("feed: a wrong password is dialled again after minutes only") {
  feed_bench bench;
  bench.camera.wrong_password = true;
  bench.feed->start(bench.now());
  REQUIRE(bench.run_until([&] { return bench.trouble() == errc::auth_rejected; }, 3s));
  CHECK_FALSE(bench.last().authenticated);
  bench.run(290s);
  CHECK(bench.dialled.size() == 1);
  bench.camera.wrong_password = false;
  CHECK(bench.run_until_phase(feed_phase::advancing, 60s));
}

TEST_CASE("feed: digest authentication is answered") {
  feed_bench bench;
  bench.camera.asks_for_digest = true;
  bench.feed->start(bench.now());
  CHECK(bench.run_until_phase(feed_phase::advancing, 2s));
  CHECK(bench.last().authenticated);
}

TEST_CASE("feed: the back-off of a flapping camera grows although it plays each time") {
  feed_bench bench;
  bench.feed->start(bench.now());
  for (int i = 0; i < 12; ++i) {
    REQUIRE(bench.run_until_phase(feed_phase::advancing, 60s));
    bench.run(2s);
    bench.cut(errc::io_reset);
  }
  const auto from = bench.time.mono();
  REQUIRE(bench.run_until([&] { return bench.is_dialling || bench.is_connected; }, 60s));
  bench.run(0s);
  std::vector<mono_ns> gaps;
  for (std::size_t i = 1; i < bench.dialled.size(); ++i)
    gaps.push_back(bench.dialled[i].second - bench.dialled[i - 1].second);
  CHECK(*std::max_element(gaps.begin(), gaps.end()) > to_ns(8s));
  CHECK(bench.time.mono() - from <= to_ns(31s));
}

TEST_CASE("feed: a refused dial is told, and retried without end") {
  feed_bench bench;
  bench.net = network::refuses;
  bench.feed->start(bench.now());
  bench.run(300s);
  CHECK(bench.trouble() == errc::io_refused);
  CHECK(bench.dialled.size() >= 12);
  CHECK(bench.dialled.size() <= 60);
  bench.net = network::open;
  CHECK(bench.run_until_phase(feed_phase::advancing, 35s));
}

TEST_CASE("feed: a dial without answer ends at its time-out, one dial at a time") {
  feed_bench bench;
  bench.net = network::swallows;
  bench.feed->start(bench.now());
  REQUIRE(bench.run_until([&] { return bench.trouble() == errc::io_timeout; }));
  CHECK(bench.time.mono() - bench.dialled.front().second <= to_ns(3050ms));
  CHECK(bench.dialled.size() == 1);
  CHECK_FALSE(bench.is_dialling);
}

TEST_CASE("feed: a server that accepts and never speaks is an RTSP time-out") {
  feed_bench bench;
  bench.camera.answers = false;
  bench.feed->start(bench.now());
  REQUIRE(bench.run_until([&] { return bench.trouble().has_value(); }, 11s));
  CHECK(bench.trouble() == errc::rtsp_timeout);
  CHECK_FALSE(bench.is_connected);
}

TEST_CASE("feed: after a pause of the whole process nothing is called stalled") {
  playing_bench bench;
  bench.reports.clear();
  bench.time.advance(60s);  // SIGSTOP: no tick, no read
  bench.feed->tick(bench.now());
  bench.run(5s);
  for (const auto& report : bench.reports) CHECK_FALSE(report.trouble);
  CHECK(bench.phase() == feed_phase::advancing);
  CHECK(bench.dialled.size() == 1);
}

TEST_CASE("feed: a shard that is always late is pardoned once, not for ever") {
  playing_bench bench;
  bench.sends = stream::nothing;
  bool stalled = false;
  for (int i = 0; i < 4 && !stalled; ++i) {
    bench.time.advance(4s);
    bench.feed->tick(bench.now());
    stalled = bench.trouble() == errc::stall_silence;
  }
  CHECK(stalled);
}

TEST_CASE("feed: stop during a dial closes it and says nothing more") {
  feed_bench bench;
  bench.net = network::swallows;
  bench.feed->start(bench.now());
  bench.run(100ms);
  REQUIRE(bench.is_dialling);
  bench.reports.clear();
  bench.feed->stop(bench.now());
  CHECK(bench.feed->finished());
  CHECK_FALSE(bench.is_dialling);
  CHECK(bench.feed->wake_at() == feed::never);
  bench.feed->connected(bench.now());  // an answer that was under way
  CHECK(bench.feed->finished());
  CHECK(bench.reports.empty());
}

TEST_CASE("feed: stop while playing says TEARDOWN and finishes within the budget") {
  playing_bench bench;
  bench.feed->stop(bench.now());
  CHECK_FALSE(bench.feed->finished());
  const auto units = bench.sink->sequences.size();
  CHECK(bench.run_until([&] { return bench.feed->finished(); }, 1300ms));
  CHECK(bench.camera.saw_teardown);
  CHECK(bench.sink->ends == 1);
  CHECK(bench.sink->sequences.size() == units);
  CHECK_FALSE(bench.is_connected);
}

TEST_CASE("feed: stop finishes within the budget although the camera answers nothing") {
  playing_bench bench;
  bench.camera.answers = false;
  bench.feed->stop(bench.now());
  CHECK(bench.run_until([&] { return bench.feed->finished(); }, 1300ms));
  CHECK_FALSE(bench.is_connected);
}

TEST_CASE("feed: an address that cannot be used is told once and never dialled") {
  for (const auto* url :
       {"http://192.0.2.7/", "rtsp://user:hunter2@192.0.2.7/", "rtsps://192.0.2.7/"}) {
    auto config = feed_bench::default_config();
    config.url = url;
    feed_bench bench{config};
    bench.feed->start(bench.now());
    bench.run(60s);
    CHECK(bench.trouble() == errc::config_invalid);
    CHECK(bench.last().trouble->detail.find("hunter2") == std::string::npos);
    CHECK(bench.reports.size() == 1);
    CHECK(bench.dialled.empty());
  }
}

TEST_CASE("feed: garbage instead of RTSP ends the session with one readable trouble") {
  feed_bench bench;
  bench.camera.answers = false;
  bench.feed->start(bench.now());
  REQUIRE(bench.run_until_phase(feed_phase::negotiating));
  const std::vector<std::uint8_t> garbage(4096, 'x');
  for (int i = 0; i < 64 && bench.is_connected; ++i) bench.feed->bytes(garbage, bench.now());
  CHECK_FALSE(bench.is_connected);
  REQUIRE(bench.trouble());
  CHECK_FALSE(bench.last().trouble->detail.empty());
}

TEST_CASE("feed: a camera of one picture every two seconds is not stalled") {
  feed_bench bench;
  bench.sends = stream::nothing;
  bench.feed->start(bench.now());
  REQUIRE(bench.run_until_phase(feed_phase::playing));
  for (int i = 0; i < 30; ++i) {
    bench.feed->bytes(bench.camera.next_picture(), bench.now());
    bench.run(2s);
    CHECK(bench.phase() == feed_phase::advancing);
  }
}

TEST_CASE("feed: a late sink gets the units after it") {
  playing_bench bench;
  const auto late = std::make_shared<counting_sink>();
  bench.feed->add_sink(late);
  bench.run(1s);
  CHECK(late->sequences.size() >= 11);
  bench.feed->remove_sink(late);
  const auto before = late->sequences.size();
  bench.run(1s);
  CHECK(late->sequences.size() == before);
}

TEST_CASE("feed: a unit of a sweep says how far its arrival may be off") {
  struct keeping_sink final : ingest::sink {
    void on_access_unit(const media::access_unit_ptr& unit) noexcept override { last = unit; }
    media::access_unit_ptr last;
  };
  feed_bench bench;
  bench.feed->start(bench.now());
  const auto sink = std::make_shared<keeping_sink>();
  bench.feed->add_sink(sink);
  REQUIRE(bench.run_until([&] { return sink->last && bench.feed->is_steady(); }));
  bench.run(std::chrono::seconds{1});
  CHECK(sink->last->arrival_error_us == 0);
  CHECK(sink->last->quality == media::time_quality::arrival);

  auto swept = bench.now();
  swept.mono += 200'000'000;
  swept.utc += 200'000;
  swept.earliest = bench.now().mono;
  bench.feed->bytes(bench.camera.next_picture(), swept);
  const auto& unit = *sink->last;
  CHECK(unit.arrival_mono_ns >= swept.earliest);
  CHECK(unit.arrival_mono_ns <= swept.mono);
  CHECK(unit.quality == media::time_quality::swept_arrival);
  const auto farthest =
      std::max(unit.arrival_mono_ns - swept.earliest, swept.mono - unit.arrival_mono_ns);
  CHECK(unit.arrival_error_us == farthest / 1000);
  CHECK(unit.arrival_error_us >= 100'000);
}
