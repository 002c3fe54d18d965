// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "control/control_system.hpp"
#include "control/ports.hpp"
#include "domain/evidence.hpp"
#include "support/communes.hpp"

namespace vigie::test {

/// Keeps everything published. `before_publish`, when set, sees each camera or site first and may
/// throw: the way to crash the actor that publishes.
class kept_publications final : public control::publisher {
 public:
  void publish(const control::camera_state& state) override {
    if (before_camera) before_camera(state);
    cameras[state.path.camera.str()].push_back(state);
  }
  void publish(const control::site_state& state) override {
    if (before_site) before_site(state);
    sites[state.site.str()].push_back(state);
  }
  void publish(const control::commune_state& state) override {
    if (before_commune) before_commune(state);
    communes[state.commune.str()].push_back(state);
  }
  void publish(const control::event& fact) override { events.push_back(fact); }

  std::size_t count(domain::site_event_type type) const {
    return static_cast<std::size_t>(std::count_if(
        events.begin(), events.end(), [&](const control::event& e) { return e.type == type; }));
  }
  const domain::camera_status& status(const std::string& camera) const {
    return cameras.at(camera).back().status;
  }

  std::map<std::string, std::vector<control::camera_state>> cameras;
  std::map<std::string, std::vector<control::site_state>> sites;
  std::map<std::string, std::vector<control::commune_state>> communes;
  std::vector<control::event> events;
  std::function<void(const control::camera_state&)> before_camera;
  std::function<void(const control::site_state&)> before_site;
  std::function<void(const control::commune_state&)> before_commune;
};

/// Feeds that report as ingest does: at every change at once, and once a second.
class scripted_feeds final : public control::feed_control {
 public:
  void start(const camera_path& path, const domain::camera_entry&) override {
    started.push_back(path.camera.str());
    running[path.camera.str()].camera = path.camera;
  }
  void stop(const camera_id& camera) override {
    stopped.push_back(camera.str());
    running.erase(camera.str());
  }

  std::vector<std::string> started;
  std::vector<std::string> stopped;
  std::map<std::string, domain::feed_evidence> running;
};

/// The whole control wing on virtual time: nothing happens but in `advance` and the calls below.
class actor_sim {
 public:
  explicit actor_sim(control::control_options options = {})
      : system{{world, feeds, time}, manual(options)} {}

  void start(std::vector<domain::commune_entry> communes) {
    topology.communes = std::move(communes);
    system.start(topology);
    system.run_ready();
  }
  void apply(std::vector<domain::commune_entry> communes) {
    topology.communes = std::move(communes);
    system.apply(topology);
    system.run_ready();
  }

  /// Moves both clocks in steps of 100 ms; feeds report every second.
  void advance(std::chrono::milliseconds d) {
    constexpr std::chrono::milliseconds step{100};
    for (; d.count() > 0; d -= step) {
      time.advance(step);
      if ((beats_ = (beats_ + 1) % 10) == 0)
        for (auto& [id, feed] : feeds.running) report(feed);
      system.advance(step);
    }
  }

  /// Frames advance from now on, in a new session if they did not.
  void play(const std::string& camera) {
    auto& feed = feeds.running.at(camera);
    if (feed.phase != domain::feed_phase::advancing) ++feed.sessions;
    feed.phase = domain::feed_phase::advancing;
    feed.trouble.reset();
    feed.access_units += 2;
    report(feed);
    system.run_ready();
  }
  void play_all() {
    for (const auto& [id, feed] : feeds.running) play(id);
  }
  /// Frames end; says why, as ingest concludes it.
  void fail(const std::string& camera, errc why,
            domain::feed_phase phase = domain::feed_phase::idle) {
    auto& feed = feeds.running.at(camera);
    feed.phase = phase;
    feed.trouble = error{why, "scripted"};
    report(feed);
    system.run_ready();
  }
  /// A step of the dialogue that concludes nothing.
  void pass(const std::string& camera, domain::feed_phase phase) {
    auto& feed = feeds.running.at(camera);
    if (phase == domain::feed_phase::playing) ++feed.sessions;
    feed.phase = phase;
    report(feed);
    system.run_ready();
  }

  manual_clock time;
  kept_publications world;
  scripted_feeds feeds;
  domain::topology topology;
  bool records = true;  ///< what is received also reaches the disk
  control::control_system system;

 private:
  static control::control_options manual(control::control_options options) {
    options.run = control::scheduling::manual;
    return options;
  }

  void report(domain::feed_evidence& feed) {
    feed.at_mono_ns = time.mono();
    if (feed.phase == domain::feed_phase::advancing) {
      feed.access_units += 12;
      feed.last_frame_mono_ns = time.mono();
      feed.last_frame_utc_us = time.utc();
      feed.frames_per_s = 12;
      if (records) system.post(domain::recording_evidence{feed.camera, time.mono(), 1, {}});
    }
    system.post(feed);
  }

  int beats_ = 0;
};

}  // namespace vigie::test
