// SPDX-License-Identifier: Apache-2.0
#include "simulation/sim_camera.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace vigie::simulation {
namespace {

constexpr mono_ns second = 1'000'000'000;
constexpr mono_ns connect_timeout_elsewhere = 600 * second;  // the feed gives up long before

/// The farm's SEI (simulators/README.md): user data, a name as UUID, then counters as text.
std::vector<std::uint8_t> counter_sei(std::uint32_t camera, std::uint64_t frame, utc_us sent) {
  const auto text = fmt::format("VIGIE-SIM-FRAME1c={:08x} f={:016x} t={:016x}", camera, frame,
                                static_cast<std::uint64_t>(sent));
  const auto nal = fmt::format("\x06\x05{}{}\x80", static_cast<char>(text.size()), text);
  return {nal.begin(), nal.end()};
}

}  // namespace

sim_camera::sim_camera(setting s, event_queue& events, manual_clock& time, std::uint64_t seed,
                       report_function report)
    : setting_{s}, events_{events}, time_{time}, random_{seed}, report_{std::move(report)} {
  device_.rtp_step = static_cast<std::uint32_t>(s.picture_interval * 9 / 100'000);
}

void sim_camera::attach(ingest::feed_config config, std::vector<ingest::sink_ptr> sinks,
                        ingest::dial_pacer& pacer) {
  feed_ =
      std::make_unique<ingest::feed>(std::move(config), std::move(sinks), *this, pacer, random_);
  feed_->start(now());
  follow_wakes();
}

void sim_camera::detach() {
  if (feed_) feed_->stop(now());
  follow_wakes();
}

void sim_camera::abandon() {
  close();
  feed_.reset();
  wake_scheduled_ = ingest::feed::never;
}

void sim_camera::set_fault(camera_fault fault) {
  fault_ = fault;
  device_.wrong_password = fault == camera_fault::reject;
  switch (fault) {
    case camera_fault::refuse:
    case camera_fault::reject:
      cut(errc::io_reset);
      break;
    case camera_fault::reset:
      cut(errc::io_reset);
      fault_ = camera_fault::none;
      break;
    default:
      break;
  }
}

void sim_camera::later(mono_ns delay, std::function<void()> what) {
  events_.at(time_.mono() + delay, [this, of = connection_, what = std::move(what)] {
    if (of == connection_) what();
  });
}

void sim_camera::dial(const std::string&, std::uint16_t) {
  ++dials_;
  ++connection_;
  most_in_flight_ = std::max(most_in_flight_, ++in_flight_);
  if (fault_ == camera_fault::vanish) return later(connect_timeout_elsewhere, [] {});
  later(2 * setting_.latency, [this] { answer_dial(); });
}

void sim_camera::answer_dial() {
  --in_flight_;
  if (fault_ == camera_fault::refuse) {
    ++connection_;
    feed_->connect_failed(errc::io_refused, now());
  } else {
    is_connected_ = true;
    device_.is_playing = false;
    is_streaming_ = false;
    feed_->connected(now());
  }
  follow_wakes();
}

void sim_camera::send(std::span<const std::uint8_t> bytes) {
  if (!is_connected_ || fault_ == camera_fault::vanish) return;
  later(setting_.latency, [this, sent = test::fake_camera::bytes{bytes.begin(), bytes.end()}] {
    const auto answers = device_.receive(sent.data(), sent.size());
    if (!answers.empty()) later(setting_.latency, [this, answers] { deliver(answers); });
    if (device_.is_playing && !std::exchange(is_streaming_, true)) {
      gop_position_ = 0;                   // a session starts with a key picture
      if (!dripping_.empty()) --counter_;  // its last picture never left whole
      dripping_.clear();
      later(setting_.picture_interval / 2, [this] { stream(); });
    }
  });
}

void sim_camera::close() {
  if (!is_connected_ && in_flight_ > 0) --in_flight_;
  is_connected_ = false;
  is_streaming_ = false;
  ++connection_;
}

void sim_camera::report(const ingest::feed_vitals& vitals) { report_(vitals); }

void sim_camera::deliver(const test::fake_camera::bytes& bytes) {
  if (!feed_ || !is_connected_) return;
  feed_->bytes(bytes, now());
  follow_wakes();
}

void sim_camera::cut(errc why) {
  if (!is_connected_) return;
  close();
  if (!feed_) return;
  feed_->peer_closed(why, now());
  follow_wakes();
}

std::vector<std::uint8_t> sim_camera::next_picture() {
  const bool is_key = gop_position_++ % setting_.gop == 0;
  return device_.picture(is_key, setting_.picture_bytes,
                         counter_sei(setting_.index, counter_++, time_.utc()));
}

/// The camera takes a picture at every interval of a session; a fault decides what leaves it.
void sim_camera::stream() {
  if (!device_.is_playing) {  // torn down
    is_streaming_ = false;
    return;
  }
  mono_ns pause = setting_.picture_interval;
  switch (fault_) {
    case camera_fault::rtcp_only:
      deliver(test::fake_camera::control_packet());
      break;
    case camera_fault::drip:
      if (dripping_.empty()) dripping_ = next_picture();
      deliver({dripping_.front()});
      dripping_.erase(dripping_.begin());
      pause = second;
      break;
    case camera_fault::silence:
    case camera_fault::vanish:
      break;
    default:
      ++sent_;
      if (!dripping_.empty()) deliver(std::exchange(dripping_, {}));
      deliver(next_picture());
  }
  if (is_streaming_) later(pause, [this] { stream(); });
}

/// Keeps one wake-up scheduled, no later than the feed wants it.
void sim_camera::follow_wakes() {
  if (!feed_ || feed_->wake_at() >= wake_scheduled_) return;
  wake_scheduled_ = feed_->wake_at();
  events_.at(wake_scheduled_, [this, scheduled = wake_scheduled_] {
    if (scheduled != wake_scheduled_) return;  // an earlier one took its place
    wake_scheduled_ = ingest::feed::never;
    if (!feed_) return;
    if (feed_->wake_at() <= time_.mono()) feed_->tick(now());
    follow_wakes();
  });
}

}  // namespace vigie::simulation
