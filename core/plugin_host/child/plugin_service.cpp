// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/child/plugin_service.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vigie/ext/log.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <new>
#include <thread>
#include <utility>

#include "base/clock.hpp"
#include "plugin_host/child/plugin_sandbox.hpp"
#include "plugin_host/instance.hpp"
#include "plugin_host/wire.hpp"

namespace vigie::plugin_host::child {
namespace {

constexpr int ended_by_centre = 0;
constexpr int broken_channel = 71;
constexpr int broken_instance = 72;
constexpr mono_ns longest_batch_ns = 5'000'000;
constexpr std::size_t largest_batch = 32 * 1024;

/// What goes up, from every thread of this process, in order.
class sender {
 public:
  explicit sender(int socket) : socket_{socket}, channel_{socket} {}

  void send(wire::from_child message, int descriptor = -1, bool now = true) {
    std::lock_guard lock{mutex_};
    channel_.put(message, descriptor);
    if (now || channel_.waiting_bytes() > largest_batch) flush();
  }
  void flush_now() {
    std::lock_guard lock{mutex_};
    flush();
  }

 private:
  void flush() {
    while (true) {
      switch (channel_.flush()) {
        case wire::io::done:
          return;
        case wire::io::closed:
          ::_exit(ended_by_centre);
        case wire::io::again: {
          pollfd ready{socket_, POLLOUT, 0};
          ::poll(&ready, 1, -1);
        }
      }
    }
  }
  int socket_;
  std::mutex mutex_;
  wire::channel channel_;
};

/// On the thread that runs a call, what is said goes up with the answer.
thread_local bool in_call = false;

/// May be the last words before a crash: not kept for the answer.
bool is_warning(const notice& said) {
  const auto* const line = std::get_if<log_notice>(&said);
  return line != nullptr && line->severity >= VIGIE_LOG_WARNING;
}

struct job {
  std::uint64_t number = 0;
  call what;
  bool is_stop = false;
};

/// From the thread that reads to the thread that runs the plugin. The centre bounds what is in it.
class job_queue {
 public:
  void push(job one) {
    std::lock_guard lock{mutex_};
    jobs_.push_back(std::move(one));
    ready_.notify_one();
  }
  job take() {
    std::unique_lock lock{mutex_};
    ready_.wait(lock, [&] { return !jobs_.empty(); });
    auto one = std::move(jobs_.front());
    jobs_.pop_front();
    return one;
  }
  bool is_empty() {
    std::lock_guard lock{mutex_};
    return jobs_.empty();
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<job> jobs_;
};

/// The centre's frames, mapped for reading only: a write to one is a fault of the machine.
class frame_maps {
 public:
  bool add(const wire::pool_offer& offer, int descriptor) {
    void* const memory = ::mmap(nullptr, offer.bytes, PROT_READ, MAP_SHARED, descriptor, 0);
    ::close(descriptor);
    if (memory == MAP_FAILED) return false;
    // The one before stays mapped: the plugin may still hold frames in it. There are few sizes.
    maps_[offer.pool] = {static_cast<const std::uint8_t*>(memory), offer.bytes};
    return true;
  }
  byte_view find(const wire::frame_offer& offer) const {
    const auto found = maps_.find(offer.pool);
    const auto bytes = picture_bytes(offer.pixel_format, offer.width, offer.height);
    if (found == maps_.end() || bytes == 0 || offer.offset > found->second.size() ||
        bytes > found->second.size() - offer.offset)
      return {};
    return found->second.subspan(offer.offset, bytes);
  }

 private:
  std::map<std::uint32_t, byte_view> maps_;
};

/// A C++ plugin that runs into its memory limit says so before it fails.
sender* out_of_memory_sender = nullptr;
char* out_of_memory_reserve = nullptr;
void on_out_of_memory() {
  delete[] std::exchange(out_of_memory_reserve, nullptr);  // room to say it
  std::set_new_handler(nullptr);                           // from here on bad_alloc
  out_of_memory_sender->send(notice{offence_notice{static_cast<std::uint8_t>(fault::memory_limit),
                                                   0, "ran into its memory limit"}});
}

class service {
 public:
  explicit service(int socket) : socket_{socket}, in_{socket}, out_{socket} {}

