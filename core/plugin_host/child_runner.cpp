// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vigie/types.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "plugin_host/access_audit.hpp"
#include "plugin_host/call_watch.hpp"
#include "plugin_host/child_process.hpp"
#include "plugin_host/frame_pool.hpp"
#include "plugin_host/process_limits.hpp"
#include "plugin_host/runner.hpp"
#include "plugin_host/sandbox.hpp"
#include "plugin_host/screen.hpp"
#include "plugin_host/wire.hpp"

namespace vigie::plugin_host {
namespace {

constexpr std::size_t most_waiting_calls = 4096;
constexpr double own_judge_tolerance =
    2;  // its judge sees the same words a little earlier or later
constexpr std::uint32_t most_refused_per_second = 2000;
/// On a busy machine a quarter of a second of processor time is a second of everybody's. A start
/// links its libraries first.
constexpr std::chrono::milliseconds most_computing{250}, most_computing_at_start{500};
constexpr mono_ns watch_every_ns = 25'000'000;

/// A call on its way: queued, then sent; answered in order.
struct pending {
  std::uint64_t number = 0;
  std::string name;
  std::chrono::milliseconds deadline{0};
  runner::answer_function done;
  std::optional<call> what;  ///< for what its success changes in the screen
  bool is_frame = false;
};

class child_runner final : public runner {
 public:
  child_runner(runner_setup setup, const clock& time, runner_events& events)
      : setup_{within_reach(std::move(setup))},
        time_{time},
        events_{events},
        screen_{setup_.order.kind, setup_.order.events, screen_rates{}.times(own_judge_tolerance)},
        network_{setup_.network, setup_.recipient_hosts, time},
        watch_{setup_.deadlines.control, setup_.order.may_use_network},
        wake_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
    thread_ = std::thread{[this] { run(); }};
  }

  ~child_runner() override {
    stop();
    thread_.join();
    ::close(wake_);
  }

  bool submit(call what, answer_function done) override {
    std::lock_guard lock{mutex_};
    if (closed_ || inbox_.size() >= most_waiting_calls) return false;
    inbox_.push_back({std::move(what), std::move(done)});
    wake();
    return true;
  }

  bool offer(frame_call what, answer_function done) override {
    std::lock_guard lock{mutex_};
    if (closed_ || waiting_frames_ >= most_waiting_frames) return false;
    ++waiting_frames_;
    inbox_.push_back({std::move(what), std::move(done)});
    wake();
    return true;
  }

  void stop() override {
    std::lock_guard lock{mutex_};
    stop_wanted_ = true;
    closed_ = true;
    wake();
  }

  int process() const override { return process_; }
  std::string missing_protection() const override {
    const auto missing = all_plugin_layers & ~layers_.load();
    return !has_hello_ || missing == 0 ? std::string{} : describe_layers(missing);
  }

 private:
  struct inbox_item {
    call what;
    answer_function done;
  };

  void wake() {
    const std::uint64_t one = 1;
    static_cast<void>(!::write(wake_, &one, sizeof one));
  }

  void run() {
    auto child = child_process::spawn(setup_.host_program, {"plugin"});
    if (!child) {
      tell(fault::failed_start, 0, to_string(child.error()));
      return finish();
    }
    child_.emplace(std::move(*child));
    process_ = child_->pid();
    channel_.emplace(child_->channel());
    pid_descriptor_ = static_cast<int>(::syscall(SYS_pidfd_open, child_->pid(), 0));
    wire::to_child order{setup_.order};
    channel_->put(order);
    push({0, "start", setup_.deadlines.load, nullptr, {}, false});
    while (!over_) turn();
    if (pid_descriptor_ >= 0) ::close(pid_descriptor_);
    audit_.reset();
    channel_.reset();
    child_.reset();  // killed if it still lives, and reaped
    process_ = 0;
    finish();
  }

  void finish() {
    std::deque<inbox_item> queued;
    {
      std::lock_guard lock{mutex_};
      closed_ = true;
      queued = std::exchange(inbox_, {});
    }
    for (auto& one : in_flight_)
      if (one.done) one.done({VIGIE_E_STATE, "the plugin ended before it answered", {}});
    in_flight_.clear();
    for (auto& one : queued)
      if (one.done) one.done({VIGIE_E_STATE, "the plugin has ended", {}});
    events_.on_ended();
  }

