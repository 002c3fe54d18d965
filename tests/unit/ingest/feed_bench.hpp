// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ingest/feed.hpp"
#include "support/fake_camera.hpp"

namespace vigie::test {

struct counting_sink final : ingest::sink {
  void on_access_unit(const media::access_unit_ptr& unit) noexcept override {
    sequences.push_back(unit->sequence);
    generations.push_back(unit->stream_generation);
  }
  void on_end_of_session() noexcept override { ++ends; }
  std::vector<std::uint64_t> sequences;
  std::vector<std::uint32_t> generations;
  int ends = 0;
};

/// One feed, one fake camera, a network between them that takes no time, and a clock that moves in
/// steps of 10 ms.
class feed_bench : public ingest::feed_io {
 public:
  enum class network { open, refuses, swallows };
  enum class stream { pictures, nothing, control_packets, drip };

  explicit feed_bench(ingest::feed_config config = default_config())
      : feed{std::make_unique<ingest::feed>(std::move(config), std::vector<ingest::sink_ptr>{sink},
                                            *this, pacer, random)} {}

  static ingest::feed_config default_config() {
    ingest::feed_config c;
    c.camera = camera_id{"cam-1"};
    c.site = site_id{"site"};
    c.url = "rtsp://192.0.2.7:8554/stream";
    c.username = "vigie";
    c.password = secret{"p"};
    return c;
  }

  // -- the feed's world ---
  void dial(const std::string& host, std::uint16_t port) override {
    dialled.push_back({host + ":" + std::to_string(port), time.mono()});
    is_dialling = true;
  }
  void dial_tls(const std::string& host, std::uint16_t port, const ingest::tls_settings& trust,
                bool must_verify) override {
    ++tls_dials;
    trusted = trust;
    is_verified = must_verify;
    dial(host, port);
  }
  bool can_dial_tls() const noexcept override { return has_tls; }
  std::optional<rtsp::datagram_ports> open_datagrams() override {
    if (!has_udp) return std::nullopt;
    return rtsp::datagram_ports{34'000, 34'001};
  }
  void aim_datagrams(rtsp::datagram_ports remote) override { aim = remote; }
  void send_datagram(rtsp::datagram_channel, std::span<const std::uint8_t>) override {
    ++datagrams_sent;
  }
  void send(std::span<const std::uint8_t> bytes) override {
    to_camera.insert(to_camera.end(), bytes.begin(), bytes.end());
  }
  void close() override {
    ++closes;
    is_dialling = is_connected = false;
    to_camera.clear();
  }
  void report(const ingest::feed_vitals& vitals) override { reports.push_back(vitals); }

  ingest::feed_now now() const { return {time.mono(), time.utc()}; }
  double seconds() const { return static_cast<double>(time.mono()) * 1e-9; }
  const ingest::feed_vitals& last() const { return reports.back(); }
  ingest::feed_phase phase() const { return reports.back().phase; }
  std::optional<errc> trouble() const {
    if (reports.empty() || !reports.back().trouble) return std::nullopt;
    return reports.back().trouble->code;
  }

  /// The connection ends from the camera's side.
  void cut(errc how) {
    is_connected = false;
    feed->peer_closed(how, now());
  }

  void run(std::chrono::milliseconds duration) {
    run_until([] { return false; }, duration);
  }

  /// Steps until `done`, at most `limit`; true when done.
  bool run_until(const std::function<bool()>& done,
                 std::chrono::milliseconds limit = std::chrono::seconds{30}) {
    for (auto left = limit; left.count() > 0; left -= std::chrono::milliseconds{10}) {
      if (done()) return true;
      time.advance(std::chrono::milliseconds{10});
      step();
    }
    return done();
  }
  bool run_until_phase(ingest::feed_phase wanted,
                       std::chrono::milliseconds limit = std::chrono::seconds{30}) {
    return run_until([&] { return !reports.empty() && phase() == wanted; }, limit);
  }

  manual_clock time;
  seeded_random random{42};
  ingest::bucket_pacer pacer{200, 20};
  std::shared_ptr<counting_sink> sink = std::make_shared<counting_sink>();
  fake_camera camera;
  network net = network::open;
  stream sends = stream::pictures;
  bool is_dialling = false;
  bool is_connected = false;
  int closes = 0;
  bool has_udp = false;
  bool is_udp_shuffled = false;  ///< each picture's packets come in reverse
  bool is_udp_silent = false;    ///< what the camera sends by UDP is lost
  std::optional<rtsp::datagram_ports> aim;
  int datagrams_sent = 0;
  bool has_tls = false;
  int tls_dials = 0;
  ingest::tls_settings trusted;
  bool is_verified = false;
  std::vector<std::pair<std::string, mono_ns>> dialled;
  std::vector<std::uint8_t> to_camera;
  std::vector<ingest::feed_vitals> reports;
  std::unique_ptr<ingest::feed> feed;

 private:
  void step() {
    if (is_dialling && net == network::refuses) {
      is_dialling = false;
      feed->connect_failed(errc::io_refused, now());
    } else if (is_dialling && net == network::open) {
      is_dialling = false;
      is_connected = true;
      fake_camera fresh;
      fresh.wrong_password = camera.wrong_password;
      fresh.asks_for_digest = camera.asks_for_digest;
      fresh.answers = camera.answers;
      fresh.does_udp = camera.does_udp;
      fresh.tool = camera.tool;
      camera = fresh;
      next_picture_at_ = next_extra_at_ = 0;
      feed->connected(now());
    }
    while (is_connected && !to_camera.empty()) {
      const auto sent = std::exchange(to_camera, {});
      const auto reply = camera.receive(sent.data(), sent.size());
      if (!reply.empty()) feed->bytes(reply, now());
    }
    if (is_connected && camera.is_playing) play();
    if (time.mono() >= feed->wake_at()) feed->tick(now());
  }

  /// Interleaved packets as they are, or each as a datagram.
  void deliver(const fake_camera::bytes& framed) {
    if (!camera.is_by_udp) return feed->bytes(framed, now());
    if (is_udp_silent) return;
    std::vector<rtsp::datagram> batch;
    for (std::size_t at = 0; at + 4 <= framed.size();) {
      const std::size_t size = framed[at + 2] * 256U + framed[at + 3];
      batch.push_back({rtsp::datagram_channel::rtp, true, 6970, {framed.data() + at + 4, size}});
      at += 4 + size;
    }
    if (is_udp_shuffled) std::reverse(batch.begin(), batch.end());
    feed->datagrams(batch, now());
  }

  void play() {
    constexpr mono_ns second = 1'000'000'000;
    if (sends == stream::pictures && time.mono() >= next_picture_at_) {
      next_picture_at_ = time.mono() + second / fake_camera::frames_per_s;
      deliver(camera.next_picture());
    }
    if (time.mono() < next_extra_at_) return;
    next_extra_at_ = time.mono() + second / 2;
    if (sends == stream::control_packets) feed->bytes(fake_camera::control_packet(), now());
    if (sends == stream::drip) {
      if (drip_.empty()) drip_ = camera.next_picture();
      feed->bytes({drip_.data(), 1}, now());
      drip_.erase(drip_.begin());
    }
  }

  mono_ns next_picture_at_ = 0;
  mono_ns next_extra_at_ = 0;
  fake_camera::bytes drip_;
};

}  // namespace vigie::test
