// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/farm.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <utility>

#include "camera_farm/frame_wheel.hpp"
#include "camera_farm/listener.hpp"
#include "camera_farm/stream_mix.hpp"
#include "camera_farm/tls_server.hpp"
#include "camera_farm/udp_door.hpp"

namespace vigie::simulators {

namespace {

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

/// Above this number of cameras one socket listens for all of them.
constexpr unsigned most_own_listeners = 1'000;

// A session per camera, twice that while all of them reconnect, and a listener each unless shared.
result<void> raise_descriptor_limit(unsigned cameras, bool shares_listener) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return fail(errc::io_failed, std::strerror(errno));
  const rlim_t needed = 64 + rlim_t{cameras} * (shares_listener ? 2 : 3);
  if (limit.rlim_max < needed)
    return fail(
        errc::io_failed,
        fmt::format("{} cameras need {} open files, and this process may have {}: raise the "
                    "hard limit (ulimit -Hn, LimitNOFILE=) or run fewer cameras",
                    cameras, needed, limit.rlim_max));
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  return {};
}

result<void> write_file(const std::string& file, const std::string& text) {
  std::ofstream out{file};
  out << text;
  if (!out.flush()) return fail(errc::io_failed, fmt::format("cannot write {}", file));
  return {};
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
  explicit state(const farm_options& o) : options{o}, random{o.seed} {}
  farm_options options;
  std::vector<std::shared_ptr<const clip_library>> kinds;  ///< by share of the mix
  std::shared_ptr<const clip_library> other_size, h265;
  system_clock time;
  seeded_random random;
  event_loop loop;
  signal_watch signals{loop};
  farm_context context{options, loop, time, random};
  std::unique_ptr<udp_door> udp;
  std::unique_ptr<tls_server> tls;
  std::unique_ptr<session_log> log;
  std::vector<std::unique_ptr<camera>> cameras;
  std::unique_ptr<listener> shared, shared_tls;
  frame_wheel<camera> wheel;
  mono_ns started = time.mono();

  result<void> draw();
  result<void> open();
  result<std::unique_ptr<listener>> listen_for_all(std::uint16_t port, const tls_server* with);
};

// The pictures of every kind of camera there is, and those that quirks ask for: small ones.
result<void> farm::state::draw() {
  const auto shares = stream_mix(options);
  if (!shares) return tl::unexpected{shares.error()};
  std::vector<clip_options> wanted;
  for (const stream_share& one : *shares) wanted.push_back(one.pictures);
  const std::size_t of_mix = wanted.size();
  const clip_options& usual = options.pictures;
  for (const video_codec codec : {video_codec::h264, video_codec::h265})
    wanted.push_back({codec, 176, 144, usual.fps, 96, 12, 1});
  std::vector<std::shared_ptr<const clip_library>> made;
  for (const clip_options& one : wanted) {
    auto clips = make_clips(one);
    if (!clips) return tl::unexpected{clips.error()};
    made.push_back(std::move(*clips));
  }
  ::malloc_trim(0);  // what the encoders had
  other_size = made[of_mix];
  h265 = made[of_mix + 1];
  made.resize(of_mix);
  kinds = std::move(made);
  context.other_size = other_size.get();
  context.h265 = h265.get();
  for (unsigned i = 1; i <= options.cameras; ++i) {
    const clip_library& clips = *kinds[share_of_camera(*shares, options.seed, i)];
    cameras.push_back(std::make_unique<camera>(context, clips, i));
    wheel.add(*cameras.back(), i - 1, clips.fps);
  }
  return {};
}

result<std::unique_ptr<listener>> farm::state::listen_for_all(std::uint16_t port,
                                                              const tls_server* with) {
  return listener::open(loop, 0, port, [this, with](int fd, std::uint32_t called) {
    const unsigned index = camera_index_at(called);
    if (index < 1 || index > cameras.size())
      ::close(fd);
    else
      cameras[index - 1]->accept(fd, with);
  });
}

result<void> farm::state::open() {
  if (context.shares_listener) {
    auto opened = listen_for_all(options.port, nullptr);
    if (!opened) return tl::unexpected{opened.error()};
    shared = std::move(*opened);
  }
  for (const auto& one : cameras)
    if (auto listening = one->listen(); !listening) return listening;
  if (options.tls_port != 0) {
    auto made = tls_server::make();
    if (!made) return tl::unexpected{made.error()};
    tls = std::move(*made);
    auto opened = listen_for_all(options.tls_port, tls.get());
    if (!opened) return tl::unexpected{opened.error()};
    shared_tls = std::move(*opened);
    if (!options.certificate_file.empty())
      if (auto written = write_file(options.certificate_file, tls->certificate_pem()); !written)
        return written;
  }
  if (options.has_udp) {
    auto opened = udp_door::open(options.weather, random);
    if (!opened) return tl::unexpected{opened.error()};
    udp = std::move(*opened);
    context.udp = udp.get();
  }
  if (!options.session_log_file.empty()) {
    auto created = session_log::create(options.session_log_file);
    if (!created) return tl::unexpected{created.error()};
    log = std::move(*created);
    context.log = log.get();
  }
  return {};
}

farm::farm(std::unique_ptr<state> s) : state_{std::move(s)} {}
farm::~farm() = default;

result<std::unique_ptr<farm>> farm::make(const farm_options& options) {
  auto s = std::make_unique<state>(options);
  s->context.shares_listener = options.shares_listener || options.cameras > most_own_listeners;
  if (auto raised = raise_descriptor_limit(options.cameras, s->context.shares_listener); !raised)
    return tl::unexpected{raised.error()};
  if (auto drawn = s->draw(); !drawn) return tl::unexpected{drawn.error()};
  if (auto opened = s->open(); !opened) return tl::unexpected{opened.error()};
  return std::unique_ptr<farm>{new farm{std::move(s)}};
}

result<void> farm::run() {
  state& s = *state_;
  s.started = s.time.mono();
  const auto on_tick = [&s](std::uint64_t tick) {
    s.wheel.turn(tick, [&s](camera& one, std::uint64_t number, mono_ns due) {
      one.on_frame_time(number, s.started + due);
    });
  };
  constexpr std::chrono::nanoseconds period{frame_wheel<camera>::tick_ns};
  if (auto ticking = s.loop.start_ticking(period, on_tick); !ticking) return ticking;
  if (s.options.seconds > 0) after(std::chrono::seconds{s.options.seconds}, [this] { stop(); });
  s.loop.run();
  return {};
}

void farm::stop() { state_->loop.stop(); }

void farm::step_clocks(const std::vector<unsigned>& cameras, std::chrono::milliseconds by) {
  for (const unsigned index : cameras) state_->cameras.at(index - 1)->step_clock(by.count() * 1000);
}

void farm::apply(const std::vector<unsigned>& cameras, const trouble& t,
                 std::chrono::milliseconds heal_after) {
  std::vector<std::pair<camera*, std::uint64_t>> changes;
  for (const unsigned index : cameras) {
    camera& one = *state_->cameras.at(index - 1);
    changes.emplace_back(&one, one.set_trouble(t));
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
  all.lost_datagrams = state_->udp ? state_->udp->lost() : 0;
  return all;
}

unsigned farm::size() const { return static_cast<unsigned>(state_->cameras.size()); }
bool farm::shares_listener() const { return state_->context.shares_listener; }
event_loop& farm::loop() { return state_->loop; }

}  // namespace vigie::simulators