  void tell(fault f, std::uint64_t camera, const std::string& detail) {
    events_.on_fault(f, camera, detail);
  }
  void end(fault f, const std::string& detail) {
    if (std::exchange(over_, true)) return;
    ::kill(child_->pid(), SIGKILL);
    tell(f, 0, detail);
  }

  void push(pending one) {
    if (in_flight_.empty()) head_since_ = time_.mono();
    in_flight_.push_back(std::move(one));
  }

  // -- one turn of the loop --------------------------------------------------------------------

  void turn() {
    if (channel_->flush() == wire::io::closed) return child_left();
    const auto out = channel_->waiting_bytes() > 0 ? POLLOUT : 0;
    std::array<pollfd, 4> ready{{{child_->channel(), static_cast<short>(POLLIN | out), 0},
                                 {wake_, POLLIN, 0},
                                 {pid_descriptor_, POLLIN, 0},
                                 {audit_ ? audit_->descriptor() : -1, POLLIN, 0}}};
    ::poll(ready.data(), ready.size(), wait_ms());
    if (audit_) audit(ready[3].revents);
    if (over_) return;
    if ((ready[0].revents & (POLLIN | POLLHUP)) != 0) receive();
    if (over_) return;
    if ((ready[2].revents & POLLIN) != 0) {
      // What it said before it died still counts.
      while (!over_ && receive() == wire::io::done) {}
      if (!over_) child_left();
      return;
    }
    if ((ready[1].revents & POLLIN) != 0) take_inbox();
    check_deadline();
    if (!over_) watch_size();
  }

  void audit(short events) {
    const auto on_attempt = [this](fault as, const std::string& what) { on_offence(as, 0, what); };
    audit_->tell_late(on_attempt);
    const bool goes_on = (events & POLLIN) != 0 ? audit_->judge_one(on_attempt)
                                                : (events & (POLLHUP | POLLERR)) == 0;
    if (!goes_on) audit_.reset();
  }

  int wait_ms() const {
    if (in_flight_.empty()) return 250;
    const auto left = head_since_ + to_ns(in_flight_.front().deadline) - time_.mono();
    return static_cast<int>(std::clamp<mono_ns>(left / 1'000'000 + 1, 0, 25));
  }

  void check_deadline() {
    if (in_flight_.empty()) return;
    const auto& head = in_flight_.front();
    const auto now = time_.mono();
    if (now - head_since_ > to_ns(head.deadline)) return end_hung("");
    // Calls whose deadline is short enough need no second look.
    if (!has_hello_ || head.deadline <= setup_.deadlines.control || now - sampled_ < watch_every_ns)
      return;
    sampled_ = now;
    const auto sample = sample_process(child_->pid(), child_channel_fd);
    if (std::exchange(watched_call_, head_since_) != head_since_)
      return watch_.begin(now, sample,
                          head.name == "start" ? most_computing_at_start : most_computing);
    if (const auto* const why = watch_.judge(now, sample)) end_hung(std::string{" and "} + why);
  }

  void end_hung(const std::string& instead) {
    auto& head = in_flight_.front();
    const auto name = head.name;
    if (head.done)
      std::exchange(head.done, nullptr)({VIGIE_E_TIMEOUT, name + " did not return", {}});
    end(fault::hung,
        name + " did not return within " + head_age() + instead + "; its process was killed");
  }

  /// "17 ms": since the first of the calls under way began.
  std::string head_age() const {
    return std::to_string((time_.mono() - head_since_) / 1'000'000) + " ms";
  }

  void watch_size() {
    const auto now = time_.mono();
    const auto every = in_flight_.empty() ? 10 * watch_every_ns : watch_every_ns;
    if (now - watched_ < every) return;
    watched_ = now;
    if (const auto what = limit_passed(child_->pid())) end(fault::memory_limit, std::string{*what});
  }

  // -- towards the child -----------------------------------------------------------------------

  void take_inbox() {
    std::uint64_t ignored = 0;
    static_cast<void>(!::read(wake_, &ignored, sizeof ignored));
    std::deque<inbox_item> items;
    bool stops = false;
    {
      std::lock_guard lock{mutex_};
      items = std::exchange(inbox_, {});
      stops = stop_wanted_;
    }
    for (auto& item : items) {
      if (auto* frame = std::get_if<frame_call>(&item.what))
        send_frame(*frame, std::move(item.done));
      else
        send_call(std::move(item));
      if (over_) return;
    }
    if (stops && !stop_sent_) {
      stop_sent_ = true;
      wire::to_child order{wire::stop_order{}};
      channel_->put(order);
      push({0, "stop", setup_.deadlines.stop, nullptr, {}, false});
    }
  }

