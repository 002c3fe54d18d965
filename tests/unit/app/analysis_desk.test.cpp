// SPDX-License-Identifier: Apache-2.0
#include "app/analysis_desk.hpp"

#include <doctest/doctest.h>
#include <vigie/analytics.h>

#include <atomic>

#include "bus/subjects.hpp"
#include "support/eventually.hpp"

using namespace vigie;
using namespace std::chrono_literals;

namespace {

constexpr utc_us start_utc = 1'780'000'000'000'000;
const camera_id yard{"cam-0001"};

domain::topology one_camera() {
  domain::camera_entry camera;
  camera.id = yard;
  camera.purposes = {domain::purpose::public_buildings_protection};
  camera.controller = domain::controller_kind::municipal_police;
  domain::site_entry site{site_id{"school"}, "School", "school", {camera}};
  domain::topology out;
  out.communes = {{commune_id{"95018"}, "Argenteuil", {site}}};
  return out;
}

domain::legal_basis basis_until(utc_us until) {
  domain::legal_basis b;
  b.id = "TEST-1";
  b.is_enabled = true;
  b.valid_from = 0;
  b.valid_until = until;
  b.events = {domain::authorised_event::forbidden_zone};
  b.controllers = {domain::controller_kind::municipal_police};
  b.cameras = {yard};
  return b;
}

plugin_host::manifest manifest_of(plugin_host::analysis_class kind) {
  plugin_host::manifest m;
  m.id = "org.test.zone";
  m.kind = plugin_host::plugin_kind::analytics;
  m.analysis = kind;
  m.events = {kind == plugin_host::analysis_class::statistical ? VIGIE_EVENT_COUNT_AGGREGATE
              : kind == plugin_host::analysis_class::technical ? VIGIE_EVENT_PICTURE_BLACK
                                                               : VIGIE_EVENT_FORBIDDEN_ZONE};
  m.purposes = {"public_buildings_protection"};
  return m;
}

/// A desk whose plugin, pictures, clock, bus and journal are the test's.
struct desk_bench {
  explicit desk_bench(plugin_host::analysis_class kind, domain::gate_rules rules = {})
      : declared{manifest_of(kind)}, gate{places, std::move(rules)} {}

  app::analysis_host host() {
    return {[this](const std::string&) { return std::optional{declared}; },
            [](const std::string&) { return std::optional{plugin_host::frame_wish{}}; },
            [] { return std::vector<plugin_host::plugin_status>{}; },
            [this](const std::string&, const camera_id&) { ++attached; },
            [this](const std::string&, const camera_id&) { ++detached; },
            [this](const std::string&, const camera_id&, plugin_host::picture) { ++offered; }};
  }
  app::analysis_ports ports() {
    return {places,
            gate,
            time,
            [this](bus::event_message event) {
              std::lock_guard lock{mutex};
              events.push_back(std::move(event));
            },
            [this](domain::finding_evidence) { ++found; },
            [this](const journal::access_entry& act) -> result<void> {
              if (is_journal_broken) return fail(errc::disk_full, "no room");
              std::lock_guard lock{mutex};
              acts.push_back(act);
              return {};
            }};
  }
  app::picture_door door() {
    return {[this](const camera_id&, const std::string&, analytics::picture_order wanted) {
              std::lock_guard lock{mutex};
              order = std::move(wanted);
            },
            [this](const camera_id&, const std::string&) {
              std::lock_guard lock{mutex};
              order.reset();
            }};
  }
  void begin() {
    desk.use(door());
    desk.add({"org.test.zone", {}, false, "{}", {}});
    plugin_host::plugin_status runs;
    runs.id = "org.test.zone";
    runs.state = plugin_host::plugin_state::running;
    desk.on_state(runs);
    desk.camera_started(yard);
  }
  bool is_ordered() {
    std::lock_guard lock{mutex};
    return order.has_value();
  }
  void show_picture() {
    analytics::picture_taker take;
    {
      std::lock_guard lock{mutex};
      take = order.value().take;
    }
    take(yard, {});
  }
  void signal(std::int32_t type, std::uint32_t count = 0) {
    plugin_host::detection said;
    said.event_type = type;
    said.active = -1;
    said.count = count;
    desk.on_detection("org.test.zone", yard, said);
  }
  std::size_t events_of(std::string_view type) {
    std::lock_guard lock{mutex};
    std::size_t n = 0;
    for (const auto& event : events) n += event.type == type;
    return n;
  }
  std::vector<journal::access_entry> journal() {
    std::lock_guard lock{mutex};
    return acts;
  }
  /// Waits until it began to look for the n-th time, and the desk has done with it.
  bool sees(std::size_t n) {
    const bool began =
        test::eventually(20s, [&] { return events_of(bus::event_type::analysis_began) == n; });
    return desk.counts().open == 1 && began && is_ordered();
  }
  void enable_until(utc_us until) {
    gate.enable({{"org.test.zone", yard, "alba", "bruno", 0, until}});
  }

