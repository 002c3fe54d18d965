// SPDX-License-Identifier: Apache-2.0
#include <vigie/types.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "plugin_host/instance.hpp"
#include "plugin_host/runner.hpp"

namespace vigie::plugin_host {
namespace {

constexpr std::size_t most_waiting_calls = 4096;

struct task {
  call what;
  runner::answer_function done;
};

/// Shared with the worker thread, which may outlive the runner when the plugin never returns.
struct shared_state {
  shared_state(runner_setup given, const clock& clock_port, runner_events& listener)
      : setup{std::move(given)}, time{clock_port}, events{listener} {}

  runner_setup setup;
  const clock& time;
  runner_events& events;

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<task> tasks;
  std::size_t waiting_frames = 0;
  bool stopping = false;
  bool finished = false;  ///< the worker is through with plugin and events
  std::atomic<bool> abandoned{false};

  // What the worker is doing, for the watch.
  mono_ns busy_until = 0;  ///< 0: idle
  std::string busy_with;
  runner::answer_function busy_done;

  std::unique_ptr<plugin_host::instance> instance;

  void begin(std::string_view what, std::chrono::milliseconds deadline,
             runner::answer_function done) {
    std::lock_guard lock{mutex};
    busy_with = what;
    busy_until = time.mono() + to_ns(deadline);
    busy_done = std::move(done);
    changed.notify_all();
  }
  /// The answer's taker, unless the watch has given it up in the meantime.
  runner::answer_function finish() {
    std::lock_guard lock{mutex};
    busy_until = 0;
    return std::exchange(busy_done, nullptr);
  }
  std::deque<task> take_tasks() {
    waiting_frames = 0;
    return std::exchange(tasks, {});
  }
};

void refuse_all(std::deque<task> tasks, std::int32_t status, const std::string& why) {
  for (auto& one : tasks)
    if (one.done) one.done({status, why, {}});
}

void leave(shared_state& self) {
  std::deque<task> left;
  {
    std::lock_guard lock{self.mutex};
    if (self.abandoned) return;
    self.stopping = true;
    left = self.take_tasks();
  }
  refuse_all(std::move(left), VIGIE_E_STATE, "the plugin has ended");
  self.events.on_ended();
  std::lock_guard lock{self.mutex};
  self.finished = true;
  self.changed.notify_all();
}

/// An instance that broke the ABI is neither called nor freed again.
void give_up_broken(shared_state& self, const std::string& during) {
  static_cast<void>(self.instance.release());
  self.events.on_fault(fault::crashed, 0, "an exception crossed the ABI in " + during);
}

bool start(shared_state& self) {
  self.begin("start", self.setup.deadlines.load, nullptr);
  const auto report = self.instance->start();
  self.finish();
  if (self.abandoned) return false;
  if (self.instance->is_broken()) {
    give_up_broken(self, "start");
    return false;
  }
  if (report.status == VIGIE_OK) {
    self.events.on_started(report);
    return true;
  }
  self.begin("destroy", self.setup.deadlines.stop, nullptr);
  self.instance->stop();
  self.finish();
  if (!self.abandoned) self.events.on_fault(fault::failed_start, 0, report.text);
  return false;
}

/// False when the instance is gone.
bool perform(shared_state& self, task& next) {
  const std::string name{name_of(next.what)};
  self.begin(name, deadline_of(next.what, self.setup.deadlines), std::move(next.done));
  auto said = self.instance->perform(next.what);
  const bool broken = self.instance->is_broken();
  const auto done = self.finish();
  if (self.abandoned) return false;
  if (done) done(std::move(said));
  if (broken) give_up_broken(self, name);
  return !broken;
}

void work(const std::shared_ptr<shared_state>& self) {
  if (!start(*self)) return leave(*self);
  while (true) {
    task next;
    {
      std::unique_lock lock{self->mutex};
      self->changed.wait(lock, [&] { return self->stopping || !self->tasks.empty(); });
      if (self->stopping) break;
      next = std::move(self->tasks.front());
      self->tasks.pop_front();
      if (std::holds_alternative<frame_call>(next.what)) --self->waiting_frames;
    }
    if (!perform(*self, next)) return leave(*self);
  }
  self->begin("stop", self->setup.deadlines.stop, nullptr);
  self->instance->stop();
  self->finish();
  leave(*self);
}

class in_process_runner final : public runner {
 public:
  in_process_runner(runner_setup setup, const clock& time, runner_events& events)
      : self_{std::make_shared<shared_state>(within_reach(std::move(setup)), time, events)} {
    // The instance's words reach the runner even while it is being given up; the flag stops them.
    self_->instance =
        std::make_unique<instance>(self_->setup.order, time, [raw = self_.get()](notice said) {
          if (raw->abandoned) return;
          if (const auto* offence = std::get_if<offence_notice>(&said))
            raw->events.on_fault(static_cast<fault>(offence->fault), offence->camera,
                                 offence->text);
          else
            raw->events.on_notice(std::move(said));
        });
    worker_ = std::thread{[self = self_] {
      work(self);
      // A stuck instance stays for ever: its code may still run.
      if (self->abandoned) static_cast<void>(new std::shared_ptr<shared_state>{self});
    }};
    watch_ = std::thread{[this] { watch(); }};
  }

