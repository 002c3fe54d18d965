// SPDX-License-Identifier: Apache-2.0
#include "ingest/shard.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <iterator>
#include <optional>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/log.hpp"
#include "base/random.hpp"
#include "ingest/detail/line.hpp"

namespace vigie::ingest {
namespace {

namespace asio = boost::asio;

/// How late a deadline may be noticed: one visit to every feed that wants attention, instead of a
/// timer per feed.
constexpr std::chrono::milliseconds tick_every{50};
constexpr mono_ns shutdown_budget_ns = 1'000'000'000;

}  // namespace

class shard::impl final : public detail::attention {
 public:
  impl(const clock& time, dial_pacer& pacer, const vitals_listener& listener,
       const shard_options& options)
      : time_{time},
        pacer_{pacer},
        listener_{listener},
        options_{options},
        readiness_{io_},
        work_{asio::make_work_guard(io_)},
        timer_{io_},
        slots_(std::max<std::size_t>(1, static_cast<std::size_t>(options.sweep / tick_every))),
        thread_{[this] { run(); }} {
    asio::post(io_, [this] { schedule_tick(); });
  }

  ~impl() {
    if (!shutting_down_) io_.stop();
    thread_.join();
  }

  void start(feed_config config, std::vector<sink_ptr> sinks) {
    asio::post(io_, [this, config = std::move(config), sinks = std::move(sinks)]() mutable {
      if (is_closing_) return;
      const auto found = lines_.find(config.camera);
      if (found == lines_.end()) return open({std::move(config), std::move(sinks)});
      // Many cameras allow one session only: the successor waits for the old one to leave.
      found->second.successor = {std::move(config), std::move(sinks)};
      found->second.now->stop();
    });
  }

  void stop(const camera_id& camera) {
    asio::post(io_, [this, camera] {
      const auto found = lines_.find(camera);
      if (found == lines_.end()) return;
      found->second.successor.reset();
      found->second.now->stop();
    });
  }

  void change_sinks(const camera_id& camera, sink_ptr extra, bool add) {
    asio::post(io_, [this, camera, extra = std::move(extra), add] {
      const auto found = lines_.find(camera);
      if (found == lines_.end()) return;
      auto& successor = found->second.successor;
      if (successor) {
        std::erase(successor->sinks, extra);
        if (add) successor->sinks.push_back(extra);
      } else if (add) {
        found->second.now->add_sink(extra);
      } else {
        found->second.now->remove_sink(extra);
      }
    });
  }

  void begin_shutdown() {
    shutting_down_ = true;
    asio::post(io_, [this] {
      is_closing_ = true;
      closing_at_ = time_.mono() + shutdown_budget_ns;
      for (auto& [camera, entry] : lines_) {
        entry.successor.reset();
        entry.now->stop();
      }
      tick();
    });
  }

  std::chrono::nanoseconds take_delay() noexcept {
    return std::chrono::nanoseconds{worst_delay_.exchange(0, std::memory_order_relaxed)};
  }

  void attend(detail::line& which) override { attended_.insert(&which); }

 private:
  struct order {
    feed_config config;
    std::vector<sink_ptr> sinks;
  };
  struct pinned {
    std::shared_ptr<detail::line> now;
    std::optional<order> successor;
    std::size_t slot = 0;
  };
  /// The lines whose turn to be swept comes together.
  using sweep_slot = std::vector<detail::line*>;

  void run() noexcept {
    while (true) {
      try {
        io_.run();
        break;
      } catch (const std::exception& bug) {
        log::error("ingest shard: {}", bug.what());
      }
    }
    for (auto& [camera, entry] : lines_) entry.now->close();
    lines_.clear();
  }

  void open(order wanted) {
    const camera_id camera = wanted.config.camera;
    auto made = std::make_shared<detail::line>(
        detail::line_context{io_, readiness_, trust_, *this, time_, pacer_, listener_, buffer_,
                             options_.sweep},
        std::move(wanted.config), std::move(wanted.sinks),
        options_.seed ^ std::hash<camera_id>{}(camera));
    const auto emptiest =
        std::min_element(slots_.begin(), slots_.end(),
                         [](const auto& a, const auto& b) { return a.size() < b.size(); });
    emptiest->push_back(made.get());
    lines_[camera] = {made, {}, static_cast<std::size_t>(emptiest - slots_.begin())};
    attend(*made);
    made->start();
  }

  void schedule_tick() {
    timer_.expires_after(tick_every);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
      if (cancelled) return;
      const auto late =
          (std::chrono::steady_clock::now() - timer_.expiry()) / std::chrono::nanoseconds{1};
      if (late > worst_delay_.load(std::memory_order_relaxed))
        worst_delay_.store(late, std::memory_order_relaxed);
      schedule_tick();
      tick();
    });
  }

  /// Sweeps the lines whose turn it is, visits those that want attention, and replaces or forgets
  /// those that ended.
  void tick() {
    for (auto* each : slots_[ticks_++ % slots_.size()])
      if (each->is_swept()) each->sweep();
    bool has_finished = false;
    for (auto at = attended_.begin(); at != attended_.end();) {
      auto& each = **at;
      if (!each.is_swept()) each.visit();
      has_finished = has_finished || each.finished();
      at = each.is_swept() ? attended_.erase(at) : std::next(at);
    }
    if (has_finished) bury();
    if (is_closing_ && (lines_.empty() || time_.mono() >= closing_at_)) io_.stop();
  }

  void bury() {
    std::vector<order> successors;
    for (auto at = lines_.begin(); at != lines_.end();) {
      auto& entry = at->second;
      if (!entry.now->finished()) {
        ++at;
        continue;
      }
      attended_.erase(entry.now.get());
      std::erase(slots_[entry.slot], entry.now.get());
      if (entry.successor) successors.push_back(std::move(*entry.successor));
      at = lines_.erase(at);
    }
    for (auto& wanted : successors) open(std::move(wanted));
  }

  const clock& time_;
  dial_pacer& pacer_;
  const vitals_listener& listener_;
  const shard_options options_;

  asio::io_context io_{1};
  detail::poller readiness_;
  detail::tls_trust trust_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  asio::steady_timer timer_;
  std::unordered_map<camera_id, pinned> lines_;
  std::unordered_set<detail::line*> attended_;
  std::vector<sweep_slot> slots_;  ///< one per tick of a period; every line is in one
  std::size_t ticks_ = 0;
  detail::receive_buffer buffer_ = detail::receive_buffer(256 * 1024);
  std::atomic<std::int64_t> worst_delay_{0};
  bool is_closing_ = false;
  mono_ns closing_at_ = 0;

  bool shutting_down_ = false;  ///< of the owner's thread, not of the shard's
  std::thread thread_;          ///< last: it uses everything above
};

shard::shard(const clock& time, dial_pacer& pacer, const vitals_listener& listener,
             const shard_options& options)
    : impl_{std::make_unique<impl>(time, pacer, listener, options)} {}
shard::~shard() = default;

void shard::start(feed_config config, std::vector<sink_ptr> sinks) {
  impl_->start(std::move(config), std::move(sinks));
}
void shard::stop(const camera_id& camera) { impl_->stop(camera); }
void shard::add_sink(const camera_id& camera, sink_ptr extra) {
  impl_->change_sinks(camera, std::move(extra), true);
}
void shard::remove_sink(const camera_id& camera, sink_ptr extra) {
  impl_->change_sinks(camera, std::move(extra), false);
}
std::chrono::nanoseconds shard::take_delay() noexcept { return impl_->take_delay(); }
void shard::begin_shutdown() { impl_->begin_shutdown(); }

}  // namespace vigie::ingest