  std::mutex mutex;
  std::optional<analytics::picture_order> order;
  std::vector<bus::event_message> events;
  std::vector<journal::access_entry> acts;
  std::atomic<bool> is_journal_broken{false};
  std::atomic<int> attached{0}, detached{0}, offered{0}, found{0};
  const domain::topology centre = one_camera();
  const app::camera_places places{centre};
  const plugin_host::manifest declared;
  app::purpose_gate gate;
  manual_clock time{start_utc};
  app::analysis_desk desk{host(), ports()};
};

domain::gate_rules rules_with(domain::legal_basis basis) {
  domain::gate_rules rules;
  rules.bases = {std::move(basis)};
  return rules;
}

using plugin_host::analysis_class;
namespace event_type = bus::event_type;

}  // namespace

TEST_CASE("analysis desk: technical events are health causes, no other event is") {
  CHECK(app::cause_of_event(VIGIE_EVENT_PICTURE_BLACK) == domain::health_cause::black_picture);
  CHECK(app::cause_of_event(VIGIE_EVENT_PICTURE_FROZEN) == domain::health_cause::frozen_picture);
  CHECK(app::cause_of_event(VIGIE_EVENT_PICTURE_BLURRED) == domain::health_cause::blurred_picture);
  CHECK(app::cause_of_event(VIGIE_EVENT_PICTURE_COVERED) == domain::health_cause::covered_picture);
  CHECK(app::cause_of_event(VIGIE_EVENT_CAMERA_MOVED) == domain::health_cause::moved_camera);
  for (const auto other : {0, VIGIE_EVENT_COUNT_AGGREGATE, VIGIE_EVENT_FORBIDDEN_ZONE, 9999})
    CHECK_FALSE(app::cause_of_event(other));
}

TEST_CASE("analysis desk: a technical analysis sees at once, without a line in the journal") {
  desk_bench b{analysis_class::technical};
  b.begin();
  REQUIRE(b.is_ordered());
  b.show_picture();
  CHECK(b.offered == 1);
  CHECK(b.journal().empty());
  CHECK(b.desk.counts().refused == 0);
}

TEST_CASE("analysis desk: without a basis an analysis of security events gets no picture") {
  desk_bench b{analysis_class::security_event};
  b.begin();
  CHECK_FALSE(b.is_ordered());
  CHECK(b.attached == 0);
  CHECK(b.desk.counts().refused == 1);
  CHECK(b.events_of(event_type::analysis_refused) == 1);
  REQUIRE(test::eventually(20s, [&] { return b.journal().size() == 1; }));
  CHECK(b.journal()[0].authority == commune_id{"95018"});
  CHECK(b.journal()[0].reason.find("LEG-50") != std::string::npos);
  // It is told once, however often it is asked again.
  for (int i = 0; i < 10; ++i) b.desk.review();
  b.signal(VIGIE_EVENT_FORBIDDEN_ZONE);
  CHECK(b.events_of(event_type::analysis_refused) == 1);
  CHECK(b.events_of(event_type::detection) == 0);
  CHECK(b.desk.counts().refused == 1);
  CHECK(b.desk.counts().suppressed == 1);
}

TEST_CASE("analysis desk: with basis and two persons it sees, after the journal says so") {
  desk_bench b{analysis_class::security_event, rules_with(basis_until(start_utc + 60'000'000))};
  b.enable_until(domain::end_of_time);
  b.begin();
  REQUIRE(b.sees(1));
  REQUIRE(b.journal().size() == 1);
  CHECK(b.journal()[0].recipient == "org.test.zone");
  CHECK(b.journal()[0].verb == journal::access_verb::consultation);
  b.show_picture();
  CHECK(b.offered == 1);
  b.signal(VIGIE_EVENT_FORBIDDEN_ZONE);
  CHECK(b.events_of(event_type::detection) == 1);
  CHECK(b.events_of(event_type::analysis_began) == 1);
  CHECK(b.desk.counts().open == 1);
}

