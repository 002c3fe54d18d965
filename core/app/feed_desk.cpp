// SPDX-License-Identifier: Apache-2.0
#include "app/feed_desk.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

namespace vigie::app {
namespace {

constexpr std::size_t queue_capacity = 50'000;  // starts of the largest centre, several times over
constexpr mono_ns second = 1'000'000'000;

/// 2, 4, 8 … 64 s: a device that reboots answers within a minute.
mono_ns pause_after(std::uint32_t failures) {
  return second << std::min<std::uint32_t>(failures, 6);
}

}  // namespace

feed_desk::feed_desk(feed_ports ports, trouble_listener on_trouble)
    : ports_{ports}, on_trouble_{std::move(on_trouble)}, thread_{queue_capacity} {}

void feed_desk::post(std::function<void()> task) {
  if (!thread_.post(std::move(task)))
    throw std::runtime_error{"the feed desk is full or closed"};  // the asking actor is restarted
}

void feed_desk::start(const camera_path& path, const domain::camera_entry& camera) {
  ports_.cameras.note_state(camera.id, domain::health_state::starting);
  ingest::feed_config feed;
  feed.camera = camera.id;
  feed.site = path.site;
  feed.url = camera.url;
  feed.username = camera.username;
  feed.password = camera.password;
  ports_.ways.apply(camera.pull, feed);
  if (camera.protocol.empty())
    return post([this, feed = std::move(feed)]() mutable { pull(std::move(feed)); });
  post([this, feed = std::move(feed), camera]() mutable {
    auto& about = questions_[camera.id];
    about = {std::move(feed), std::move(camera), 0, 0, 0};
    ask(about);
  });
}

void feed_desk::stop(const camera_id& camera) {
  ports_.cameras.forget(camera);
  post([this, camera] {
    ports_.engine.stop(camera);
    ports_.pushed.stop(camera);
    ports_.plugins.analyses().camera_stopped(camera);
    const auto asked = questions_.find(camera);
    if (asked == questions_.end()) return;
    ports_.plugins.release(asked->second.camera);
    questions_.erase(asked);
  });
}

void feed_desk::pulse() {
  thread_.post([this] {
    for (auto& [id, about] : questions_)
      if (about.ask_at != 0 && ports_.time.mono() >= about.ask_at) ask(about);
  });
}

std::vector<ingest::sink_ptr> feed_desk::standing_sinks(const camera_id& camera) {
  std::vector<ingest::sink_ptr> sinks{ports_.recorder.make_sink(camera)};
  if (ports_.pictures != nullptr) sinks.push_back(ports_.pictures->make_sink(camera));
  ports_.plugins.analyses().camera_started(camera);
  return sinks;
}

void feed_desk::pull(ingest::feed_config feed) {
  auto sinks = standing_sinks(feed.camera);
  ports_.engine.start(std::move(feed), std::move(sinks));
}

void feed_desk::ask(question& about) {
  about.ask_at = 0;
  about.number = ++next_question_;
  ports_.plugins.find_stream(about.camera, [this, id = about.camera.id, number = about.number](
                                               result<plugin_host::stream_place> place) {
    thread_.post([this, id, number, place = std::move(place)] { take_answer(id, number, place); });
  });
}

void feed_desk::take_answer(const camera_id& camera, std::uint64_t number,
                            result<plugin_host::stream_place> place) {
  const auto asked = questions_.find(camera);
  if (asked == questions_.end() || asked->second.number != number) return;
  auto& about = asked->second;
  if (place && place->is_pushed) return ports_.pushed.start(about.feed, standing_sinks(camera));
  if (place) {
    about.feed.url = std::move(place->url);
    return pull(about.feed);
  }
  about.ask_at = ports_.time.mono() + pause_after(++about.failures);
  domain::feed_evidence trouble;
  trouble.camera = camera;
  trouble.phase = domain::feed_phase::idle;
  trouble.trouble = place.error();
  trouble.at_mono_ns = ports_.time.mono();
  on_trouble_(std::move(trouble));
}

}  // namespace vigie::app
