// SPDX-License-Identifier: Apache-2.0
#include "analytics/picture_probe.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "analytics/probe_wire.hpp"
#include "analytics/sampling.hpp"
#include "base/bounded_queue.hpp"
#include "base/log.hpp"
#include "plugin_host/child_process.hpp"
#include "plugin_host/sandbox.hpp"

namespace vigie::analytics {
namespace {

using namespace std::chrono_literals;

struct sampled_frame {
  std::uint32_t camera_index = 0;
  media::access_unit_ptr unit;
};

constexpr auto restart_floor = 200ms;
constexpr auto restart_ceiling = 10s;

}  // namespace

/// Shared by the probe and its sinks, so that a sink outliving the probe finds a closed queue.
class picture_probe::impl {
 public:
  impl(probe_options options, const clock& time, listener on_measure)
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

  std::uint32_t index_of(const camera_id& camera) {
    std::lock_guard lock{cameras_mutex_};
    cameras_.push_back(camera);
    return static_cast<std::uint32_t>(cameras_.size() - 1);
  }

  void offer(std::uint32_t camera_index, const media::access_unit_ptr& unit) {
    ++sampled_;
    if (!queue_.try_push({camera_index, unit})) ++dropped_;
  }

  std::chrono::nanoseconds interval() const { return options_.interval; }

  probe_counters counters() const noexcept {
    return {sampled_.load(), dropped_.load(), measured_.load(), child_starts_.load()};
  }

 private:
  void run() noexcept {
    auto pause = std::chrono::milliseconds{restart_floor};
    while (!stopping_) {
      const auto started = time_.mono();
      serve_one_child();
      if (stopping_) return;
      const bool lasted = time_.mono() - started > to_ns(60s);
      pause = lasted ? std::chrono::milliseconds{restart_floor} : pause * 2;
      pause = std::min(pause, std::chrono::milliseconds{restart_ceiling});
      drop_for(pause);
    }
  }

  /// While there is no child, frames are shed, not hoarded.
  void drop_for(std::chrono::milliseconds span) {
    const auto until = time_.mono() + to_ns(span);
    while (!stopping_ && time_.mono() < until) dropped_ += queue_.take_all(50ms).size();
  }

  void serve_one_child() {
    auto child = plugin_host::child_process::spawn(options_.host_program, {"picture-probe"});
    if (!child) {
      log::error("picture probe: {}", to_string(child.error()));
      return;
    }
    ++child_starts_;
    incoming_.clear();
    greeted_ = false;
    in_flight_ = 0;
    last_answer_ = time_.mono();
    while (!stopping_) {
      const auto frames = queue_.take_all(in_flight_ > 0 ? 5ms : 50ms);
      for (std::size_t i = 0; i < frames.size(); ++i) {
        if (send_frame(child->channel(), frames[i])) continue;
        dropped_ += frames.size() - i - 1;
        return give_up(*child, "does not read");
      }
      if (!receive(child->channel())) return give_up(*child, "ended or broke the protocol");
      if (in_flight_ == 0) last_answer_ = time_.mono();
      if (time_.mono() - last_answer_ > to_ns(options_.answer_deadline))
        return give_up(*child, "does not answer");
    }
  }

  void give_up(plugin_host::child_process& child, std::string_view why) {
    dropped_ += in_flight_;  // what it took with it
    const auto pid = child.pid();
    const bool alive = child.alive();
    log::warn("picture probe: child {} {} ({}); it will be replaced", pid, why,
              alive ? "killed" : child.ending());
  }

  bool send_frame(int channel, const sampled_frame& frame) {
    const auto& unit = *frame.unit;
    const auto& parameters = *unit.parameters;
    wire::frame_header header;
    header.camera_index = frame.camera_index;
    header.stream_generation = unit.stream_generation;
    header.arrival_mono_ns = unit.arrival_mono_ns;
    header.capture_utc_us = unit.capture_utc_us;
    header.sps_bytes = static_cast<std::uint32_t>(parameters.sps.size());
    header.pps_bytes = static_cast<std::uint32_t>(parameters.pps.size());
    // Further parameter sets travel as ordinary NAL units in front of the picture's.
    std::vector<std::uint8_t> further;
    for (const auto& pps : parameters.extra_pps) {
      for (int shift = 24; shift >= 0; shift -= 8)
        further.push_back(static_cast<std::uint8_t>(pps.size() >> shift));
      further.insert(further.end(), pps.begin(), pps.end());
    }
    header.data_bytes = static_cast<std::uint32_t>(further.size() + unit.data.size());
    if (header.sps_bytes > wire::max_parameter_set_bytes ||
        header.pps_bytes > wire::max_parameter_set_bytes ||
        header.data_bytes > wire::max_frame_bytes) {
      ++dropped_;
      return true;
    }
    ++in_flight_;
    return send_all(channel, &header, sizeof header) &&
           send_all(channel, parameters.sps.data(), parameters.sps.size()) &&
           send_all(channel, parameters.pps.data(), parameters.pps.size()) &&
           send_all(channel, further.data(), further.size()) &&
           send_all(channel, unit.data.data(), unit.data.size());
  }

