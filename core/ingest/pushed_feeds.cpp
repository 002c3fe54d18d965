// SPDX-License-Identifier: Apache-2.0
#include "ingest/pushed_feeds.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/random.hpp"
#include "ingest/pushed_feed.hpp"

namespace vigie::ingest {
namespace {

/// Coded bytes that may wait for the thread, of all cameras together.
constexpr std::size_t most_waiting_bytes = 32U << 20;
constexpr std::chrono::milliseconds longest_wait{250};

}  // namespace

class pushed_feeds::impl final : public pushed_feed_io {
 public:
  impl(const clock& time, vitals_listener listener, pushed_stream_control control,
       std::uint64_t seed)
      : time_{time},
        listener_{std::move(listener)},
        control_{std::move(control)},
        random_{seed},
        thread_{[this] { run(); }} {}

  ~impl() override {
    {
      std::lock_guard lock{mutex_};
      is_closing_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  using task = std::function<void(impl&)>;
  void post(task what) {
    {
      std::lock_guard lock{mutex_};
      if (is_closing_) return;
      tasks_.push_back(std::move(what));
    }
    changed_.notify_all();
  }

  bool picture(const camera_id& camera, pushed_picture given) {
    ++pictures_;
    const auto bytes = given.data.size() + given.parameters.size();
    {
      std::lock_guard lock{mutex_};
      if (is_closing_ || waiting_bytes_ + bytes > most_waiting_bytes) {
        holed_.insert(camera);
        ++dropped_;
        return false;
      }
      waiting_bytes_ += bytes;
      // What follows a hole says so, for the recorder's and the gap's sake.
      if (holed_.erase(camera) > 0) given.after_loss = true;
      tasks_.push_back([camera, bytes, given = std::move(given)](impl& self) {
        self.forget_waiting(bytes);
        if (auto* feed = self.find(camera)) feed->picture(given, self.now());
      });
    }
    changed_.notify_all();
    return true;
  }

  void start(feed_config config, std::vector<sink_ptr> sinks) {
    const auto camera = config.camera;
    stop(camera);
    auto made = std::make_unique<pushed_feed>(std::move(config), std::move(sinks), *this, random_);
    made->start(now());
    feeds_[camera] = std::move(made);
  }
  void stop(const camera_id& camera) {
    const auto found = feeds_.find(camera);
    if (found == feeds_.end()) return;
    found->second->stop(now());
    feeds_.erase(found);
  }
  pushed_feed* find(const camera_id& camera) {
    const auto found = feeds_.find(camera);
    return found == feeds_.end() ? nullptr : found->second.get();
  }
  feed_now now() const noexcept { return {time_.mono(), time_.utc()}; }

  pushed_counters counters() const noexcept { return {pictures_.load(), dropped_.load()}; }

 private:
  void open(const camera_id& camera) override { control_.open(camera); }
  void close(const camera_id& camera) override { control_.close(camera); }
  void report(const feed_vitals& vitals) override { listener_(vitals); }

  void forget_waiting(std::size_t bytes) {
    std::lock_guard lock{mutex_};
    waiting_bytes_ -= bytes;
  }

  void run() {
    while (true) {
      std::deque<task> tasks;
      {
        std::unique_lock lock{mutex_};
        changed_.wait_for(lock, wait(), [&] { return is_closing_ || !tasks_.empty(); });
        tasks = std::exchange(tasks_, {});
        if (is_closing_ && tasks.empty()) break;
      }
      for (auto& each : tasks) each(*this);
      const auto present = now();
      for (auto& [camera, feed] : feeds_)
        if (present.mono >= feed->wake_at()) feed->tick(present);
    }
    for (auto& [camera, feed] : feeds_) feed->stop(now());
  }

  std::chrono::nanoseconds wait() const {
    auto next = feed::never;
    for (const auto& [camera, feed] : feeds_) next = std::min(next, feed->wake_at());
    if (next == feed::never) return longest_wait;
    return std::chrono::nanoseconds{
        std::clamp<mono_ns>(next - time_.mono(), 0, to_ns(longest_wait))};
  }

  const clock& time_;
  const vitals_listener listener_;
  const pushed_stream_control control_;
  std::atomic<std::uint64_t> pictures_{0}, dropped_{0};

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<task> tasks_;
  std::size_t waiting_bytes_ = 0;
  std::unordered_set<camera_id> holed_;
  bool is_closing_ = false;

  // Of the thread.
  seeded_random random_;
  std::unordered_map<camera_id, std::unique_ptr<pushed_feed>> feeds_;
  std::thread thread_;
};

pushed_feeds::pushed_feeds(const clock& time, vitals_listener listener,
                           pushed_stream_control control, std::uint64_t seed)
    : impl_{std::make_unique<impl>(time, std::move(listener), std::move(control), seed)} {}
pushed_feeds::~pushed_feeds() = default;

void pushed_feeds::start(feed_config config, std::vector<sink_ptr> sinks) {
  impl_->post([config = std::move(config), sinks = std::move(sinks)](impl& self) mutable {
    self.start(std::move(config), std::move(sinks));
  });
}
void pushed_feeds::stop(const camera_id& camera) {
  impl_->post([camera](impl& self) { self.stop(camera); });
}
void pushed_feeds::add_sink(const camera_id& camera, sink_ptr extra) {
  impl_->post([camera, extra = std::move(extra)](impl& self) {
    if (auto* feed = self.find(camera)) feed->add_sink(extra);
  });
}
void pushed_feeds::remove_sink(const camera_id& camera, const sink_ptr& extra) {
  impl_->post([camera, extra](impl& self) {
    if (auto* feed = self.find(camera)) feed->remove_sink(extra);
  });
}
void pushed_feeds::opened(const camera_id& camera, result<void> outcome) {
  impl_->post([camera, outcome = std::move(outcome)](impl& self) {
    if (auto* feed = self.find(camera)) feed->opened(outcome, self.now());
  });
}
bool pushed_feeds::picture(const camera_id& camera, pushed_picture picture) {
  return impl_->picture(camera, std::move(picture));
}
void pushed_feeds::ended(const camera_id& camera, error why) {
  impl_->post([camera, why = std::move(why)](impl& self) {
    if (auto* feed = self.find(camera)) feed->ended(why, self.now());
  });
}
pushed_counters pushed_feeds::counters() const noexcept { return impl_->counters(); }

}  // namespace vigie::ingest
