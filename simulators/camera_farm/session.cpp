// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/session.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace vigie::simulators {

namespace {

constexpr std::size_t max_pending_bytes = 1024 * 1024;
constexpr mono_ns slow_answer_ns = 2'000'000'000;

rtsp_dialogue::identity make_identity(random_source& random) {
  rtsp_dialogue::identity self;
  self.nonce = fmt::format("{:016x}{:016x}", random.next(), random.next());
  self.session_id = fmt::format("{:016X}", random.next());
  self.ssrc = static_cast<std::uint32_t>(random.next());
  self.first_sequence = static_cast<std::uint16_t>(random.next());
  return self;
}

}  // namespace

session::session(camera& owner, int fd)
    : owner_{owner},
      fd_{fd},
      identity_{make_identity(owner.farm().random)},
      dialogue_{owner.farm().options.who, owner.description(), identity_},
      last_heard_{owner.farm().time.mono()} {
  rtp_.ssrc = identity_.ssrc;
  rtp_.sequence = identity_.first_sequence;
}

session::~session() { close(); }

void session::start() {
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  owner_.farm().loop.add(fd_, EPOLLIN, *this);
}

void session::close(bool reset) {
  if (fd_ < 0) return;
  if (reset) {
    const linger hard{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  }
  owner_.farm().loop.remove(fd_);
  ::close(std::exchange(fd_, -1));
}

bool session::is_stale(mono_ns now) const {
  return now - last_heard_ > mono_ns{rtsp_dialogue::timeout_s} * 1'000'000'000;
}

void session::on_ready(std::uint32_t events) {
  if (closed()) return;
  if ((events & EPOLLOUT) != 0) flush();
  if (!closed() && (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) read_requests();
}

void session::read_requests() {
  std::array<char, 8192> buffer;
  const ssize_t got = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return close();
  last_heard_ = owner_.farm().time.mono();
  reader_.feed({buffer.data(), static_cast<std::size_t>(got)});
  while (!closed()) {
    const auto request = reader_.next();
    if (!request) break;
    answer(*request);
  }
  if (reader_.broken()) close();
}

void session::answer(const rtsp_request& request) {
  const fault now = owner_.current_fault();
  auto answer =
      dialogue_.handle(request, owner_.sdp(), owner_.next_rtp_ts(), now != fault::wrong_password);
  if (now != fault::slow_start) return deliver(answer);
  owner_.farm().loop.at(owner_.farm().time.mono() + slow_answer_ns,
                        [self = weak_from_this(), answer = std::move(answer)] {
                          if (const auto here = self.lock(); here && !here->closed())
                            here->deliver(answer);
                        });
}

void session::deliver(const rtsp_dialogue::answer& answer) {
  write({reinterpret_cast<const std::uint8_t*>(answer.text.data()), answer.text.size()});
  if (closed()) return;
  if (answer.then == rtsp_dialogue::action::play && !playing_) {
    playing_ = true;
    rtp_.channel = dialogue_.channel();
    owner_.started_playing();
  } else if (answer.then == rtsp_dialogue::action::hang_up) {
    playing_ = false;
    if (has_pending())
      close_when_flushed_ = true;
    else
      close();
  }
}

bool session::send_picture(const picture_source::picture& picture, std::uint32_t rtp_ts,
                           mono_ns now) {
  if (needs_key_ && !picture.key) return false;
  if (pending_.size() - sent_ > max_pending_bytes) {
    needs_key_ = true;
    ++owner_.farm().dropped_frames;
    return false;
  }
  needs_key_ = false;
  constexpr mono_ns report_every_ns = 5'000'000'000;
  send_report(now, report_every_ns);
  bytes& frame = owner_.farm().scratch;
  frame.clear();
  append_packets(*picture.head, rtp_, rtp_ts, frame);
  append_packets(*picture.tail, rtp_, rtp_ts, frame);
  write(frame);
  return !closed();
}

void session::send_report(mono_ns now, mono_ns every) {
  if (last_report_ != 0 && now - last_report_ < every) return;
  last_report_ = now;
  bytes report;
  const clock& time = owner_.farm().time;
  append_sender_report(rtp_, time.utc(), owner_.rtp_ts_at(time.mono()), owner_.description().name,
                       report);
  write(report);
}

void session::drip(const picture_source::picture& picture, std::uint32_t rtp_ts) {
  if (!has_pending()) {
    pending_.clear();
    sent_ = 0;
    append_packets(*picture.head, rtp_, rtp_ts, pending_);
    append_packets(*picture.tail, rtp_, rtp_ts, pending_);
  }
  if (::send(fd_, pending_.data() + sent_, 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1) {
    ++sent_;
    ++owner_.farm().sent_bytes;
  } else if (errno != EAGAIN) {
    close();
  }
}

void session::resume() {
  needs_key_ = true;
  if (!closed() && has_pending()) flush();
}

void session::write(byte_span data) {
  if (closed()) return;
  if (!has_pending() && !dripping()) {
    const ssize_t taken = ::send(fd_, data.data(), data.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (taken < 0 && errno != EAGAIN) return close();
    if (taken > 0) {
      owner_.farm().sent_bytes += static_cast<std::uint64_t>(taken);
      data = data.subspan(static_cast<std::size_t>(taken));
    }
    if (data.empty()) return;
  }
  pending_.insert(pending_.end(), data.begin(), data.end());
  if (!dripping()) flush();
}

void session::flush() {
  if (dripping()) return;
  while (has_pending()) {
    const ssize_t taken =
        ::send(fd_, pending_.data() + sent_, pending_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (taken <= 0) {
      if (errno != EAGAIN) return close();
      break;
    }
    sent_ += static_cast<std::size_t>(taken);
    owner_.farm().sent_bytes += static_cast<std::uint64_t>(taken);
  }
  if (!has_pending()) {
    pending_.clear();
    sent_ = 0;
    if (close_when_flushed_) return close();
  }
  if (has_pending() != watching_writes_) {
    watching_writes_ = has_pending();
    owner_.farm().loop.modify(fd_, watching_writes_ ? EPOLLIN | EPOLLOUT : EPOLLIN, *this);
  }
}

}  // namespace vigie::simulators
