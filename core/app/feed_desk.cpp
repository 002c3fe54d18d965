// SPDX-License-Identifier: Apache-2.0
#include "app/feed_desk.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

namespace vigie::app {
namespace {
constexpr std::size_t queue_capacity = 50'000;  // starts of the largest centre, several times over
}

feed_desk::feed_desk(ingest::engine& engine, recording::recorder& recorder,
                     analytics::picture_probe* probe, fleet& cameras)
    : engine_{engine},
      recorder_{recorder},
      probe_{probe},
      fleet_{cameras},
      thread_{queue_capacity} {}

void feed_desk::post(std::function<void()> task) {
  if (!thread_.post(std::move(task)))
    throw std::runtime_error{"the feed desk is full or closed"};  // the asking actor is restarted
}

void feed_desk::start(const camera_path& path, const domain::camera_entry& camera) {
  fleet_.note_state(camera.id, domain::health_state::starting);
  ingest::feed_config feed;
  feed.camera = camera.id;
  feed.site = path.site;
  feed.url = camera.url;
  feed.username = camera.username;
  feed.password = camera.password;
  post([this, feed = std::move(feed)]() mutable {
    std::vector<ingest::sink_ptr> sinks{recorder_.make_sink(feed.camera)};
    if (probe_ != nullptr) sinks.push_back(probe_->make_sink(feed.camera));
    engine_.start(std::move(feed), std::move(sinks));
  });
}

void feed_desk::stop(const camera_id& camera) {
  fleet_.forget(camera);
  post([this, camera] { engine_.stop(camera); });
}

}  // namespace vigie::app
