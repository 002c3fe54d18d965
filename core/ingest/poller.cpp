// SPDX-License-Identifier: Apache-2.0
#include <sys/epoll.h>

#include <array>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <utility>

#include "ingest/detail/poller.hpp"

namespace vigie::ingest::detail {
namespace {

constexpr int events_at_once = 256;

int make_epoll() {
  const int made = ::epoll_create1(EPOLL_CLOEXEC);
  if (made < 0)
    throw boost::system::system_error{errno, boost::system::system_category(), "epoll_create1"};
  return made;
}

epoll_event interest_of(poll_client& client, bool wants_room) noexcept {
  epoll_event interest{};
  interest.events = EPOLLIN | EPOLLRDHUP | (wants_room ? EPOLLOUT : 0U);
  interest.data.ptr = &client;
  return interest;
}

}  // namespace

poller::poller(boost::asio::io_context& io) : ready_{io, make_epoll()} { wait(); }

bool poller::add(int socket, poll_client& client) noexcept {
  auto interest = interest_of(client, false);
  return ::epoll_ctl(ready_.native_handle(), EPOLL_CTL_ADD, socket, &interest) == 0;
}

void poller::remove(int socket) noexcept {
  ::epoll_ctl(ready_.native_handle(), EPOLL_CTL_DEL, socket, nullptr);
}

void poller::watch_room(int socket, poll_client& client, bool wanted) noexcept {
  auto interest = interest_of(client, wanted);
  ::epoll_ctl(ready_.native_handle(), EPOLL_CTL_MOD, socket, &interest);
}

void poller::wait() {
  ready_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                    [this](const boost::system::error_code& cancelled) {
                      if (cancelled) return;
                      const rearm again{*this};  // even when a client throws
                      dispatch();
                    });
}

/// One batch: what else is ready shows at the next wait, after timers and commands had their turn.
void poller::dispatch() {
  std::array<epoll_event, events_at_once> ready;
  const int count = ::epoll_wait(ready_.native_handle(), ready.data(), events_at_once, 0);
  for (int i = 0; i < count; ++i) {
    const auto& event = ready[static_cast<std::size_t>(i)];
    auto& client = *static_cast<poll_client*>(event.data.ptr);
    if ((event.events & EPOLLOUT) != 0) client.on_writable();
    if ((event.events & ~std::uint32_t{EPOLLOUT}) != 0) client.on_readable();
  }
}

}  // namespace vigie::ingest::detail
