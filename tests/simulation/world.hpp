// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "bus/memory_bus.hpp"
#include "bus/outbox_store.hpp"
#include "control/control_system.hpp"
#include "recording/day_index.hpp"
#include "recording/recorder.hpp"
#include "simulation/event_queue.hpp"
#include "simulation/sim_camera.hpp"
#include "support/h264_clip.hpp"
#include "support/memory_disk.hpp"
#include "support/temporary_folder.hpp"

namespace vigie::simulation {

struct world_options {
  std::uint64_t seed = 1;
  int sites = 2;
  int cameras_per_site = 5;
  utc_us start_utc = 1'790'000'000'000'000;
  sim_camera::setting camera{};
  double dials_per_second = 200;
  double dials_per_site_per_second = 20;
  std::chrono::milliseconds step{100};  ///< of the actors' timers
  /// For planted bugs: the deadline a product with that bug would have.
  std::chrono::milliseconds stall_floor{1200};
  /// For planted bugs: every n-th append to the disk claims success and does nothing; 0: none.
  std::uint64_t lose_every_nth_append = 0;
};

/// A change of a camera's state as a reader of the bus saw it.
struct seen_change {
  mono_ns at = 0;
  domain::health_state state = domain::health_state::starting;
  domain::health_cause cause = domain::health_cause::none;
};

/// A fault as it was injected, for the invariants to compare with.
struct injected_fault {
  std::string camera;
  camera_fault fault = camera_fault::none;
  mono_ns from = 0;
  mono_ns to = 0;  ///< 0: not healed yet
};

/// A centre of simulated cameras on virtual time. Everything that happens, happens in `advance`.
class world final : private control::publisher, private control::feed_control {
 public:
  explicit world(world_options options);
  ~world();

  void advance(std::chrono::milliseconds d);
  void fault(const std::string& camera, camera_fault what);
  void heal(const std::string& camera) { fault(camera, camera_fault::none); }
  void step_clock(std::chrono::microseconds d) { time_.step_utc(d); }
  void set_bus(bus::link_state state) { bus_.set_link(state); }
  /// kill -9 of the centre with the n-th disk change from now; `restart` brings it back.
  void die_at_write(std::uint64_t n) { disk_->die_at_write(n); }
  bool is_dead() const { return disk_->is_dead(); }
  void restart();
  /// Ends the centre in order, so that every file is closed.
  void shut_down();

  std::vector<std::string> cameras() const;
  std::vector<std::string> cameras_of(const std::string& site) const;
  std::vector<std::string> sites() const;
  std::size_t count(domain::health_state state) const;
  const sim_camera& line(const std::string& camera) const { return *cameras_.at(camera).line; }

  const std::vector<seen_change>& changes(const std::string& camera) const {
    return cameras_.at(camera).changes;
  }
  const std::vector<control::event>& concluded() const { return concluded_; }  ///< by the actors
  const std::vector<std::string>& heard() const { return heard_; }             ///< ids on the bus
  const std::vector<injected_fault>& faults() const { return faults_; }
  mono_ns picture_interval() const { return options_.camera.picture_interval; }
  mono_ns now() const { return time_.mono(); }
  utc_us utc() const { return time_.utc(); }
  recording::recorder_totals recorded() const { return recorder_->totals(); }
  std::uint64_t camera_seconds() const { return camera_seconds_; }

  /// Writes what was recorded to a real folder, for the independent checker.
  void export_recordings(const std::filesystem::path& folder) const;
  std::vector<recording::segment_row> segments(const std::string& camera);

 private:
  struct placed_camera {
    camera_path path;
    domain::camera_entry entry;
    std::unique_ptr<sim_camera> line;
    std::vector<seen_change> changes;
  };
  // control::publisher, control::feed_control
  void publish(const control::camera_state& state) override;
  void publish(const control::site_state&) override {}
  void publish(const control::commune_state&) override {}
  void publish(const control::event& fact) override;
  void start(const camera_path& path, const domain::camera_entry& camera) override;
  void stop(const camera_id& camera) override;

  void open_rooms();
  void close_rooms();
  void drain_outbox();

  world_options options_;
  test::temporary_folder folder_;
  manual_clock time_;
  seeded_random random_;
  event_queue events_;
  std::shared_ptr<test::memory_disk> disk_;
  std::unique_ptr<disk> files_;  ///< the disk as the recorder sees it
  bus::memory_bus bus_;
  std::unique_ptr<bus::outbox_store> outbox_;
  std::unique_ptr<recording::day_indexes> indexes_;
  std::unique_ptr<recording::recorder> recorder_;
  ingest::bucket_pacer pacer_;
  domain::topology topology_;
  std::unique_ptr<control::control_system> control_;
  std::map<std::string, placed_camera> cameras_;
  std::vector<control::event> concluded_;
  std::vector<std::string> heard_;
  std::vector<injected_fault> faults_;
  std::uint64_t next_event_ = 0;
  std::uint64_t camera_seconds_ = 0;
  mono_ns camera_time_ = 0;
};

}  // namespace vigie::simulation