TEST_CASE("analysis desk: a journal that cannot be written keeps the gate shut") {
  desk_bench b{analysis_class::security_event, rules_with(basis_until(domain::end_of_time))};
  b.enable_until(domain::end_of_time);
  b.is_journal_broken = true;
  b.begin();
  for (int i = 0; i < 20; ++i) {
    b.desk.review();
    CHECK_FALSE(b.is_ordered());
  }
  b.is_journal_broken = false;
  CHECK(test::eventually(20s, [&] {
    b.desk.review();
    return b.is_ordered();
  }));
  CHECK(b.journal().size() >= 1);
}

TEST_CASE("analysis desk: a permission ends at its second, under a running analysis") {
  desk_bench b{analysis_class::security_event, rules_with(basis_until(start_utc + 60'000'000))};
  b.enable_until(domain::end_of_time);
  b.begin();
  REQUIRE(b.sees(1));
  b.time.advance(59s + 999'999us);
  b.show_picture();
  CHECK(b.offered == 1);
  b.signal(VIGIE_EVENT_FORBIDDEN_ZONE);
  CHECK(b.events_of(event_type::detection) == 1);
  // No review came in between: the picture itself asks the clock.
  b.time.advance(1us);
  b.show_picture();
  b.signal(VIGIE_EVENT_FORBIDDEN_ZONE);
  CHECK(b.offered == 1);
  CHECK(b.events_of(event_type::detection) == 1);
  CHECK(b.desk.counts().withheld_frames == 1);
  b.desk.review();
  CHECK_FALSE(b.is_ordered());
  CHECK(b.detached == 1);
  CHECK(b.desk.counts().ended == 1);
  CHECK(b.desk.counts().open == 0);
  CHECK(b.events_of(event_type::analysis_ended) == 1);
  REQUIRE(test::eventually(20s, [&] { return b.journal().size() == 2; }));
  CHECK(b.journal()[1].detail == "analysis ends");
  b.desk.review();
  CHECK(b.desk.counts().ended == 1);
}

TEST_CASE("analysis desk: what two persons enable opens while it runs, what they end shuts") {
  desk_bench b{analysis_class::security_event, rules_with(basis_until(domain::end_of_time))};
  b.begin();
  CHECK_FALSE(b.is_ordered());
  REQUIRE(test::eventually(20s, [&] { return b.journal().size() == 1; }));
  CHECK(b.journal()[0].reason.find("M17") != std::string::npos);
  b.enable_until(start_utc + 10'000'000);
  b.desk.review();
  REQUIRE(b.sees(1));
  b.enable_until(start_utc + 5'000'000);
  b.desk.review();
  b.time.advance(5s);
  b.show_picture();
  CHECK(b.offered == 0);
  b.gate.enable({});
  b.desk.review();
  CHECK_FALSE(b.is_ordered());
}

TEST_CASE("analysis desk: a camera that stops is hidden, a plugin that ends sees nothing") {
  desk_bench b{analysis_class::security_event, rules_with(basis_until(domain::end_of_time))};
  b.enable_until(domain::end_of_time);
  b.begin();
  REQUIRE(b.sees(1));
  plugin_host::plugin_status ends;
  ends.id = "org.test.zone";
  ends.state = plugin_host::plugin_state::waiting;
  b.desk.on_state(ends);
  CHECK_FALSE(b.is_ordered());
  ends.state = plugin_host::plugin_state::running;
  b.desk.on_state(ends);
  REQUIRE(b.sees(2));
  b.desk.camera_stopped(yard);
  CHECK_FALSE(b.is_ordered());
  CHECK(b.detached == 1);
}

TEST_CASE("analysis desk: statistics leave as counts at the threshold or above, and nothing else") {
  domain::gate_rules rules;
  rules.aggregation_threshold = 10;
  desk_bench b{analysis_class::statistical, rules};
  b.begin();
  REQUIRE(b.is_ordered());
  b.signal(VIGIE_EVENT_COUNT_AGGREGATE, 9);
  b.signal(VIGIE_EVENT_COUNT_AGGREGATE, 0);
  b.signal(VIGIE_EVENT_FORBIDDEN_ZONE, 50);
  CHECK(b.events_of(event_type::detection) == 0);
  CHECK(b.desk.counts().suppressed == 3);
  b.signal(VIGIE_EVENT_COUNT_AGGREGATE, 10);
  CHECK(b.events_of(event_type::detection) == 1);
}
