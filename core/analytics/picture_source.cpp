// SPDX-License-Identifier: Apache-2.0
#include "analytics/picture_source.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analytics/decoder_link.hpp"
#include "analytics/effort_watch.hpp"
#include "analytics/measuring_pace.hpp"
#include "base/bounded_queue.hpp"
#include "base/log.hpp"
#include "plugin_host/sandbox.hpp"

namespace vigie::analytics {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds restart_floor = 200ms;
constexpr std::chrono::milliseconds restart_ceiling = 10s;

}  // namespace

/// Shared by the source and its sinks, so that a sink outliving the source finds a closed queue.
class picture_source::impl {
 public:
  impl(picture_options options, const clock& time, listener on_measure)
      : options_{std::move(options)},
        time_{time},
        on_measure_{std::move(on_measure)},
        queue_{options_.queue_frames} {}

  void start() {
    thread_ = std::thread{[this] { run(); }};
  }

  void stop() {
    stopping_ = true;
    queue_.close();
    if (thread_.joinable()) thread_.join();
  }

  std::shared_ptr<camera_sampling> sampling_of(const camera_id& camera) {
    std::lock_guard lock{cameras_mutex_};
    auto& known = cameras_[camera];
    if (!known) {
      const auto every = options_.measures
                             ? std::optional<std::chrono::nanoseconds>{options_.interval}
                             : std::nullopt;
      known = std::make_shared<camera_sampling>(
          camera, static_cast<std::uint32_t>(cameras_.size() - 1), every);
    }
    return known;
  }

  /// Half of the queue is for those whose picture may have changed its nature.
  void offer(sampled_frame frame, bool is_suspect) {
    ++sampled_;
    const bool has_room = is_suspect || queue_.size() < options_.queue_frames / 2;
    if (!has_room || !queue_.try_push(std::move(frame))) ++dropped_;
  }

  double stretch() const noexcept { return stretch_; }
  void shed(bool orders, bool calm_measures) noexcept {
    sheds_orders_ = orders;
    sheds_calm_measures_ = calm_measures;
  }
  /// Whom a key frame may serve now.
  camera_sampling::leave leave_of(bool is_suspect) const noexcept {
    return {is_suspect ? 1 : stretch(), !sheds_orders_, is_suspect || !sheds_calm_measures_};
  }

  picture_counters counters() const noexcept {
    return {sampled_.load(),   dropped_.load(),      measured_.load(), shown_.load(),
            not_shown_.load(), child_starts_.load(), stretch_.load()};
  }

 private:
  void run() noexcept {
    auto memory = picture_memory::make();
    if (!memory) return log::error("pictures: {}", to_string(memory.error()));
    auto pause = restart_floor;
    while (!stopping_) {
      const auto started = time_.mono();
      serve_one_child(*memory);
      if (stopping_) return;
      const bool lasted = time_.mono() - started > to_ns(60s);
      pause = lasted ? restart_floor : std::min(pause * 2, restart_ceiling);
      drop_for(pause);
    }
  }

  /// While there is no child, frames are shed, not hoarded.
  void drop_for(std::chrono::milliseconds span) {
    const auto until = time_.mono() + to_ns(span);
    while (!stopping_ && time_.mono() < until) dropped_ += queue_.take_all(50ms).size();
  }

  void serve_one_child(const std::shared_ptr<picture_memory>& memory) {
    auto link = decoder_link::start(options_.decoder_program, memory, time_,
                                    options_.answer_deadline, events());
    if (!link) return log::error("picture decoder: {}", to_string(link.error()));
    ++child_starts_;
    while (!stopping_) {
      const auto frames = queue_.take_all(link->in_flight() > 0 ? 5ms : 50ms);
      pace_.note(frames.size() >= options_.queue_frames / 4, time_.mono());
      stretch_ = pace_.stretch();
      for (std::size_t i = 0; i < frames.size(); ++i) {
        if (link->send(frames[i], stopping_)) continue;
        dropped_ += frames.size() - i - 1;
        return give_up(*link, "does not read");
      }
      if (!link->receive()) return give_up(*link, "ended or broke the protocol");
      if (link->missing_layers()) tell_missing(*link->missing_layers());
      if (link->is_overdue()) return give_up(*link, "does not answer");
    }
  }

  link_events events() {
    return {[this](const picture_measure& m) {
              ++measured_;
              on_measure_(m);
            },
            [this] { ++shown_; }, [this] { ++not_shown_; }};
  }

  void give_up(decoder_link& link, std::string_view why) {
    dropped_ += link.in_flight();  // what it took with it
    log::warn("picture decoder: {} {}; it will be replaced", link.obituary(), why);
  }

  void tell_missing(std::uint32_t missing) {
    if (missing != 0 && std::exchange(told_missing_, missing) != missing)
      log::warn("picture decoder: this kernel grants the child no {}",
                plugin_host::describe_layers(missing));
  }

  const picture_options options_;
  const clock& time_;
  const listener on_measure_;
  bounded_queue<sampled_frame> queue_;
  std::mutex cameras_mutex_;
  std::unordered_map<camera_id, std::shared_ptr<camera_sampling>> cameras_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> sampled_{0}, dropped_{0}, measured_{0}, shown_{0}, not_shown_{0},
      child_starts_{0};
  std::thread thread_;
  std::atomic<double> stretch_{1};
  std::atomic<bool> sheds_orders_{false};
  std::atomic<bool> sheds_calm_measures_{false};
  // -- of the source's thread ---
  measuring_pace pace_;
  std::uint32_t told_missing_ = 0;

  friend class picture_source;
};

picture_source::picture_source(picture_options options, const clock& time, listener on_measure)
    : impl_{std::make_shared<impl>(std::move(options), time, std::move(on_measure))} {
  impl_->start();
}

picture_source::~picture_source() { impl_->stop(); }

ingest::sink_ptr picture_source::make_sink(const camera_id& camera) {
  class sampler final : public ingest::sink {
   public:
    sampler(std::shared_ptr<impl> owner, std::shared_ptr<camera_sampling> of)
        : owner_{std::move(owner)}, camera_{std::move(of)} {}
    void on_access_unit(const media::access_unit_ptr& unit) noexcept override {
      if (!unit->is_key) return effort_.on_dependent(unit->data.size());
      const bool is_suspect = effort_.on_key(unit->data.size(), unit->arrival_mono_ns);
      if (auto wanted = camera_->takes(unit->arrival_mono_ns, owner_->leave_of(is_suspect)))
        owner_->offer({camera_, unit, std::move(*wanted)}, is_suspect);
    }

   private:
    std::shared_ptr<impl> owner_;
    std::shared_ptr<camera_sampling> camera_;
    effort_watch effort_;
  };
  return std::make_shared<sampler>(impl_, impl_->sampling_of(camera));
}

void picture_source::order(const camera_id& camera, const std::string& who, picture_order wanted) {
  impl_->sampling_of(camera)->subscribe(who, std::move(wanted));
}
void picture_source::cancel(const camera_id& camera, const std::string& who) {
  impl_->sampling_of(camera)->unsubscribe(who);
}
void picture_source::shed(bool orders, bool calm_measures) noexcept {
  impl_->shed(orders, calm_measures);
}
picture_counters picture_source::counters() const noexcept { return impl_->counters(); }

}  // namespace vigie::analytics