  int run() {
    start_order order;
    if (!read_order(order)) return broken_channel;
    const auto entered = enter_plugin_sandbox(order);
    out_.send(wire::hello{entered.layers, entered.audit_descriptor >= 0}, entered.audit_descriptor);
    if (entered.audit_descriptor >= 0) ::close(entered.audit_descriptor);
    instance runs{order, time_, [this](notice said) {
                    const bool now = !in_call || is_warning(said);
                    out_.send(std::move(said), -1, now);
                  }};
    out_of_memory_sender = &out_;
    out_of_memory_reserve = new char[1U << 20];
    std::set_new_handler(&on_out_of_memory);
    reader_ = std::thread{[this] { read(); }};
    reader_.detach();  // ends with the process
    auto report = runs.start();
    const bool started = report.status == VIGIE_OK;
    out_.send(std::move(report));
    if (!started) {
      runs.stop();
      out_.send(wire::stopped{});
      return ended_by_centre;
    }
    return serve(runs);
  }

 private:
  bool read_order(start_order& order) {
    wire::to_child first;
    while (true) {
      const auto state = in_.take(first);
      if (state == wire::taken::broken) return false;
      if (state == wire::taken::one) break;
      if (in_.fill() == wire::io::closed) return false;
    }
    if (!std::holds_alternative<start_order>(first)) return false;
    order = std::move(std::get<start_order>(first));
    return true;
  }

  void read() {
    while (true) {
      wire::to_child message;
      switch (in_.take(message)) {
        case wire::taken::broken:
          ::_exit(broken_channel);
        case wire::taken::one:
          take(message);
          continue;
        case wire::taken::none:
          break;
      }
      if (in_.fill() == wire::io::closed) ::_exit(ended_by_centre);
    }
  }

  void take(wire::to_child& message) {
    if (auto* one = std::get_if<wire::numbered_call>(&message))
      return jobs_.push({one->number, std::move(one->call), false});
    if (std::holds_alternative<wire::stop_order>(message)) return jobs_.push({0, {}, true});
    if (const auto* pool = std::get_if<wire::pool_offer>(&message)) {
      const int descriptor = in_.take_descriptor();
      if (descriptor < 0 || !maps_.add(*pool, descriptor)) ::_exit(broken_channel);
      return;
    }
    if (const auto* frame = std::get_if<wire::frame_offer>(&message)) return take(*frame);
    ::_exit(broken_channel);
  }

  void take(const wire::frame_offer& offer) {
    const auto pixels = maps_.find(offer);
    if (pixels.empty()) ::_exit(broken_channel);
    const std::shared_ptr<const void> owner{
        pixels.data(), [this, pool = offer.pool, slot = offer.slot](const void*) {
          out_.send(wire::slot_return{pool, slot}, -1, !in_call);
        }};
    jobs_.push({offer.number,
                frame_call{offer.camera,
                           offer.id,
                           {offer.pixel_format, offer.width, offer.height, offer.capture_utc_us,
                            pixels, owner}},
                false});
  }

  int serve(instance& runs) {
    auto flushed = time_.mono();
    while (true) {
      auto next = jobs_.take();
      if (next.is_stop) break;
      // The centre times the call that it sees unanswered: earlier answers are not kept back by one
      // that may take long.
      if (!std::holds_alternative<frame_call>(next.what)) out_.flush_now();
      in_call = true;
      auto said = runs.perform(next.what);
      next.what = detach_call{};  // gives a frame back before its answer goes
      in_call = false;
      const auto now = time_.mono();
      const bool flush = jobs_.is_empty() || now - flushed > longest_batch_ns;
      out_.send(wire::numbered_answer{next.number, std::move(said)}, -1, flush);
      if (flush) flushed = now;
      if (runs.is_broken()) {
        out_.send(offence());
        ::_exit(broken_instance);
      }
    }
    runs.stop();
    out_.send(wire::stopped{});
    ::_exit(ended_by_centre);
  }

  static wire::from_child offence() {
    return notice{offence_notice{static_cast<std::uint8_t>(fault::crashed), 0,
                                 "an exception crossed the ABI"}};
  }

  int socket_;
  system_clock time_;
  wire::channel in_;
  sender out_;
  job_queue jobs_;
  frame_maps maps_;
  std::thread reader_;
};

/// The plugin's stdout and stderr are nobody's.
void silence() {
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return;
  ::dup2(nowhere, STDOUT_FILENO);
  ::dup2(nowhere, STDERR_FILENO);
  ::close(nowhere);
}

}  // namespace

int serve_plugin(int channel) {
  ::mallopt(M_ARENA_MAX, 2);  // every further arena reserves 64 MiB of its address space
  silence();
  // Never destroyed: threads of the plugin may still speak while the process ends.
  auto* const served = new service{channel};
  const int code = served->run();
  ::_exit(code);
}

}  // namespace vigie::plugin_host::child
