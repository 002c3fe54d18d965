// SPDX-License-Identifier: Apache-2.0
#include "ingest/engine.hpp"

#include <algorithm>
#include <mutex>
#include <random>
#include <thread>
#include <unordered_map>
#include <utility>

#include "ingest/shard.hpp"
#include "ingest/token_bucket.hpp"

namespace vigie::ingest {
namespace {

/// The one thing that shards share: asked twice per dial, never per packet.
class shared_pacer final : public dial_pacer {
 public:
  shared_pacer(double per_second, double per_site_per_second)
      : pacer_{per_second, per_site_per_second} {}
  mono_ns reserve_site(const site_id& site, mono_ns now) override {
    std::lock_guard lock{mutex_};
    return pacer_.reserve_site(site, now);
  }
  mono_ns reserve_node(mono_ns now) override {
    std::lock_guard lock{mutex_};
    return pacer_.reserve_node(now);
  }

 private:
  std::mutex mutex_;
  bucket_pacer pacer_;
};

std::uint64_t system_seed() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) | device();
}

}  // namespace

class engine::impl {
 public:
  impl(const engine_options& options, const clock& time, vitals_listener listener)
      : listener_{std::move(listener)},
        pacer_{options.dials_per_second, options.dials_per_site_per_second} {
    const std::size_t count =
        options.shards != 0 ? options.shards : std::max(1U, std::thread::hardware_concurrency());
    const std::uint64_t seed = options.seed != 0 ? options.seed : system_seed();
    for (std::size_t i = 0; i < count; ++i)
      shards_.push_back(
          std::make_unique<shard>(time, pacer_, listener_, shard_options{seed + i, options.sweep}));
    loads_.resize(count);
  }

  ~impl() {
    for (const auto& each : shards_) each->begin_shutdown();
  }

  void start(feed_config config, std::vector<sink_ptr> sinks) {
    place(config.camera).start(std::move(config), std::move(sinks));
  }

  std::chrono::nanoseconds take_delay() noexcept {
    std::chrono::nanoseconds worst{0};
    for (const auto& each : shards_) worst = std::max(worst, each->take_delay());
    return worst;
  }

  shard* shard_of(const camera_id& camera) {
    std::lock_guard lock{mutex_};
    const auto found = places_.find(camera);
    return found == places_.end() ? nullptr : shards_[found->second.shard].get();
  }

  void stop(const camera_id& camera) {
    std::lock_guard lock{mutex_};
    const auto found = places_.find(camera);
    if (found == places_.end()) return;
    if (std::exchange(found->second.is_running, false)) --loads_[found->second.shard];
    shards_[found->second.shard]->stop(camera);
  }

 private:
  struct place_of_camera {
    std::size_t shard = 0;
    bool is_running = false;
  };

  /// The least loaded shard; a camera that was here before returns to its own, where its old
  /// session may still be leaving.
  shard& place(const camera_id& camera) {
    std::lock_guard lock{mutex_};
    const auto least = std::min_element(loads_.begin(), loads_.end());
    const auto [found, is_new] = places_.try_emplace(
        camera, place_of_camera{static_cast<std::size_t>(least - loads_.begin()), false});
    if (!std::exchange(found->second.is_running, true)) ++loads_[found->second.shard];
    return *shards_[found->second.shard];
  }

  const vitals_listener listener_;
  shared_pacer pacer_;
  std::mutex mutex_;  ///< of the placement; commands only
  std::unordered_map<camera_id, place_of_camera> places_;
  std::vector<std::size_t> loads_;
  std::vector<std::unique_ptr<shard>> shards_;  ///< last: joined first
};

engine::engine(engine_options options, const clock& time, vitals_listener listener)
    : impl_{std::make_unique<impl>(options, time, std::move(listener))} {}
engine::~engine() = default;

void engine::start(feed_config config, std::vector<sink_ptr> sinks) {
  impl_->start(std::move(config), std::move(sinks));
}
void engine::stop(const camera_id& camera) { impl_->stop(camera); }
void engine::add_sink(const camera_id& camera, sink_ptr extra) {
  if (auto* found = impl_->shard_of(camera)) found->add_sink(camera, std::move(extra));
}
void engine::remove_sink(const camera_id& camera, const sink_ptr& extra) {
  if (auto* found = impl_->shard_of(camera)) found->remove_sink(camera, extra);
}

std::chrono::nanoseconds engine::take_delay() noexcept { return impl_->take_delay(); }

}  // namespace vigie::ingest
