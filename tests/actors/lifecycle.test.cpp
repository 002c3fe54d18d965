// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <optional>
#include <thread>

#include "support/eventually.hpp"
#include "support/sim_actors.hpp"

using namespace vigie;
using namespace std::chrono_literals;
using domain::feed_phase;
using domain::health_state;
using test::actor_sim;
using test::make_commune;

TEST_SUITE("actors") {
  TEST_CASE("stop: during a reconnect storm, every actor ends and every feed is stopped") {
    actor_sim sim;
    sim.start({make_commune("95018", 3, 5)});
    sim.play_all();
    sim.advance(2s);
    for (const auto& id : std::vector<std::string>{sim.feeds.started}) {
      sim.fail(id, errc::io_reset);
      sim.pass(id, feed_phase::dialing);
    }
    CHECK(sim.system.counters().actors == 1 + 1 + 3 + 15);
    sim.system.stop();
    CHECK(sim.system.counters().actors == 0);
    CHECK(sim.feeds.stopped.size() == 15);
    CHECK(sim.feeds.running.empty());
    sim.system.stop();  // twice is harmless
  }

  TEST_CASE("stop: while a crashed actor waits for its restart") {
    actor_sim sim;
    sim.start({make_commune("95018", 1, 2)});
    sim.play_all();
    sim.advance(2s);
    bool planted = false;
    sim.world.before_camera = [&](const control::camera_state&) {
      if (!std::exchange(planted, true)) throw std::runtime_error{"planted"};
    };
    sim.fail("95018-s1-c1", errc::io_reset);
    CHECK(sim.system.counters().actors == 1 + 1 + 1 + 1);
    sim.system.stop();
    CHECK(sim.system.counters().actors == 0);
  }

  TEST_CASE("clock: a step of UTC moves no deadline and concludes nothing") {
    actor_sim sim;
    sim.start({make_commune("95018", 1, 4)});
    sim.play_all();
    sim.advance(20s);
    sim.time.step_utc(1h);
    sim.advance(20s);
    sim.time.step_utc(-3h);
    sim.advance(20s);
    CHECK(sim.world.events.empty());
    CHECK(sim.world.status("95018-s1-c1").state == health_state::live);

    // A loss across the step is dated by the new clock: the last frame's age is what counts.
    sim.time.step_utc(2h);
    sim.fail("95018-s1-c1", errc::io_reset);
    sim.time.step_utc(-30min);
    CHECK(sim.world.events.empty());  // the window is still open, whatever UTC says
    sim.advance(600ms);
    REQUIRE(sim.world.events.size() == 1);
    const auto age_us = sim.time.utc() + 30 * 60 * 1'000'000LL - sim.world.events[0].since_utc_us;
    CHECK(age_us >= 0);
    CHECK(age_us <= 2'000'000);
  }

  TEST_CASE("apply: a commune is added while running, and removed without leaving an actor") {
    actor_sim sim;
    const auto first = make_commune("95018", 2, 3);
    sim.start({first});
    sim.play_all();
    sim.advance(12s);
    const auto before = sim.system.counters().actors;
    const auto started = sim.feeds.started.size();

    sim.apply({first, make_commune("95585", 2, 10)});
    CHECK(sim.system.counters().actors == before + 1 + 2 + 20);
    CHECK(sim.feeds.started.size() == started + 20);
    sim.play_all();
    sim.advance(3s);
    CHECK(sim.world.communes.at("95585").back().live == 20);
    CHECK(sim.world.communes.at("95018").back().live == 6);

    sim.apply({first});
    CHECK(sim.system.counters().actors == before);
    CHECK(sim.feeds.stopped.size() == 20);
    CHECK(sim.feeds.running.size() == 6);
    const auto published = sim.world.cameras.at("95585-s1-c1").size();
    sim.advance(30s);
    CHECK(sim.world.cameras.at("95585-s1-c1").size() == published);
    CHECK(sim.world.events.empty());
    domain::feed_evidence stray;
    stray.camera = camera_id{"95585-s1-c1"};
    sim.system.post(stray);
    CHECK(sim.system.counters().unknown_evidence == 1);
  }

  TEST_CASE("apply: only the camera whose address changed is pulled anew, a rename pulls nothing") {
    actor_sim sim;
    auto commune = make_commune("95018", 1, 3);
    sim.start({commune});
    sim.play_all();
    sim.advance(3s);
    commune.sites[0].cameras[0].url = "rtsp://127.0.0.1/elsewhere";
    commune.sites[0].cameras[1].name = "Hall";
    sim.apply({commune});
    CHECK(sim.feeds.stopped == std::vector<std::string>{"95018-s1-c1"});
    CHECK(sim.feeds.started.size() == 4);
    CHECK(sim.world.status("95018-s1-c1").state == health_state::starting);
    CHECK(sim.world.cameras.at("95018-s1-c2").back().name == "Hall");
    CHECK(sim.world.status("95018-s1-c2").state == health_state::live);
    CHECK(sim.world.sites.at("95018-s1").back().live == 2);
    sim.play("95018-s1-c1");
    sim.advance(2s);
    CHECK(sim.world.sites.at("95018-s1").back().live == 3);
    CHECK(sim.world.events.empty());
  }

  TEST_CASE("apply: a site and a camera come and go inside a commune") {
    actor_sim sim;
    sim.start({make_commune("95018", 1, 2)});
    sim.play_all();
    sim.advance(3s);
    const auto actors = sim.system.counters().actors;
    sim.apply({make_commune("95018", 2, 3)});
    CHECK(sim.system.counters().actors == actors + 1 + 1 + 3);
    sim.play_all();
    sim.advance(2s);
    CHECK(sim.world.communes.at("95018").back().live == 6);
    sim.apply({make_commune("95018", 1, 2)});
    CHECK(sim.system.counters().actors == actors);
    CHECK(sim.world.communes.at("95018").back().total == 2);
    CHECK(sim.world.sites.at("95018-s1").back().total == 2);
  }

  TEST_CASE("snapshot: everything known, in configuration order") {
    actor_sim sim;
    sim.start({make_commune("95585", 1, 2), make_commune("95018", 2, 1)});
    sim.play_all();
    sim.fail("95018-s2-c1", errc::auth_rejected);
    sim.advance(2s);
    std::optional<result<control::centre_view>> answer;
    sim.system.snapshot([&](result<control::centre_view> view) { answer = std::move(view); });
    CHECK_FALSE(answer);
    sim.system.run_ready();
    REQUIRE(answer);
    REQUIRE(*answer);
    const auto& communes = (*answer)->communes;
    REQUIRE(communes.size() == 2);
    CHECK(communes[0].state.commune.str() == "95585");
    CHECK(communes[0].state.live == 2);
    REQUIRE(communes[1].sites.size() == 2);
    CHECK(communes[1].state.down == 1);
    REQUIRE(communes[1].sites[1].cameras.size() == 1);
    CHECK(communes[1].sites[1].cameras[0].status.cause == domain::health_cause::wrong_password);
    CHECK(sim.system.counters().actors == 1 + 2 + 3 + 4);  // the asker is gone
  }

  TEST_CASE("snapshot: is answered exactly once, also by a system that stops or has stopped") {
    actor_sim sim;
    sim.start({make_commune("95018", 1, 1)});
    int answers = 0;
    int refusals = 0;
    const auto note = [&](const result<control::centre_view>& view) {
      ++answers;
      if (!view) ++refusals;
    };
    sim.system.snapshot(note);
    sim.system.stop();
    CHECK(answers == 1);
    sim.system.snapshot(note);
    CHECK(answers == 2);
    CHECK(refusals >= 1);
  }

  TEST_CASE("mailboxes: a flood of evidence is one look, not a million messages") {
    actor_sim sim;
    sim.start({make_commune("95018", 1, 1)});
    sim.play_all();
    sim.advance(2s);
    domain::feed_evidence evidence = sim.feeds.running.at("95018-s1-c1");
    for (int i = 0; i < 100'000; ++i) {
      evidence.phase = i % 2 == 0 ? feed_phase::stalled : feed_phase::advancing;
      sim.system.post(evidence);
    }
    CHECK(sim.system.run_ready() <= 10);
    CHECK(sim.system.counters().coalesced_evidence >= 99'000);
  }

  TEST_CASE("steady state: at most one message a second and camera reaches the actors") {
    actor_sim sim;
    sim.start({make_commune("95018", 4, 25)});
    sim.play_all();
    sim.advance(30s);
    std::size_t handled = 0;
    for (int s = 0; s < 60; ++s) {
      sim.time.advance(1s);
      for (auto& [id, feed] : sim.feeds.running) {
        feed.access_units += 12;
        feed.last_frame_mono_ns = sim.time.mono();
        sim.system.post(feed);
        sim.system.post(domain::recording_evidence{feed.camera, sim.time.mono(), 1, {}});
      }
      handled += sim.system.advance(1s);
    }
    const double per_camera_second = static_cast<double>(handled) / (100.0 * 60.0);
    MESSAGE("actor runs per camera and second: " << per_camera_second);
    CHECK(per_camera_second < 1.3);
  }

  TEST_CASE("threads: the same tree runs on its own scheduler, fed from several threads") {
    system_clock time;
    struct counting final : control::publisher {
      void publish(const control::camera_state& s) override {
        if (s.status.state == health_state::live) ++live;
      }
      void publish(const control::site_state&) override {}
      void publish(const control::commune_state& s) override {
        if (s.live == 40) all_live.store(true);
      }
      void publish(const control::event&) override {}
      std::atomic<int> live{0};
      std::atomic<bool> all_live{false};
    } world;
    test::scripted_feeds feeds;
    control::control_system system{{world, feeds, time}, {}};
    domain::topology topology;
    topology.communes.push_back(make_commune("95018", 4, 10));
    system.start(topology);

    std::vector<std::thread> posters;
    for (int part = 0; part < 4; ++part)
      posters.emplace_back([&, part] {
        for (int n = 1; n <= 200; ++n)
          for (int c = 1; c <= 10; ++c) {
            domain::feed_evidence e;
            e.camera = camera_id{"95018-s" + std::to_string(part + 1) + "-c" + std::to_string(c)};
            e.phase = feed_phase::advancing;
            e.sessions = 1;
            e.access_units = static_cast<std::uint64_t>(n) * 12;
            e.last_frame_mono_ns = time.mono();
            system.post(e);
          }
      });
    for (auto& poster : posters) poster.join();
    CHECK(test::eventually(10s, [&] { return world.all_live.load(); }));

    std::promise<std::size_t> cameras;
    system.snapshot([&](result<control::centre_view> view) {
      cameras.set_value(view ? view->communes.at(0).sites.size() : 0);
    });
    auto answer = cameras.get_future();
    REQUIRE(answer.wait_for(10s) == std::future_status::ready);
    CHECK(answer.get() == 4);
    system.stop();
    CHECK(system.counters().actors == 0);
    CHECK(feeds.stopped.size() == 40);
  }
}