  /// Writes all, taking answers in while the child's buffer is full (else both ends would wait).
  bool send_all(int channel, const void* bytes, std::size_t size) {
    const auto* at = static_cast<const std::uint8_t*>(bytes);
    const auto deadline = time_.mono() + to_ns(options_.answer_deadline);
    while (size > 0) {
      const auto sent = ::send(channel, at, size, MSG_NOSIGNAL);
      if (sent > 0) {
        at += sent;
        size -= static_cast<std::size_t>(sent);
        continue;
      }
      if (errno != EAGAIN && errno != EINTR) return false;
      if (stopping_ || time_.mono() > deadline || !receive(channel)) return false;
      pollfd ready{channel, POLLIN | POLLOUT, 0};
      ::poll(&ready, 1, 50);
    }
    return true;
  }

  /// Takes what the child has said so far. False when it left or broke a bound.
  bool receive(int channel) {
    std::uint8_t buffer[4096];
    while (true) {
      const auto got = ::recv(channel, buffer, sizeof buffer, 0);
      if (got == 0) return false;
      if (got < 0) {
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return false;
        break;
      }
      incoming_.insert(incoming_.end(), buffer, buffer + got);
    }
    std::size_t used = 0;
    if (!greeted_ && incoming_.size() >= sizeof(wire::hello)) {
      wire::hello hello;
      std::memcpy(&hello, incoming_.data(), sizeof hello);
      if (hello.magic != wire::hello_magic) return false;
      used = sizeof hello;
      greeted_ = true;
      const auto missing = plugin_host::all_sandbox_layers & ~hello.sandbox_layers;
      if (missing != 0 && std::exchange(told_missing_, missing) != missing)
        log::warn("picture probe: this kernel grants the child no {}",
                  plugin_host::describe_layers(missing));
    }
    if (!greeted_) return true;
    for (; incoming_.size() - used >= sizeof(wire::measure); used += sizeof(wire::measure)) {
      wire::measure measure;
      std::memcpy(&measure, incoming_.data() + used, sizeof measure);
      if (!deliver(measure)) return false;
    }
    incoming_.erase(incoming_.begin(), incoming_.begin() + static_cast<std::ptrdiff_t>(used));
    return true;
  }

  bool deliver(const wire::measure& measure) {
    picture_measure told;
    {
      std::lock_guard lock{cameras_mutex_};
      if (measure.camera_index >= cameras_.size() || in_flight_ == 0) return false;
      told.camera = cameras_[measure.camera_index];
    }
    --in_flight_;
    last_answer_ = time_.mono();
    ++measured_;
    told.arrival_mono_ns = measure.arrival_mono_ns;
    told.capture_utc_us = measure.capture_utc_us;
    told.decoded = measure.decoded != 0;
    told.dark_share = measure.dark_share;
    told.dark_core_share = measure.dark_core_share;
    told.change = measure.change;
    told.change_without_overlay = measure.change_without_overlay;
    on_measure_(told);
    return true;
  }

  const probe_options options_;
  const clock& time_;
  const listener on_measure_;
  bounded_queue<sampled_frame> queue_;
  std::mutex cameras_mutex_;
  std::vector<camera_id> cameras_;  ///< by camera index
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> sampled_{0}, dropped_{0}, measured_{0}, child_starts_{0};

  // The rest belongs to the probe's thread.
  std::thread thread_;
  std::vector<std::uint8_t> incoming_;
  bool greeted_ = false;
  std::uint32_t told_missing_ = 0;
  std::uint64_t in_flight_ = 0;
  mono_ns last_answer_ = 0;

  friend class picture_probe;
};

picture_probe::picture_probe(probe_options options, const clock& time, listener on_measure)
    : impl_{std::make_shared<impl>(std::move(options), time, std::move(on_measure))} {
  impl_->start();
}

picture_probe::~picture_probe() { impl_->stop(); }

ingest::sink_ptr picture_probe::make_sink(const camera_id& camera) {
  class sampler final : public ingest::sink {
   public:
    sampler(std::shared_ptr<impl> owner, std::uint32_t index)
        : owner_{std::move(owner)}, index_{index}, sampling_{owner_->interval()} {}
    void on_access_unit(const media::access_unit_ptr& unit) noexcept override {
      if (!unit->is_key || unit->parameters->kind != media::codec::h264) return;
      if (sampling_.takes(unit->arrival_mono_ns)) owner_->offer(index_, unit);
    }

   private:
    std::shared_ptr<impl> owner_;
    std::uint32_t index_;
    sampling sampling_;
  };
  return std::make_shared<sampler>(impl_, impl_->index_of(camera));
}

probe_counters picture_probe::counters() const noexcept { return impl_->counters(); }

}  // namespace vigie::analytics
