// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <stdexcept>

#include "support/sim_actors.hpp"

using namespace vigie;
using namespace std::chrono_literals;
using domain::feed_phase;
using domain::health_cause;
using domain::health_state;
using domain::site_event_type;
using test::actor_sim;
using test::make_commune;

TEST_SUITE("actors") {
  TEST_CASE("tree: every camera becomes live once its frames advance, and is counted upwards") {
    actor_sim sim;
    sim.start({make_commune("95018", 2, 3)});
    CHECK(sim.feeds.started.size() == 6);
    CHECK(sim.world.status("95018-s1-c1").state == health_state::starting);
    sim.play_all();
    sim.advance(2s);
    for (const auto& [id, states] : sim.world.cameras)
      CHECK(states.back().status.state == health_state::live);
    CHECK(sim.world.sites.at("95018-s1").back().state == control::site_condition::live);
    CHECK(sim.world.sites.at("95018-s1").back().live == 3);
    CHECK(sim.world.communes.at("95018").back().live == 6);
    CHECK(sim.world.communes.at("95018").back().total == 6);
    CHECK(sim.world.events.empty());
  }

  TEST_CASE("tree: a state on the bus is never older than ten seconds") {
    actor_sim sim;
    sim.start({make_commune("95018", 1, 2)});
    sim.play_all();
    sim.advance(5s);
    for (int window = 0; window < 5; ++window) {
      const auto camera = sim.world.cameras.at("95018-s1-c1").size();
      const auto site = sim.world.sites.at("95018-s1").size();
      const auto commune = sim.world.communes.at("95018").size();
      sim.advance(10s);
      CHECK(sim.world.cameras.at("95018-s1-c1").size() - camera >= 1);
      CHECK(sim.world.cameras.at("95018-s1-c1").size() - camera <= 2);
      CHECK(sim.world.sites.at("95018-s1").size() - site >= 1);
      CHECK(sim.world.communes.at("95018").size() - commune >= 1);
    }
  }

  TEST_CASE("camera: fifty losses and returns are fifty events of each, and nothing else") {
    actor_sim sim;
    sim.start({make_commune("95018", 1, 4)});
    sim.play_all();
    sim.advance(2s);
    for (int flap = 0; flap < 50; ++flap) {
      sim.fail("95018-s1-c2", errc::io_reset);
      sim.advance(1s);
      CHECK(sim.world.status("95018-s1-c2").state == health_state::down);
      sim.play("95018-s1-c2");
      sim.advance(1s);
      CHECK(sim.world.status("95018-s1-c2").state == health_state::live);
    }
    CHECK(sim.world.count(site_event_type::camera_down) == 50);
    CHECK(sim.world.count(site_event_type::camera_restored) == 50);
    CHECK(sim.world.events.size() == 100);
    CHECK(sim.system.counters().restarts == 0);
  }

  TEST_CASE(
      "camera: silent behind an answering RTSP server is down once, for as long as it lasts") {
    actor_sim sim;
    sim.start({make_commune("95018", 1, 1)});
    sim.play_all();
    sim.advance(5s);
    const auto last_frame = sim.time.utc();
    sim.advance(0s);
    const std::string camera = "95018-s1-c1";
    sim.fail(camera, errc::stall_silence, feed_phase::stalled);
    const auto since = sim.world.status(camera).since_utc_us;
    CHECK(since <= last_frame);
    for (int dial = 0; dial < 20; ++dial) {
      sim.advance(3s);
      sim.fail(camera, errc::stall_silence);
      sim.pass(camera, feed_phase::dialing);
      sim.pass(camera, feed_phase::negotiating);
      sim.pass(camera, feed_phase::playing);
      sim.advance(1s);
      sim.fail(camera, errc::stall_silence, feed_phase::stalled);
      CHECK(sim.world.status(camera).state == health_state::down);
      CHECK(sim.world.status(camera).cause == health_cause::silence);
      CHECK(sim.world.status(camera).since_utc_us == since);
    }
    CHECK(sim.world.events.size() == 1);
  }

  TEST_CASE("site: ten cameras that die together are one outage, and one return") {
    for (const bool spread : {false, true}) {
      CAPTURE(spread);
      actor_sim sim;
      sim.start({make_commune("95018", 1, 10), make_commune("95019", 1, 10)});
      sim.play_all();
      sim.advance(20s);
      for (int c = 1; c <= 10; ++c) {
        sim.fail("95018-s1-c" + std::to_string(c), spread ? errc::stall_silence : errc::io_reset,
                 spread ? feed_phase::stalled : feed_phase::idle);
        if (spread && c % 3 == 0) sim.advance(100ms);
      }
      CHECK(sim.world.count(site_event_type::site_outage) == 1);
      sim.advance(5s);
      CHECK(sim.world.events.size() == 1);
      CHECK(sim.world.sites.at("95018-s1").back().state == control::site_condition::outage);
      CHECK(sim.world.sites.at("95019-s1").back().state == control::site_condition::live);
      CHECK(sim.world.communes.at("95018").back().down == 10);

      for (int c = 1; c <= 10; ++c) sim.play("95018-s1-c" + std::to_string(c));
      sim.advance(5s);
      CHECK(sim.world.count(site_event_type::site_restored) == 1);
      CHECK(sim.world.events.size() == 2);
      CHECK(sim.world.events.back().cameras.size() == 10);
      CHECK(sim.world.sites.at("95018-s1").back().state == control::site_condition::live);
    }
  }

  TEST_CASE("crash: a camera's actor is restarted, keeps what was known, and nobody else notices") {
    actor_sim sim;
    sim.start({make_commune("95018", 1, 3)});
    sim.play_all();
    sim.advance(3s);
    sim.fail("95018-s1-c1", errc::io_refused);
    sim.advance(2s);
    const auto since = sim.world.status("95018-s1-c1").since_utc_us;
    const auto others = sim.world.cameras.at("95018-s1-c2").size();
    const auto actors = sim.system.counters().actors;

    int crashes = 0;
    sim.world.before_camera = [&](const control::camera_state& state) {
      if (state.path.camera.str() == "95018-s1-c1" && crashes == 0) {
        ++crashes;
        throw std::runtime_error{"planted"};
      }
    };
    sim.advance(15s);
    CHECK(crashes == 1);
    CHECK(sim.system.counters().restarts == 1);
    CHECK(sim.system.counters().actors == actors);
    CHECK(sim.world.status("95018-s1-c1").state == health_state::down);
    CHECK(sim.world.status("95018-s1-c1").cause == health_cause::refused);
    CHECK(sim.world.status("95018-s1-c1").since_utc_us == since);
    CHECK(sim.world.events.size() == 1);  // the loss itself, told once
    CHECK(sim.world.cameras.at("95018-s1-c2").size() - others <= 2);
    CHECK(sim.feeds.started.size() == 3);  // a crash does not touch the feed

    sim.play("95018-s1-c1");
    sim.advance(2s);
    CHECK(sim.world.status("95018-s1-c1").state == health_state::live);
    CHECK(sim.world.count(site_event_type::camera_restored) == 1);
  }

  TEST_CASE("crash: evidence posted while the actor is away is judged by its successor") {
    actor_sim sim;
    sim.start({make_commune("95018", 1, 1)});
    sim.play_all();
    sim.advance(3s);
    bool planted = false;
    sim.world.before_camera = [&](const control::camera_state& state) {
      if (state.status.state == health_state::down && !planted) {
        planted = true;
        throw std::runtime_error{"planted"};
      }
    };
    sim.fail("95018-s1-c1", errc::io_reset);  // crashes the actor that would tell it
    CHECK(planted);
    sim.fail("95018-s1-c1", errc::io_refused);
    sim.advance(2s);
    CHECK(sim.world.status("95018-s1-c1").state == health_state::down);
    CHECK(sim.world.count(site_event_type::camera_down) == 1);
  }

  TEST_CASE("crash: a camera that keeps crashing is reported unsupervised, then recovers") {
    actor_sim sim;
    sim.start({make_commune("95018", 1, 3)});
    sim.play_all();
    sim.advance(3s);
    bool faulty = true;
    sim.world.before_camera = [&](const control::camera_state& state) {
      const bool from_the_site = state.status.cause == health_cause::unsupervised;
      if (faulty && !from_the_site && state.path.camera.str() == "95018-s1-c1")
        throw std::runtime_error{"planted"};
    };
    sim.advance(120s);
    CHECK(sim.world.status("95018-s1-c1").cause == health_cause::unsupervised);
    CHECK(sim.world.status("95018-s1-c2").state == health_state::live);
    CHECK(sim.world.count(site_event_type::camera_degraded) == 1);
    const auto restarts = sim.system.counters().restarts;
    CHECK(restarts >= 5);
    CHECK(restarts < 40);  // backed off
    faulty = false;
    sim.advance(60s);
    CHECK(sim.world.status("95018-s1-c1").state == health_state::live);
    CHECK(sim.world.count(site_event_type::camera_restored) == 1);
    CHECK(sim.world.events.size() == 2);
  }

  TEST_CASE("crash: a site's actor comes back with its outage open and raises nothing twice") {
    actor_sim sim;
    sim.start({make_commune("95018", 2, 5)});
    sim.play_all();
    sim.advance(3s);
    for (int c = 1; c <= 5; ++c) sim.fail("95018-s1-c" + std::to_string(c), errc::io_unreachable);
    sim.advance(2s);
    CHECK(sim.world.count(site_event_type::site_outage) == 1);
    const auto actors = sim.system.counters().actors;
    bool planted = false;
    sim.world.before_site = [&](const control::site_state& state) {
      if (state.site.str() != "95018-s1" || planted) return;
      planted = true;
      throw std::runtime_error{"planted"};
    };
    sim.advance(20s);
    CHECK(planted);
    CHECK(sim.system.counters().restarts == 1);
    CHECK(sim.system.counters().actors == actors);
    CHECK(sim.world.events.size() == 1);
    CHECK(sim.world.sites.at("95018-s1").back().state == control::site_condition::outage);
    for (int c = 1; c <= 5; ++c) sim.play("95018-s1-c" + std::to_string(c));
    sim.advance(5s);
    CHECK(sim.world.count(site_event_type::site_restored) == 1);
    CHECK(sim.world.events.size() == 2);
  }

  TEST_CASE("crash: a commune's actor comes back with its sites, the other commune unaware") {
    actor_sim sim;
    sim.start({make_commune("95018", 2, 3), make_commune("95019", 1, 3)});
    sim.play_all();
    sim.advance(3s);
    const auto actors = sim.system.counters().actors;
    bool planted = false;
    sim.world.before_commune = [&](const control::commune_state& state) {
      if (state.commune.str() != "95018" || planted) return;
      planted = true;
      throw std::runtime_error{"planted"};
    };
    sim.advance(30s);
    CHECK(planted);
    CHECK(sim.system.counters().actors == actors);
    CHECK(sim.world.communes.at("95018").back().live == 6);
    CHECK(sim.world.communes.at("95019").back().live == 3);
    CHECK(sim.world.events.empty());
    CHECK(sim.feeds.started.size() == 9);
  }
}