  ~in_process_runner() override {
    stop();
    watch_.join();
    if (!self_->abandoned) {
      worker_.join();
      return;
    }
    static_cast<void>(new std::shared_ptr<shared_state>{self_});
    worker_.detach();
  }

  bool submit(call what, answer_function done) override {
    std::lock_guard lock{self_->mutex};
    if (self_->stopping || self_->abandoned || self_->tasks.size() >= most_waiting_calls)
      return false;
    self_->tasks.push_back({std::move(what), std::move(done)});
    self_->changed.notify_all();
    return true;
  }

  bool offer(frame_call what, answer_function done) override {
    std::lock_guard lock{self_->mutex};
    if (self_->stopping || self_->abandoned || self_->waiting_frames >= most_waiting_frames)
      return false;
    ++self_->waiting_frames;
    self_->tasks.push_back({std::move(what), std::move(done)});
    self_->changed.notify_all();
    return true;
  }

  void stop() override {
    std::lock_guard lock{self_->mutex};
    self_->stopping = true;
    self_->changed.notify_all();
  }

  int process() const override { return 0; }
  std::string missing_protection() const override { return "everything: it runs inside vigie"; }

 private:
  /// Ends waiting for calls that are late. The thread inside stays where it is.
  void watch() {
    auto& self = *self_;
    std::unique_lock lock{self.mutex};
    while (!self.finished) {
      if (self.busy_until == 0) {
        self.changed.wait(lock);
        continue;
      }
      const auto left = self.busy_until - self.time.mono();
      if (left > 0) {
        self.changed.wait_for(lock, std::chrono::nanoseconds{left});
        continue;
      }
      self.abandoned = true;
      auto late = std::exchange(self.busy_done, nullptr);
      auto others = self.take_tasks();
      const auto what = self.busy_with;
      lock.unlock();
      if (late) late({VIGIE_E_TIMEOUT, what + " did not return", {}});
      refuse_all(std::move(others), VIGIE_E_STATE, "the plugin hangs");
      self.events.on_fault(fault::hung, 0, what + " did not return; its thread is abandoned");
      self.events.on_ended();
      return;
    }
  }

  std::shared_ptr<shared_state> self_;
  std::thread worker_;
  std::thread watch_;
};

}  // namespace

std::unique_ptr<runner> make_in_process_runner(runner_setup setup, const clock& time,
                                               runner_events& events) {
  return std::make_unique<in_process_runner>(std::move(setup), time, events);
}

}  // namespace vigie::plugin_host
