// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/farm.hpp"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace vigie::simulators {

namespace {

constexpr mono_ns coarsest_tick_ns = 12'000'000;

// INT and TERM as events of the loop, so that nothing runs in a signal handler.
class signal_watch final : public event_handler {
 public:
  explicit signal_watch(event_loop& loop) : loop_{loop} {
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGINT);
    ::sigaddset(&set, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    fd_ = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    loop_.add(fd_, EPOLLIN, *this);
  }
  ~signal_watch() override { ::close(fd_); }
  void on_ready(std::uint32_t) override {
    signalfd_siginfo info;
    if (::read(fd_, &info, sizeof info) > 0) loop_.stop();
  }

 private:
  event_loop& loop_;
  int fd_ = -1;
};

// Each camera needs a listener and its sessions; the kernel's default of 1,024 ends at 500.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

}  // namespace

struct farm::state {
  state(const farm_options& o, std::shared_ptr<const clip_library> c)
      : options{o}, clips{std::move(c)}, random{o.seed} {}
  farm_options options;
  std::shared_ptr<const clip_library> clips;
  system_clock time;
  seeded_random random;
  event_loop loop;
  signal_watch signals{loop};
  farm_context context{options, *clips, loop, time, random, 0, 0, 0, {}};
  std::vector<std::unique_ptr<camera>> cameras;
  mono_ns started = time.mono();
};

farm::farm(std::unique_ptr<state> s) : state_{std::move(s)} {}
farm::~farm() = default;

result<std::unique_ptr<farm>> farm::make(const farm_options& options) {
  raise_descriptor_limit();
  auto clips = make_clips(options.pictures);
  if (!clips) return tl::unexpected{clips.error()};
  auto s = std::make_unique<state>(options, std::move(*clips));
  s->context.interval_ns = 1'000'000'000 / options.pictures.fps;
  for (unsigned i = 1; i <= options.cameras; ++i) {
    s->cameras.push_back(std::make_unique<camera>(s->context, i));
    if (auto listening = s->cameras.back()->listen(); !listening)
      return tl::unexpected{listening.error()};
  }
  return std::unique_ptr<farm>{new farm{std::move(s)}};
}

result<void> farm::run() {
  state& s = *state_;
  // The frame interval is cut into equal ticks; camera i sends in every tick of its slot.
  const mono_ns interval = s.context.interval_ns;
  const auto slots = static_cast<std::uint64_t>(
      std::max<mono_ns>(1, (interval + coarsest_tick_ns - 1) / coarsest_tick_ns));
  const mono_ns period = interval / static_cast<mono_ns>(slots);
  s.started = s.time.mono();
  const auto on_tick = [&s, slots, period](std::uint64_t tick) {
    const std::uint64_t number = tick / slots;
    const mono_ns due = s.started + static_cast<mono_ns>(tick + 1) * period;
    for (std::size_t i = tick % slots; i < s.cameras.size(); i += slots)
      s.cameras[i]->on_frame_time(number, due);
  };
  if (auto ticking = s.loop.start_ticking(std::chrono::nanoseconds{period}, on_tick); !ticking)
    return ticking;
  if (s.options.seconds > 0) after(std::chrono::seconds{s.options.seconds}, [this] { stop(); });
  s.loop.run();
  return {};
}

void farm::stop() { state_->loop.stop(); }

void farm::apply(const std::vector<unsigned>& cameras, fault f,
                 std::chrono::milliseconds heal_after) {
  std::vector<std::pair<camera*, std::uint64_t>> changes;
  for (const unsigned index : cameras) {
    camera& one = *state_->cameras.at(index - 1);
    changes.emplace_back(&one, one.set_fault(f));
  }
  if (heal_after.count() == 0) return;
  after(heal_after, [changes = std::move(changes)] {
    for (const auto& [one, change] : changes) one->heal(change);
  });
}

void farm::after(std::chrono::milliseconds delay, std::function<void()> what) {
  state_->loop.at(state_->time.mono() + to_ns(delay), std::move(what));
}

farm_stats farm::stats() const {
  farm_stats all;
  for (const auto& one : state_->cameras) {
    all.cameras.push_back(one->stats());
    all.sessions += all.cameras.back().sessions;
    all.sent_frames += all.cameras.back().sent_frames;
  }
  all.uptime_s = static_cast<double>(state_->time.mono() - state_->started) * 1e-9;
  all.cpu_s = cpu_seconds();
  all.sent_bytes = state_->context.sent_bytes;
  all.dropped_frames = state_->context.dropped_frames;
  return all;
}

unsigned farm::size() const { return static_cast<unsigned>(state_->cameras.size()); }
event_loop& farm::loop() { return state_->loop; }

}  // namespace vigie::simulators
