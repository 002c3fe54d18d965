// SPDX-License-Identifier: Apache-2.0
#include "gateway/live_hub.hpp"

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

namespace vigie::gateway {
namespace {

/// What the sink and the hub's thread share.
struct handover {
  std::atomic<std::size_t> under_way{0};
  std::atomic<std::size_t> bytes_under_way{0};
  std::atomic<std::uint64_t> dropped_units{0};
};

}  // namespace

/// One watched camera. Lives on the hub's thread; the sink reaches it through `post` alone and
/// never owns it.
class live_hub::camera_stream {
 public:
  explicit camera_stream(const live_options& options)
      : fragments_{options.frames_per_fragment}, gop_bytes_limit_{options.queue_bytes / 2} {}

  void on_unit(const media::access_unit_ptr& unit) {
    for (auto& out : fragments_.push(unit)) {
      if (out.init) begin(std::move(out.init));
      if (out.fragment) publish(std::move(out.fragment));
    }
  }

  void on_end_of_session() {
    if (auto rest = fragments_.flush()) publish(std::move(rest));
    // The page must not show the last picture as if it were live.
    for (const auto& viewer : viewers_) viewer->tell(R"({"kind":"paused"})");
  }

  void add(const std::shared_ptr<live_queue>& viewer) {
    viewers_.push_back(viewer);
    if (init_) viewer->start(init_);
    for (const auto& fragment : current_gop_) viewer->push(fragment);
  }

  bool remove(const std::shared_ptr<live_queue>& viewer) {
    return std::erase(viewers_, viewer) > 0;
  }

  bool is_watched() const { return !viewers_.empty(); }
  std::uint64_t viewer_count() const { return viewers_.size(); }
  std::uint64_t fragments() const { return fragments_.fragments(); }
  std::uint64_t dropped_gops() const {
    std::uint64_t sum = 0;
    for (const auto& viewer : viewers_) sum += viewer->dropped_gops();
    return sum;
  }

  ingest::sink_ptr sink;
  std::shared_ptr<handover> shared = std::make_shared<handover>();

 private:
  void begin(live_init_ptr init) {
    init_ = std::move(init);
    current_gop_.clear();
    current_gop_bytes_ = 0;
    for (const auto& viewer : viewers_) viewer->start(init_);
  }

  void publish(live_fragment_ptr fragment) {
    if (fragment->starts_with_key) {
      current_gop_.clear();
      current_gop_bytes_ = 0;
    }
    current_gop_bytes_ += fragment->size_bytes;
    // A new viewer starts at once with the GOP under way; an endless one is not worth its memory.
    const bool is_whole_so_far = fragment->starts_with_key || !current_gop_.empty();
    if (is_whole_so_far && current_gop_bytes_ <= gop_bytes_limit_)
      current_gop_.push_back(fragment);
    else
      current_gop_.clear();
    for (const auto& viewer : viewers_) viewer->push(fragment);
  }

  fragmenter fragments_;
  live_init_ptr init_;
  const std::size_t gop_bytes_limit_;
  std::vector<live_fragment_ptr> current_gop_;
  std::size_t current_gop_bytes_ = 0;
  std::vector<std::shared_ptr<live_queue>> viewers_;
};

namespace {

/// Hands units from the shard to the hub's thread: one atomic, one small task, never a wait. When
/// too many are under way, units are dropped up to the next key frame. [ingest]
template <class Stream>
class handover_sink final : public ingest::sink {
 public:
  handover_sink(std::weak_ptr<Stream> stream, std::shared_ptr<handover> shared, post_function post,
                const live_options& options)
      : stream_{std::move(stream)},
        shared_{std::move(shared)},
        post_{std::move(post)},
        most_under_way_{options.handover_units},
        most_bytes_under_way_{options.handover_bytes} {}