  void send_call(inbox_item item) {
    if (const auto* attach = std::get_if<attach_call>(&item.what)) {
      screen_.attached(attach->camera);
      network_.add_camera(attach->address);
    } else if (const auto* open = std::get_if<open_call>(&item.what)) {
      screen_.opened(open->camera);
    } else if (const auto* deliver = std::get_if<deliver_call>(&item.what)) {
      screen_.notification_given(deliver->what.key, deliver->what.recipient);
    }
    const auto number = ++last_number_;
    push({number, std::string{name_of(item.what)}, deadline_of(item.what, setup_.deadlines),
          std::move(item.done), item.what, false});
    wire::to_child message{wire::numbered_call{number, std::move(item.what)}};
    channel_->put(message);
  }

  void send_frame(const frame_call& frame, answer_function done) {
    const auto bytes =
        picture_bytes(frame.frame.pixel_format, frame.frame.width, frame.frame.height);
    auto* const pool = bytes == frame.frame.pixels.size() ? pools_.with_room_for(bytes) : nullptr;
    // The child has to know a pool before its first frame.
    if (pool != nullptr && pools_.is_new(*pool)) offer_pool(*pool);
    const auto slot = pool != nullptr ? pool->take() : std::nullopt;
    if (!slot) {
      frame_done();
      if (done) done({VIGIE_E_BUSY, "the plugin keeps all its frames", {}});
      return;
    }
    std::copy_n(frame.frame.pixels.data(), bytes, pool->at(*slot));
    screen_.frame_given(frame.id);
    const auto number = ++last_number_;
    push({number, "on_frame", setup_.deadlines.frame, std::move(done), {}, true});
    wire::to_child message{wire::frame_offer{number, frame.camera, frame.id,
                                             frame.frame.pixel_format, frame.frame.width,
                                             frame.frame.height, frame.frame.capture_utc_us,
                                             pool->number(), *slot, pool->offset_of(*slot)}};
    channel_->put(message);
  }

  void offer_pool(const frame_pool& pool) {
    wire::to_child message{wire::pool_offer{pool.number(), pool.bytes()}};
    channel_->put(message, pool.descriptor());
  }

  void frame_done() {
    std::lock_guard lock{mutex_};
    --waiting_frames_;
  }

  // -- from the child --------------------------------------------------------------------------

  wire::io receive() {
    const auto state = channel_->fill();
    while (!over_) {
      wire::from_child message;
      const auto taken = channel_->take(message);
      if (taken == wire::taken::broken)
        end(fault::broke_protocol, "its process wrote nonsense on its channel");
      if (taken != wire::taken::one) break;
      std::visit([this](auto& one) { on(one); }, message);
    }
    if (!over_ && state == wire::io::closed) child_left();
    return state;
  }

  void on(wire::hello& said) {
    if (has_hello_.exchange(true)) return end(fault::broke_protocol, "greeted twice");
    layers_ = said.sandbox_layers;
    const int descriptor = said.has_audit ? channel_->take_descriptor() : -1;
    if (descriptor >= 0)
      audit_ = std::make_unique<access_audit>(
          descriptor, child_->pid(),
          std::filesystem::path{setup_.order.library}.parent_path().lexically_normal(),
          setup_.order.files, setup_.order.may_use_network, network_);
    // What came before was the sandbox; from here on the library's time counts.
    head_since_ = time_.mono();
  }

  void on(start_report& said) {
    if (in_flight_.empty() || in_flight_.front().name != "start")
      return end(fault::broke_protocol, "started twice");
    pop();
    if (said.status == VIGIE_OK) return events_.on_started(said);
    failed_start_ = true;
    tell(fault::failed_start, 0, printable(said.text, 500));
    push({0, "stop", setup_.deadlines.stop, nullptr, {}, false});
  }

  void on(wire::numbered_answer& said) {
    if (in_flight_.empty() || in_flight_.front().number != said.number)
      return end(fault::broke_protocol, "answered what was not asked");
    auto head = pop();
    if (head.is_frame) frame_done();
    if (head.what) settle(*head.what, said.answer.status == VIGIE_OK);
    if (head.done) head.done(std::move(said.answer));
  }

