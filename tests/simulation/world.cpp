// SPDX-License-Identifier: Apache-2.0
#include "simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "app/evidence.hpp"
#include "recording/recovery.hpp"
#include "support/communes.hpp"

namespace vigie::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view commune = "95018";

/// The simulated disk, or one that forgets appends while claiming success.
class recorder_disk final : public disk {
 public:
  recorder_disk(std::shared_ptr<test::memory_disk> under, std::uint64_t lose_every)
      : under_{std::move(under)}, lose_every_{lose_every} {}
  result<std::uint64_t> append(const std::filesystem::path& path,
                               std::span<const byte_view> parts) override {
    if (lose_every_ != 0 && ++appends_ % lose_every_ == 0) {
      std::uint64_t claimed = under_->size(path).value_or(0);
      for (const auto part : parts) claimed += part.size();
      return claimed;
    }
    return under_->append(path, parts);
  }
  result<std::vector<std::uint8_t>> read(const std::filesystem::path& path, std::uint64_t offset,
                                         std::size_t length) override {
    return under_->read(path, offset, length);
  }
  result<std::uint64_t> size(const std::filesystem::path& path) override {
    return under_->size(path);
  }
  result<void> truncate(const std::filesystem::path& path, std::uint64_t size) override {
    return under_->truncate(path, size);
  }
  result<void> remove(const std::filesystem::path& path) override { return under_->remove(path); }
  result<void> sync(const std::filesystem::path& path) override { return under_->sync(path); }
  result<std::vector<std::string>> list(const std::filesystem::path& folder) override {
    return under_->list(folder);
  }
  result<std::uint64_t> free_bytes(const std::filesystem::path& folder) override {
    return under_->free_bytes(folder);
  }

 private:
  std::shared_ptr<test::memory_disk> under_;
  std::uint64_t lose_every_;
  std::uint64_t appends_ = 0;
};

}  // namespace

world::world(world_options options)
    : options_{options},
      time_{options.start_utc},
      random_{options.seed},
      disk_{std::make_shared<test::memory_disk>(options.seed)},
      files_{std::make_unique<recorder_disk>(disk_, options.lose_every_nth_append)},
      pacer_{options.dials_per_second, options.dials_per_site_per_second} {
  topology_.communes = {
      test::make_commune(std::string{commune}, options.sites, options.cameras_per_site)};
  std::uint32_t index = 0;
  for (auto& site : topology_.communes.front().sites)
    for (auto& camera : site.cameras) {
      // Named as the farm names them: the checker knows whose pictures belong in whose files.
      camera.id = camera_id{fmt::format("cam-{:04}", index + 1)};
      auto& placed = cameras_[camera.id.str()];
      placed.path = {topology_.communes.front().id, site.id, camera.id};
      placed.entry = camera;
      auto setting = options_.camera;
      setting.index = ++index;
      placed.line = std::make_unique<sim_camera>(
          setting, events_, time_, random_.next(), [this](const ingest::feed_vitals& vitals) {
            if (control_) control_->post(app::to_evidence(vitals, time_));
          });
    }
  bus_.subscribe("vigie.v1.event.>",
                 [this](const std::string&, const std::string& body) { heard_.push_back(body); });
  open_rooms();
}

world::~world() { close_rooms(); }

void world::open_rooms() {
  auto outbox = bus::outbox_store::open(folder_.path() / "outbox.db");
  if (!outbox) throw std::runtime_error(to_string(outbox.error()));
  outbox_ = std::make_unique<bus::outbox_store>(std::move(*outbox));
  indexes_ = std::make_unique<recording::day_indexes>(folder_.path() / "recordings");
  if (auto done = recording::recover(*files_, *indexes_, time_.utc()); !done)
    throw std::runtime_error(to_string(done.error()));
  recording::recorder_options recorder;
  recorder.writers = 0;
  recorder_ = std::make_unique<recording::recorder>(
      recorder, *files_, time_, *indexes_, [this](const recording::recording_report& report) {
        if (control_) control_->post(app::to_evidence(report));
      });
  control::control_options control;
  control.run = control::scheduling::manual;
  control.seed = options_.seed;
  control_ = std::make_unique<control::control_system>(control::control_ports{*this, *this, time_},
                                                       control);
  control_->start(topology_);
  control_->run_ready();
}

void world::close_rooms() {
  for (auto& [id, camera] : cameras_) camera.line->abandon();
  if (control_) {
    control_->stop();
    control_.reset();
  }
  recorder_.reset();
  indexes_.reset();
  outbox_.reset();
}

