// SPDX-License-Identifier: Apache-2.0
#include "gateway/live_hub.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "live_support.hpp"

using namespace vigie;
using namespace vigie::gateway;
using vigie::test::task_queue;
using vigie::test::unit_maker;

namespace {

const camera_id cam{"cam-0001"};

/// A hub with feeds that count their sinks.
struct bench {
  std::map<camera_id, ingest::sink_ptr> sinks;
  int added = 0;
  int removed = 0;
  task_queue tasks;
  live_hub hub;

  explicit bench(live_options options = {})
      : hub{live_ports{[this](const camera_id& c, ingest::sink_ptr s) {
                         ++added;
                         sinks[c] = std::move(s);
                       },
                       [this](const camera_id& c, const ingest::sink_ptr& s) {
                         ++removed;
                         if (sinks[c] == s) sinks.erase(c);
                       }},
            tasks.post(), options} {}

  void feed(unit_maker& camera, int frames) {
    for (int i = 0; i < frames; ++i) sinks.at(cam)->on_access_unit(camera.next());
    tasks.run();
  }
};

/// "t" text, "i" init, "K" key fragment, "f" other fragment.
std::string drained(live_queue& queue) {
  std::string shape;
  while (auto m = queue.pop())
    shape += m->init ? 'i' : m->fragment ? (m->fragment->starts_with_key ? 'K' : 'f') : 't';
  return shape;
}

}  // namespace

TEST_SUITE("gateway/live_hub") {
  TEST_CASE("hub: one sink however many viewers, none after the last") {
    bench b;
    const auto first = b.hub.open(cam, {});
    const auto second = b.hub.open(cam, {});
    CHECK(b.added == 1);
    CHECK(b.hub.statistics().viewers == 2);
    b.hub.close(first);
    CHECK(b.removed == 0);
    b.hub.close(second);
    b.hub.close(second);
    CHECK(b.removed == 1);
    CHECK(b.hub.statistics().cameras == 0);
    CHECK(b.hub.statistics().opened_views == 2);
  }

  TEST_CASE("hub: a view starts with the announcement, the init segment and a key frame") {
    bench b;
    int wakes = 0;
    const auto viewer = b.hub.open(cam, [&] { ++wakes; });
    unit_maker camera{12};
    for (int i = 0; i < 5; ++i) (void)camera.next();  // the feed is amid a GOP
    b.feed(camera, 7);
    CHECK(drained(*viewer).empty());
    b.feed(camera, 8);
    CHECK(drained(*viewer) == "tiKf");
    CHECK(wakes == 1);
  }

  TEST_CASE("hub: a later viewer starts at once with the GOP under way") {
    bench b;
    const auto first = b.hub.open(cam, {});
    unit_maker camera{12};
    b.feed(camera, 8);
    const auto second = b.hub.open(cam, {});
    CHECK(drained(*second) == "tiKf");
    b.feed(camera, 4);
    CHECK(drained(*second) == "f");
  }

  TEST_CASE("hub: a shard thread only hands over; work happens on the hub's thread") {
    bench b;
    const auto viewer = b.hub.open(cam, {});
    unit_maker camera{12};
    b.sinks.at(cam)->on_access_unit(camera.next());
    CHECK(b.tasks.waiting() == 1);
    CHECK(drained(*viewer).empty());
  }

  TEST_CASE("hub: a slow viewer loses whole GOPs, is told, and nobody else notices") {
    live_options options;
    options.queue_bytes = 20'000;
    bench b{options};
    const auto fast = b.hub.open(cam, {});
    const auto slow = b.hub.open(cam, {});
    unit_maker camera{12, 1000};
    std::string fast_shape;
    for (int gop = 0; gop < 10; ++gop) {
      b.feed(camera, 12);
      fast_shape += drained(*fast);
    }
    std::string expected = "ti";
    for (int gop = 0; gop < 10; ++gop) expected += "Kff";
    CHECK(fast_shape == expected);
    CHECK(fast->dropped_gops() == 0);
    CHECK(slow->dropped_gops() >= 8);
    CHECK(slow->waiting_bytes() <= 20'000);

    // What it still gets is decodable: after a hole comes a key frame, and the notice before it.
    (void)drained(*slow);
    b.feed(camera, 12 * 3);
    (void)drained(*slow);
    b.feed(camera, 12);
    const auto after = drained(*slow);
    CHECK(after.find_first_of("Kf") == after.find('K'));
    CHECK(b.hub.statistics().dropped_gops == slow->dropped_gops() + fast->dropped_gops());
  }

  TEST_CASE("hub: the notice of dropped GOPs carries the count") {
    live_options options;
    options.queue_bytes = 6'000;
    bench b{options};
    const auto viewer = b.hub.open(cam, {});
    unit_maker camera{12, 1000};
    b.feed(camera, 12);  // the second fragment does not fit
    CHECK(viewer->dropped_gops() == 1);
    (void)drained(*viewer);
    b.feed(camera, 4);
    const auto notice = viewer->pop();
    REQUIRE(notice);
    CHECK(notice->text == R"({"kind":"dropped","gops":1})");
  }

  TEST_CASE("hub: a new generation is announced before its first key frame") {
    bench b;
    const auto viewer = b.hub.open(cam, {});
    unit_maker camera{12};
    b.feed(camera, 6);
    CHECK(drained(*viewer) == "tiK");
    camera.new_generation();
    b.feed(camera, 4);
    CHECK(drained(*viewer) == "ftiK");
  }

  TEST_CASE("hub: the end of a session is told, so that nothing stale looks live") {
    bench b;
    const auto viewer = b.hub.open(cam, {});
    unit_maker camera{12};
    b.feed(camera, 2);
    b.sinks.at(cam)->on_end_of_session();
    b.tasks.run();
    CHECK(drained(*viewer) == "tiKt");
  }

  TEST_CASE("hub: when its own thread hangs, memory stays bounded and the view recovers") {
    live_options options;
    options.handover_units = 24;
    bench b{options};
    const auto viewer = b.hub.open(cam, {});
    unit_maker camera{12};
    for (int i = 0; i < 1000; ++i) b.sinks.at(cam)->on_access_unit(camera.next());
    CHECK(b.tasks.waiting() == 24);
    b.tasks.run();
    CHECK(b.hub.statistics().dropped_units == 976);
    (void)drained(*viewer);
    b.feed(camera, 24);
    CHECK(drained(*viewer).find('K') != std::string::npos);
  }

  TEST_CASE("hub: a sink that outlives its view is harmless") {
    bench b;
    const auto viewer = b.hub.open(cam, {});
    const auto sink = b.sinks.at(cam);
    unit_maker camera{12};
    sink->on_access_unit(camera.next());
    b.hub.close(viewer);
    sink->on_access_unit(camera.next());
    b.tasks.run();
    CHECK(drained(*viewer).empty());
  }

  TEST_CASE("queue: streams that start over and over do not pile up") {
    live_queue queue{1 << 20, {}};
    auto init = std::make_shared<live_init>();
    init->announcement = "{}";
    init->bytes.resize(800);
    for (int i = 0; i < 10'000; ++i) queue.start(init);
    CHECK(queue.waiting_bytes() < 300'000);
    CHECK(drained(queue).size() <= 260);
  }
}