  void settle(const call& what, bool succeeded) {
    if (const auto* attach = std::get_if<attach_call>(&what)) {
      if (!succeeded) screen_.detached(attach->camera);
    } else if (const auto* detach = std::get_if<detach_call>(&what)) {
      screen_.detached(detach->camera);
    } else if (const auto* open = std::get_if<open_call>(&what)) {
      if (!succeeded) screen_.closed(open->camera);
    } else if (const auto* close = std::get_if<close_call>(&what)) {
      screen_.closed(close->camera);
    }
  }

  void on(notice& said) {
    const auto now = time_.mono();
    if (const auto* offence = std::get_if<offence_notice>(&said)) {
      const auto verdict = screen_.judge(said, now);
      if (verdict.status == VIGIE_OK)
        report_offence(static_cast<fault>(offence->fault), offence->camera,
                       printable(offence->text, 300));
      else if (verdict.fault)
        end(*verdict.fault, std::string{verdict.why});
      return;
    }
    if (auto* line = std::get_if<log_notice>(&said)) line->text = printable(line->text, 1024);
    const auto verdict = screen_.judge(said, now);
    if (verdict.status == VIGIE_OK) return events_.on_notice(std::move(said));
    count_refused(now);
    if (verdict.fault) on_offence(*verdict.fault, 0, std::string{verdict.why});
  }

  /// Its own judge lets little of this through: a child that goes on and on bypasses it.
  void count_refused(mono_ns now) {
    if (now - refused_since_ > 1'000'000'000) {
      refused_since_ = now;
      refused_ = 0;
    }
    if (++refused_ > most_refused_per_second)
      end(fault::broke_protocol, "went around its own judge");
  }

  void on_offence(fault f, std::uint64_t camera, const std::string& detail) {
    if (screen_.worth_telling(f, time_.mono())) report_offence(f, camera, detail);
  }
  void report_offence(fault f, std::uint64_t camera, const std::string& detail) {
    if (ends_instance(f)) return end(f, detail);
    tell(f, camera, detail);
  }

  void on(wire::slot_return& said) {
    if (!pools_.give_back(said.pool, said.slot))
      end(fault::broke_protocol, "returned a frame it did not have");
  }

  void on(wire::stopped&) {
    if (!stop_sent_ && !failed_start_) return end(fault::broke_protocol, "stopped unasked");
    over_ = true;
  }

  pending pop() {
    auto head = std::move(in_flight_.front());
    in_flight_.pop_front();
    head_since_ = time_.mono();
    return head;
  }

  void child_left() {
    pollfd gone{pid_descriptor_, POLLIN, 0};
    if (pid_descriptor_ >= 0) ::poll(&gone, 1, 100);
    const auto during = in_flight_.empty()
                            ? std::string{"idle"}
                            : in_flight_.front().name + ", " + head_age() + " after it began";
    const bool alive = child_->alive();
    if (over_) return;
    over_ = true;
    tell(fault::crashed, 0,
         (alive ? std::string{"closed its channel"} : child_->ending()) + " during " + during);
  }

  const runner_setup setup_;
  const clock& time_;
  runner_events& events_;

  std::mutex mutex_;
  std::deque<inbox_item> inbox_;
  std::size_t waiting_frames_ = 0;
  bool closed_ = false;
  bool stop_wanted_ = false;
  std::atomic<int> process_{0};
  std::atomic<std::uint32_t> layers_{0};
  std::atomic<bool> has_hello_{false};

  // The rest belongs to the runner's thread.
  screen screen_;
  network_policy network_;
  call_watch watch_;
  std::optional<child_process> child_;
  std::optional<wire::channel> channel_;
  std::unique_ptr<access_audit> audit_;
  frame_pools pools_;
  std::deque<pending> in_flight_;
  mono_ns head_since_ = 0;
  mono_ns watched_ = 0;
  mono_ns watched_call_ = 0;  ///< when the call began that `watch_` knows
  mono_ns sampled_ = 0;
  mono_ns refused_since_ = 0;
  std::uint32_t refused_ = 0;
  std::uint64_t last_number_ = 0;
  bool stop_sent_ = false;
  bool failed_start_ = false;
  bool over_ = false;
  int pid_descriptor_ = -1;
  int wake_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<runner> make_child_runner(runner_setup setup, const clock& time,
                                          runner_events& events) {
  return std::make_unique<child_runner>(std::move(setup), time, events);
}

}  // namespace vigie::plugin_host
