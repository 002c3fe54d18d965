// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/event_loop.hpp"

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace vigie::simulators {

event_loop::event_loop() : epoll_{::epoll_create1(EPOLL_CLOEXEC)} {}

event_loop::~event_loop() {
  if (ticker_ >= 0) ::close(ticker_);
  if (epoll_ >= 0) ::close(epoll_);
}

void event_loop::add(int fd, std::uint32_t events, event_handler& handler) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &handler;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
}

void event_loop::modify(int fd, std::uint32_t events, event_handler& handler) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &handler;
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &event);
}

void event_loop::remove(int fd) { ::epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr); }

result<void> event_loop::start_ticking(std::chrono::nanoseconds period,
                                       std::function<void(std::uint64_t)> tick) {
  tick_ = std::move(tick);
  ticker_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (ticker_ < 0 || epoll_ < 0) return fail(errc::io_failed, std::strerror(errno));
  itimerspec spec{};
  spec.it_interval.tv_sec = period.count() / 1'000'000'000;
  spec.it_interval.tv_nsec = period.count() % 1'000'000'000;
  spec.it_value = spec.it_interval;
  ::timerfd_settime(ticker_, 0, &spec, nullptr);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, ticker_, &event) < 0)
    return fail(errc::io_failed, std::strerror(errno));
  return {};
}

void event_loop::on_tick() {
  std::uint64_t expired = 0;
  if (::read(ticker_, &expired, sizeof expired) != sizeof expired) return;
  const mono_ns now = clock_.mono();
  while (!timers_.empty() && timers_.begin()->first <= now) {
    const auto run = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    run();
  }
  owed_ticks_ += expired;
}

void event_loop::run() {
  std::array<epoll_event, 256> events;
  while (running_) {
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                                   owed_ticks_ > 0 ? 0 : -1);
    bool ticked = false;
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      if (event.data.ptr == nullptr)
        ticked = true;
      else
        static_cast<event_handler*>(event.data.ptr)->on_ready(event.events);
    }
    if (ticked) on_tick();
    // One at a time: a loop that is late must go on listening, or those who call give up and call
    // again, and it never catches up.
    if (owed_ticks_ > 0) {
      --owed_ticks_;
      tick_(next_tick_++);
    }
    retired_.clear();
  }
}

}  // namespace vigie::simulators
