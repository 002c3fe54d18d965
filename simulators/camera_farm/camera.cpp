// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/camera.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/log.hpp"
#include "camera_farm/session.hpp"

namespace vigie::simulators {

namespace {

constexpr mono_ns second_ns = 1'000'000'000;

stream_description describe(const farm_options& options, unsigned index) {
  stream_description description;
  description.name = camera_id_of(index);
  description.address = camera_address(index);
  description.path = options.path;
  description.fps = options.pictures.fps;
  description.kbps = options.pictures.kbps;
  return description;
}

picture_source::mode mode_under(fault f) {
  if (f == fault::freeze) return picture_source::mode::frozen;
  if (f == fault::black) return picture_source::mode::black;
  return picture_source::mode::scene;
}

}  // namespace

std::string camera_address(unsigned index) {
  return fmt::format("127.1.{}.{}", (index - 1) / 250, (index - 1) % 250 + 1);
}

camera::camera(farm_context& farm, unsigned index)
    : farm_{farm},
      index_{index},
      description_{describe(farm.options, index)},
      sdp_{make_sdp(description_, farm.clips.stream)},
      source_{farm.clips, index, description_.name},
      rtp_base_{static_cast<std::uint32_t>(farm.random.next())} {
  stats_.id = description_.name;
}

camera::~camera() {
  stop_listening();
  for (const auto& one : sessions_) one->close();
}

result<void> camera::listen() {
  if (listener_ >= 0) return {};
  const auto failed = [&](int fd) {
    const std::string why = std::strerror(errno);
    if (fd >= 0) ::close(fd);
    return fail(errc::io_failed, fmt::format("cannot listen on {}:{}: {}", description_.address,
                                             farm_.options.port, why));
  };
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return failed(fd);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(farm_.options.port);
  ::inet_pton(AF_INET, description_.address.c_str(), &address.sin_addr);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0 ||
      ::listen(fd, 16) < 0)
    return failed(fd);
  listener_ = fd;
  farm_.loop.add(fd, EPOLLIN, *this);
  return {};
}

void camera::stop_listening() {
  if (listener_ < 0) return;
  farm_.loop.remove(listener_);
  ::close(listener_);
  listener_ = -1;
}

void camera::cut_sessions(bool reset) {
  for (const auto& one : sessions_) one->close(reset);
  forget_closed();
}

void camera::forget_closed() {
  std::erase_if(sessions_, [&](const std::shared_ptr<session>& one) {
    if (one->closed()) farm_.loop.retire(one);
    return one->closed();
  });
}

std::uint64_t camera::set_fault(fault f) {
  const fault before = fault_;
  fault_ = f;
  if (before == f) return ++change_;
  source_.set_mode(mode_under(f));
  if (before == fault::refuse)
    if (auto listening = listen(); !listening) log::error("{}", listening.error().detail);
  // Frames were missed: what follows must start with a key picture.
  if (before == fault::silence || before == fault::rtcp_only || before == fault::drip) {
    source_.require_key();
    for (const auto& one : sessions_) one->resume();
  }
  if (f == fault::refuse) {
    stop_listening();
    cut_sessions(false);
  } else if (f == fault::rst) {
    cut_sessions(true);
  } else if (f == fault::wrong_password) {
    cut_sessions(false);
  }
  forget_closed();
  return ++change_;
}

void camera::heal(std::uint64_t change) {
  if (change == change_) set_fault(fault::none);
}

void camera::on_ready(std::uint32_t) {
  for (;;) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    const auto one = std::make_shared<session>(*this, fd);
    one->start();
    if (fault_ == fault::rst) {
      one->close(true);
      farm_.loop.retire(one);
    } else {
      sessions_.push_back(one);
    }
  }
}

std::uint32_t camera::rtp_ts_of(std::uint64_t number) const {
  return rtp_base_ + static_cast<std::uint32_t>(number * 90'000 / farm_.options.pictures.fps);
}

std::uint32_t camera::rtp_ts_at(mono_ns now) const {
  const mono_ns since = now - last_due_;
  return rtp_ts_of(next_number_ - 1) + static_cast<std::uint32_t>(since * 9 / 100'000);
}

void camera::started_playing() {
  ++stats_.sessions_total;
  source_.require_key();
}

void camera::on_frame_time(std::uint64_t number, mono_ns due) {
  next_number_ = number + 1;
  last_due_ = due;
  if (sessions_.empty()) return;
  const mono_ns now = farm_.time.mono();
  bool somebody_plays = false;
  for (const auto& one : sessions_) {
    if (one->is_stale(now)) one->close();
    somebody_plays |= one->playing();
  }
  const bool drip_due = fault_ == fault::drip && now >= next_drip_;
  if (fault_ == fault::rtcp_only) {
    for (const auto& one : sessions_)
      if (one->playing()) one->send_report(now, second_ns / 2);
  } else if (somebody_plays && fault_ != fault::silence && (fault_ != fault::drip || drip_due)) {
    const std::uint64_t counter = number + 1;
    if (drip_due) source_.require_key();
    const auto picture = source_.next(counter, farm_.time.utc());
    bool sent = false;
    for (const auto& one : sessions_) {
      if (!one->playing()) continue;
      if (fault_ == fault::drip)
        one->drip(picture, rtp_ts_of(number));
      else
        sent |= one->send_picture(picture, rtp_ts_of(number), now);
    }
    if (drip_due) next_drip_ = now + second_ns;
    if (sent) {
      ++stats_.sent_frames;
      stats_.last_frame = counter;
      if (stats_.first_frame == 0) stats_.first_frame = counter;
    }
  }
  forget_closed();
}

camera_stats camera::stats() const {
  camera_stats now = stats_;
  now.current = fault_;
  now.sessions = static_cast<unsigned>(std::count_if(sessions_.begin(), sessions_.end(),
                                                     [](const auto& s) { return s->playing(); }));
  return now;
}

}  // namespace vigie::simulators
