// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/camera.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "base/log.hpp"
#include "camera_farm/session.hpp"

namespace vigie::simulators {

namespace {

constexpr mono_ns second_ns = 1'000'000'000;
/// An old live555 keeps a lost session for its time-out and a little more.
constexpr mono_ns stale_for_ns = 65 * second_ns;
constexpr unsigned change_size_every_s = 20;

stream_description describe(const farm_options& options, const clip_library& clips,
                            unsigned index) {
  stream_description description;
  description.name = camera_id_of(index);
  description.address = camera_address(index);
  description.path = options.path;
  description.fps = clips.fps;
  description.kbps = clips.kbps;
  return description;
}

picture_source::mode mode_under(fault f) {
  if (f == fault::freeze) return picture_source::mode::frozen;
  if (f == fault::black) return picture_source::mode::black;
  if (f == fault::intruder) return picture_source::mode::intruder;
  return picture_source::mode::scene;
}

bool misses_frames(fault f) {
  return f == fault::silence || f == fault::rtcp_only || f == fault::drip;
}

void reset_and_close(int fd) {
  const linger hard{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  ::close(fd);
}

}  // namespace

std::uint32_t camera_ip(unsigned index) {
  return 127U << 24 | 1U << 16 | (index - 1) / 250 << 8 | ((index - 1) % 250 + 1);
}

unsigned camera_index_at(std::uint32_t ip) {
  const std::uint32_t block = ip >> 8 & 0xff, last = ip & 0xff;
  return ip >> 16 == (127U << 8 | 1U) && last >= 1 && last <= 250 ? block * 250 + last : 0;
}

std::string camera_address(unsigned index) {
  const std::uint32_t ip = camera_ip(index);
  return fmt::format("{}.{}.{}.{}", ip >> 24, ip >> 16 & 0xff, ip >> 8 & 0xff, ip & 0xff);
}

camera::camera(farm_context& farm, const clip_library& clips, unsigned index)
    : farm_{farm},
      clips_{clips},
      index_{index},
      description_{describe(farm.options, clips, index)},
      source_{clips, index, description_.name},
      rtp_base_{static_cast<std::uint32_t>(farm.random.next())} {
  stats_.id = description_.name;
}

camera::~camera() {
  for (const auto& one : sessions_) one->close();
  for (const int fd : unanswered_) ::close(fd);
}

std::uint32_t camera::address() const { return camera_ip(index_); }

const clip_library& camera::clips() const {
  return trouble_.habit != nullptr && trouble_.habit->is_h265 && farm_.h265 != nullptr ? *farm_.h265
                                                                                       : clips_;
}

result<void> camera::listen() {
  if (listener_ || farm_.shares_listener) return {};
  auto opened = listener::open(farm_.loop, address(), farm_.options.port,
                               [this](int fd, std::uint32_t) { accept(fd, nullptr); });
  if (!opened) return tl::unexpected{opened.error()};
  listener_ = std::move(*opened);
  return {};
}

/// A new connection, and those whose callers have not left: the kernel knows of a caller's FIN or
/// RST before the session here has read it, and callers on loopback are heard in the order they
/// act.
void camera::count_connections() {
  unsigned held = 1;
  for (const auto& one : sessions_) held += one->is_held_by_caller() ? 1 : 0;
  for (const int fd : unanswered_) held += is_held_by_peer(fd) ? 1 : 0;
  stats_.most_connections = std::max(stats_.most_connections, held);
}

void camera::accept(int fd, const tls_server* tls) {
  count_connections();
  if (trouble_.line == fault::refuse || trouble_.line == fault::rst) return reset_and_close(fd);
  if (trouble_.line == fault::power_cut) return unanswered_.push_back(fd);
  const auto one = std::make_shared<session>(*this, fd, tls);
  one->start();
  sessions_.push_back(one);
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

std::uint64_t camera::set_trouble(const trouble& t) {
  const trouble before = trouble_;
  if (before == t) return ++change_;
  trouble_ = t;
  source_.set_mode(mode_under(t.line));
  understudy_.reset();
  understudy_plays_ = false;
  for (const auto& one : sessions_) one->forget_habits();
  if (before.line == fault::refuse)
    if (auto listening = listen(); !listening) log::error("{}", listening.error().detail);
  if (before.line == fault::power_cut) {
    // It boots: what it is asked about sessions of before is answered with a reset.
    cut_sessions(true);
    for (const int fd : unanswered_) reset_and_close(fd);
    unanswered_.clear();
  }
  // Frames were missed: what follows must start with a key picture.
  if (misses_frames(before.line)) {
    source_.require_key();
    for (const auto& one : sessions_) one->resume();
  }
  const auto shows_at_start = [](const quirk* q) { return q != nullptr && q->is_of_handshake; };
  if (t.line == fault::refuse) {
    listener_.reset();
    cut_sessions(false);
  } else if (t.line == fault::rst) {
    cut_sessions(true);
  } else if (t.line == fault::power_cut) {
    for (const auto& one : sessions_) one->hang();
  } else if (t.line == fault::wrong_password || shows_at_start(before.habit) ||
             shows_at_start(t.habit)) {
    cut_sessions(false);
  }
  forget_closed();
  return ++change_;
}

void camera::heal(std::uint64_t change) {
  if (change == change_) set_trouble({});
}

std::uint32_t camera::rtp_ts_of(std::uint64_t number) const {
  return rtp_base_ + static_cast<std::uint32_t>(number * 90'000 / clips_.fps);
}

std::uint32_t camera::rtp_ts_at(mono_ns now) const {
  const mono_ns since = now - last_due_;
  return rtp_ts_of(next_number_ - 1) + static_cast<std::uint32_t>(since * 9 / 100'000);
}

std::uint64_t camera::started_playing() {
  const bool anywhere = trouble_.habit != nullptr && trouble_.habit->starts_anywhere;
  picture_source& source = understudy_plays_ ? *understudy_ : source_;
  source.require_key();
  // A key picture nobody gets, and a few more: the session starts inside a GOP.
  for (unsigned i = 0; anywhere && i < 4; ++i)
    source.next(next_number_, farm_.time.utc(), farm_.head);
  return ++stats_.sessions_total;
}

void camera::send_old(session& to, unsigned count) {
  const mono_ns now = farm_.time.mono();
  const std::uint64_t available = std::min<std::uint64_t>(count, next_number_);
  picture_source& source = understudy_plays_ ? *understudy_ : source_;
  source.require_key();
  for (std::uint64_t i = available; i > 0 && !to.closed(); --i) {
    const std::uint64_t number = next_number_ - i;
    const auto age_us = static_cast<utc_us>(i * 1'000'000 / clips_.fps);
    const auto picture = source.next(number + 1, farm_.time.utc() - age_us, farm_.head);
    if (to.send_picture(picture, rtp_ts_of(number), number + 1, now)) note_sent(number + 1);
  }
}

void camera::session_ended(const session_account& ended, bool torn_down, std::uint32_t ssrc) {
  if (farm_.log != nullptr) farm_.log->add(stats_.id, ended, torn_down, farm_.time.utc());
  if (trouble_.habit == nullptr || !trouble_.habit->keeps_stale || torn_down) return;
  memory_.stale_ssrc = ssrc;
  memory_.stale_until = farm_.time.mono() + stale_for_ns;
}

void camera::note_sent(std::uint64_t counter) {
  ++stats_.sent_frames;
  stats_.last_frame = std::max(stats_.last_frame, counter);
  if (stats_.first_frame == 0) stats_.first_frame = counter;
}

void camera::choose_pictures(std::uint64_t number) {
  const quirk* habit = trouble_.habit;
  const clip_library* other = habit == nullptr      ? nullptr
                              : habit->is_h265      ? farm_.h265
                              : habit->changes_size ? farm_.other_size
                                                    : nullptr;
  const bool is_its_turn =
      other != nullptr &&
      (habit->is_h265 || number / (std::uint64_t{change_size_every_s} * clips_.fps) % 2 == 1);
  if (is_its_turn == understudy_plays_) return;
  if (is_its_turn)
    understudy_ = std::make_unique<picture_source>(*other, index_, description_.name);
  understudy_plays_ = is_its_turn;
  (is_its_turn ? *understudy_ : source_).require_key();
}

void camera::on_frame_time(std::uint64_t number, mono_ns due) {
  next_number_ = number + 1;
  last_due_ = due;
  if (sessions_.empty() || trouble_.line == fault::power_cut) return;
  const mono_ns now = farm_.time.mono();
  bool somebody_plays = false;
  for (const auto& one : sessions_) {
    if (one->is_over(now)) one->close();
    somebody_plays |= one->playing();
  }
  const fault line = trouble_.line;
  const bool drip_due = line == fault::drip && now >= next_drip_;
  if (line == fault::rtcp_only) {
    for (const auto& one : sessions_)
      if (one->playing()) one->send_report(now, second_ns / 2);
  } else if (somebody_plays && line != fault::silence && (line != fault::drip || drip_due)) {
    choose_pictures(number);
    picture_source& source = understudy_plays_ ? *understudy_ : source_;
    if (drip_due) source.require_key();
    const auto picture = source.next(number + 1, farm_.time.utc(), farm_.head);
    bool sent = false;
    for (const auto& one : sessions_) {
      if (!one->playing()) continue;
      if (line == fault::drip)
        one->drip(picture, rtp_ts_of(number));
      else
        sent |= one->send_picture(picture, rtp_ts_of(number), number + 1, now);
    }
    if (drip_due) next_drip_ = now + second_ns;
    if (sent) note_sent(number + 1);
  }
  forget_closed();
}

camera_stats camera::stats() const {
  camera_stats now = stats_;
  now.current = trouble_;
  now.codec = clips().codec;
  now.sessions = static_cast<unsigned>(std::count_if(sessions_.begin(), sessions_.end(),
                                                     [](const auto& s) { return s->playing(); }));
  return now;
}

}  // namespace vigie::simulators