  void on_access_unit(const media::access_unit_ptr& unit) noexcept override {
    const bool has_room = shared_->under_way.load(std::memory_order_relaxed) < most_under_way_ &&
                          held_bytes() + unit->data.size() <= most_bytes_under_way_;
    if (!has_room || (wants_key_ && !unit->is_key)) {
      wants_key_ = true;
      shared_->dropped_units.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    wants_key_ = false;
    hand_over(unit->data.size(), [unit](Stream& stream) { stream.on_unit(unit); });
  }

  bool wants_immediacy() const noexcept override { return true; }

  void on_end_of_session() noexcept override {
    hand_over(0, [](Stream& stream) { stream.on_end_of_session(); });
  }
  std::size_t held_bytes() const noexcept override {
    return shared_->bytes_under_way.load(std::memory_order_relaxed);
  }

 private:
  template <class Task>
  void hand_over(std::size_t bytes, Task task) noexcept {
    shared_->under_way.fetch_add(1, std::memory_order_relaxed);
    shared_->bytes_under_way.fetch_add(bytes, std::memory_order_relaxed);
    try {
      post_([stream = stream_, shared = shared_, bytes, task = std::move(task)] {
        shared->under_way.fetch_sub(1, std::memory_order_relaxed);
        shared->bytes_under_way.fetch_sub(bytes, std::memory_order_relaxed);
        if (const auto alive = stream.lock()) task(*alive);
      });
    } catch (...) {  // out of memory: this picture is lost, the feed must not be
      shared_->under_way.fetch_sub(1, std::memory_order_relaxed);
      shared_->bytes_under_way.fetch_sub(bytes, std::memory_order_relaxed);
      shared_->dropped_units.fetch_add(1, std::memory_order_relaxed);
      wants_key_ = true;
    }
  }

  const std::weak_ptr<Stream> stream_;
  const std::shared_ptr<handover> shared_;
  const post_function post_;
  const std::size_t most_under_way_;
  const std::size_t most_bytes_under_way_;
  bool wants_key_ = false;
};

}  // namespace

live_hub::live_hub(live_ports ports, post_function post, live_options options)
    : ports_{std::move(ports)}, post_{std::move(post)}, options_{options} {}

live_hub::~live_hub() {
  for (const auto& [camera, stream] : streams_) ports_.remove_sink(camera, stream->sink);
}

std::shared_ptr<live_queue> live_hub::open(const camera_id& camera, std::function<void()> wake) {
  ++opened_views_;
  auto viewer = std::make_shared<live_queue>(options_.queue_bytes, std::move(wake));
  auto& stream = streams_[camera];
  if (!stream) {
    stream = std::make_shared<camera_stream>(options_);
    stream->sink =
        std::make_shared<handover_sink<camera_stream>>(stream, stream->shared, post_, options_);
    ports_.add_sink(camera, stream->sink);
  }
  stream->add(viewer);
  return viewer;
}

void live_hub::close(const std::shared_ptr<live_queue>& viewer) {
  for (auto it = streams_.begin(); it != streams_.end(); ++it) {
    auto& stream = *it->second;
    if (!stream.remove(viewer)) continue;
    past_dropped_gops_ += viewer->dropped_gops();
    if (!stream.is_watched()) {
      ports_.remove_sink(it->first, stream.sink);
      past_fragments_ += stream.fragments();
      past_dropped_units_ += stream.shared->dropped_units.load(std::memory_order_relaxed);
      streams_.erase(it);
    }
    return;
  }
}

live_statistics live_hub::statistics() const {
  live_statistics sum;
  sum.cameras = streams_.size();
  sum.opened_views = opened_views_;
  sum.fragments = past_fragments_;
  sum.dropped_gops = past_dropped_gops_;
  sum.dropped_units = past_dropped_units_;
  for (const auto& [camera, stream] : streams_) {
    sum.viewers += stream->viewer_count();
    sum.fragments += stream->fragments();
    sum.dropped_gops += stream->dropped_gops();
    sum.dropped_units += stream->shared->dropped_units.load(std::memory_order_relaxed);
  }
  return sum;
}

}  // namespace vigie::gateway