void world::restart() {
  close_rooms();
  disk_->revive();
  open_rooms();
}

void world::shut_down() {
  control_->stop();
  advance(3s);
  recorder_->pump();
  recorder_->stop(1s);
}

void world::advance(std::chrono::milliseconds d) {
  const mono_ns until = time_.mono() + to_ns(d);
  while (time_.mono() < until) {
    const mono_ns stop_at = std::min(until, time_.mono() + to_ns(options_.step));
    const auto step_begin = time_.mono();
    while (!events_.empty() && events_.next_at() <= stop_at) {
      time_.advance(
          std::chrono::nanoseconds{std::max<mono_ns>(0, events_.next_at() - time_.mono())});
      events_.take()();
    }
    time_.advance(std::chrono::nanoseconds{stop_at - time_.mono()});
    if (recorder_) recorder_->pump();
    if (control_) control_->advance(std::chrono::nanoseconds{stop_at - step_begin});
    drain_outbox();
  }
  camera_time_ += to_ns(d) * static_cast<mono_ns>(cameras_.size());
  camera_seconds_ = static_cast<std::uint64_t>(camera_time_ / 1'000'000'000);
}

void world::drain_outbox() {
  if (!outbox_ || bus_.link() != bus::link_state::connected) return;
  while (outbox_->publish_oldest(bus_, 256, 1s).value_or(0) > 0) {}
}

void world::fault(const std::string& camera, camera_fault what) {
  for (auto& past : faults_)
    if (past.camera == camera && past.to == 0) past.to = time_.mono();
  if (what != camera_fault::none)
    faults_.push_back(
        {camera, what, time_.mono(), what == camera_fault::reset ? time_.mono() : mono_ns{0}});
  cameras_.at(camera).line->set_fault(what);
  control_->run_ready();
}

void world::publish(const control::camera_state& state) {
  auto& changes = cameras_.at(state.path.camera.str()).changes;
  if (!changes.empty() && changes.back().state == state.status.state &&
      changes.back().cause == state.status.cause)
    return;
  changes.push_back({time_.mono(), state.status.state, state.status.cause});
}

void world::publish(const control::event& fact) {
  concluded_.push_back(fact);
  const auto id = std::to_string(next_event_++);
  bus::outbox_store::item item{
      id,
      {bus::subject::event(fact.commune, fact.site, fact.camera.value_or(camera_id{}),
                           domain::name_of(fact.type)),
       id}};
  if (auto done = outbox_->record({&item, 1}); !done)
    throw std::runtime_error(to_string(done.error()));
}

void world::start(const camera_path& path, const domain::camera_entry& camera) {
  ingest::feed_config feed;
  feed.camera = camera.id;
  feed.site = path.site;
  feed.url = camera.url;
  feed.stall_floor = options_.stall_floor;
  cameras_.at(camera.id.str()).line->attach(feed, {recorder_->make_sink(camera.id)}, pacer_);
}

void world::stop(const camera_id& camera) { cameras_.at(camera.str()).line->detach(); }

std::vector<std::string> world::cameras() const {
  std::vector<std::string> ids;
  for (const auto& [id, camera] : cameras_) ids.push_back(id);
  return ids;
}

std::vector<std::string> world::cameras_of(const std::string& site) const {
  std::vector<std::string> ids;
  for (const auto& [id, camera] : cameras_)
    if (camera.path.site.str() == site) ids.push_back(id);
  return ids;
}

std::vector<std::string> world::sites() const {
  std::set<std::string> names;
  for (const auto& [id, camera] : cameras_) names.insert(camera.path.site.str());
  return {names.begin(), names.end()};
}

std::size_t world::count(domain::health_state state) const {
  return static_cast<std::size_t>(
      std::count_if(cameras_.begin(), cameras_.end(), [&](const auto& entry) {
        const auto& changes = entry.second.changes;
        return !changes.empty() && changes.back().state == state;
      }));
}

void world::export_recordings(const std::filesystem::path& folder) const {
  for (const auto& path : disk_->files()) {
    const auto inside = path.lexically_relative(folder_.path() / "recordings");
    std::filesystem::create_directories((folder / inside).parent_path());
    test::write_file(folder / inside, disk_->bytes_of(path));
  }
}

std::vector<recording::segment_row> world::segments(const std::string& camera) {
  constexpr utc_us day = 86'400'000'000;
  auto rows = indexes_->find(camera_id{camera}, time_.utc() - 40 * day, time_.utc() + 40 * day);
  if (!rows) throw std::runtime_error(to_string(rows.error()));
  return *rows;
}

}  // namespace vigie::simulation
