// SPDX-License-Identifier: Apache-2.0
#include "recording/recorder.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "recording/camera_sink.hpp"
#include "recording/disk_writer.hpp"

namespace vigie::recording {
namespace {

/// How long a complete fragment may wait for company: what a killed process loses beyond the open
/// ones.
constexpr std::chrono::milliseconds writer_tick{100};
constexpr std::chrono::seconds default_stop_deadline{5};

/// One queue with its writer, and the thread that runs them when there is one.
class write_worker {
 public:
  write_worker(std::size_t queue_bytes, disk& files, const clock& time, day_indexes& indexes,
               const report_listener& listener, recording_counters& counters)
      : queue_{std::make_shared<write_queue>(queue_bytes)},
        writer_{files, time, indexes, listener, counters} {}

  const std::shared_ptr<write_queue>& queue() const noexcept { return queue_; }

  void start() {
    thread_ = std::thread{[this] { run(); }};
  }

  /// Writes what is queued now, on the caller's thread.
  void pump() {
    for (auto items = queue_->take({}); !items.empty(); items = queue_->take({})) write(items);
    writer_.keep_current(false);
  }

  bool flush(std::chrono::steady_clock::time_point until) {
    if (!thread_.joinable()) {
      pump();
      writer_.keep_current(true);
      return true;
    }
    std::unique_lock lock{mutex_};
    const auto ticket = ++flushes_wanted_;
    queue_->wake();
    return progressed_.wait_until(lock, until, [&] { return is_done_ || flushes_done_ >= ticket; });
  }

  /// True when everything was written in time.
  bool stop(std::chrono::steady_clock::time_point until) {
    queue_->close();
    if (!thread_.joinable()) {
      pump();
      finish();
      return true;
    }
    bool in_time = false;
    {
      std::unique_lock lock{mutex_};
      in_time = progressed_.wait_until(lock, until, [&] { return is_done_; });
    }
    gives_up_ = true;
    thread_.join();
    return in_time;
  }

 private:
  void run() {
    for (;;) {
      std::uint64_t wanted = 0;
      {
        std::lock_guard lock{mutex_};
        wanted = flushes_wanted_;
      }
      const bool flush_due = wanted > flushes_done_;
      auto items = queue_->take(flush_due ? std::chrono::milliseconds{0} : writer_tick);
      write(items);
      writer_.keep_current(flush_due);
      if (flush_due) tell([&] { flushes_done_ = wanted; });
      if (items.empty() && queue_->finished()) break;
    }
    finish();
    tell([&] { is_done_ = true; });
  }

  void write(std::vector<write_item>& items) {
    if (!gives_up_) {
      try {
        writer_.write(items);
      } catch (const std::exception& e) {
        log::error("recording: {}", e.what());
        writer_.abandon_pass();
      }
    }
    for (const auto& item : items) queue_->settle(item);
  }

  void finish() {
    writer_.finish();
    writer_.keep_current(true);
  }

  template <class Change>
  void tell(Change change) {
    {
      std::lock_guard lock{mutex_};
      change();
    }
    progressed_.notify_all();
  }

  std::shared_ptr<write_queue> queue_;
  disk_writer writer_;
  std::thread thread_;
  std::atomic<bool> gives_up_{false};
  std::mutex mutex_;
  std::condition_variable progressed_;
  std::uint64_t flushes_wanted_ = 0;
  std::uint64_t flushes_done_ = 0;
  bool is_done_ = false;
};

}  // namespace

class recorder::impl {
 public:
  impl(recorder_options options, disk& files, const clock& time, day_indexes& indexes,
       report_listener listener)
      : options_{options}, time_{time}, indexes_{indexes}, listener_{std::move(listener)} {
    for (std::size_t i = 0; i < std::max<std::size_t>(options.writers, 1); ++i)
      workers_.push_back(std::make_unique<write_worker>(options.queue_bytes, files, time, indexes,
                                                        listener_, *counters_));
    if (options.writers > 0)
      for (auto& worker : workers_) worker->start();
  }

  ingest::sink_ptr make_sink(const camera_id& camera) {
    const auto newest = indexes_.newest_end(camera, time_.utc());
    if (!newest)
      log::warn("recording index, newest end of {}: {}", camera.str(), to_string(newest.error()));
    auto& worker = *workers_[std::hash<camera_id>{}(camera) % workers_.size()];
    auto shared = std::make_shared<lane>(camera, counters_);
    return std::make_shared<camera_sink>(std::move(shared), worker.queue(), time_,
                                         segmenter{options_.cut, newest.value_or(0)},
                                         options_.camera_queue_bytes);
  }

  bool flush(std::chrono::milliseconds deadline) {
    const auto until = std::chrono::steady_clock::now() + deadline;
    bool all = true;
    for (auto& worker : workers_) all = worker->flush(until) && all;
    return all;
  }

  bool stop(std::chrono::milliseconds deadline) {
    if (std::exchange(is_stopped_, true)) return true;
    const auto until = std::chrono::steady_clock::now() + deadline;
    for (auto& worker : workers_) worker->queue()->close();
    bool all = true;
    for (auto& worker : workers_) all = worker->stop(until) && all;
    return all;
  }

  void pump() {
    for (auto& worker : workers_) worker->pump();
  }

  recorder_totals totals() const {
    recorder_totals sums;
    sums.written_frames = counters_->written_frames;
    sums.written_bytes = counters_->written_bytes;
    sums.write_failures = counters_->write_failures;
    sums.index_failures = counters_->index_failures;
    sums.dropped_gops = counters_->dropped_gops;
    sums.cameras = counters_->open_files;
    for (const auto& worker : workers_) sums.queued_bytes += worker->queue()->bytes();
    return sums;
  }

 private:
  const recorder_options options_;
  const clock& time_;
  day_indexes& indexes_;
  const report_listener listener_;
  const std::shared_ptr<recording_counters> counters_ = std::make_shared<recording_counters>();
  std::vector<std::unique_ptr<write_worker>> workers_;
  bool is_stopped_ = false;
};

recorder::recorder(recorder_options options, disk& files, const clock& time, day_indexes& indexes,
                   report_listener listener)
    : impl_{std::make_unique<impl>(options, files, time, indexes, std::move(listener))} {}

recorder::~recorder() { impl_->stop(default_stop_deadline); }

ingest::sink_ptr recorder::make_sink(const camera_id& camera) { return impl_->make_sink(camera); }
bool recorder::flush(std::chrono::milliseconds deadline) { return impl_->flush(deadline); }
bool recorder::stop(std::chrono::milliseconds deadline) { return impl_->stop(deadline); }
void recorder::pump() { impl_->pump(); }
recorder_totals recorder::totals() const noexcept { return impl_->totals(); }

}  // namespace vigie::recording
