// SPDX-License-Identifier: Apache-2.0
#include "ingest/shard.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/log.hpp"
#include "base/random.hpp"
#include "ingest/detail/line.hpp"

namespace vigie::ingest {
namespace {

namespace asio = boost::asio;

/// How late a deadline may be noticed: one visit to every feed, instead of a timer per feed.
constexpr std::chrono::milliseconds sweep_every{50};
constexpr mono_ns shutdown_budget_ns = 1'000'000'000;

}  // namespace

class shard::impl {
 public:
  impl(const clock& time, dial_pacer& pacer, const vitals_listener& listener, std::uint64_t seed)
      : time_{time},
        pacer_{pacer},
        listener_{listener},
        seed_{seed},
        work_{asio::make_work_guard(io_)},
        sweep_timer_{io_},
        thread_{[this] { run(); }} {
    asio::post(io_, [this] { schedule_sweep(); });
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
      sweep();
    });
  }

 private:
  struct order {
    feed_config config;
    std::vector<sink_ptr> sinks;
  };
  struct pinned {
    std::shared_ptr<detail::line> now;
    std::optional<order> successor;
  };

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
        detail::line_context{io_, time_, pacer_, listener_, buffer_}, std::move(wanted.config),
        std::move(wanted.sinks), seed_ ^ std::hash<camera_id>{}(camera));
    lines_[camera].now = made;
    made->start();
  }

  void schedule_sweep() {
    sweep_timer_.expires_after(sweep_every);
    sweep_timer_.async_wait([this](const boost::system::error_code& cancelled) {
      if (cancelled) return;
      schedule_sweep();
      sweep();
    });
  }

  /// Visits every feed whose deadline has come, and replaces or forgets those that ended.
  void sweep() {
    std::vector<order> successors;
    for (auto at = lines_.begin(); at != lines_.end();) {
      at->second.now->visit();
      if (!at->second.now->finished()) {
        ++at;
        continue;
      }
      if (at->second.successor) successors.push_back(std::move(*at->second.successor));
      at = lines_.erase(at);
    }
    for (auto& wanted : successors) open(std::move(wanted));
    if (is_closing_ && (lines_.empty() || time_.mono() >= closing_at_)) io_.stop();
  }

  const clock& time_;
  dial_pacer& pacer_;
  const vitals_listener& listener_;
  const std::uint64_t seed_;

  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  asio::steady_timer sweep_timer_;
  std::unordered_map<camera_id, pinned> lines_;
  detail::receive_buffer buffer_ = detail::receive_buffer(64 * 1024);
  bool is_closing_ = false;
  mono_ns closing_at_ = 0;

  bool shutting_down_ = false;  ///< of the owner's thread, not of the shard's
  std::thread thread_;          ///< last: it uses everything above
};

shard::shard(const clock& time, dial_pacer& pacer, const vitals_listener& listener,
             std::uint64_t seed)
    : impl_{std::make_unique<impl>(time, pacer, listener, seed)} {}
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
void shard::begin_shutdown() { impl_->begin_shutdown(); }

}  // namespace vigie::ingest
