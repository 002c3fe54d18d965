// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ingest/feed.hpp"
#include "simulation/event_queue.hpp"
#include "support/fake_camera.hpp"

namespace vigie::simulation {

enum class camera_fault : std::uint8_t {
  none = 1,
  refuse,     ///< nothing listens; a running session is reset
  vanish,     ///< packets go nowhere: no answer, no reset
  reset,      ///< one RST now, then healthy again
  silence,    ///< RTSP answers, no video
  rtcp_only,  ///< RTSP and control packets, no video
  drip,       ///< one byte of a picture a second
  reject,     ///< wrong password
};

/// One camera, its line to the centre, and the feed that pulls it. Pictures carry their counter in
/// the SEI format of the camera farm, so that the independent checker can judge what was recorded.
class sim_camera final : public ingest::feed_io {
 public:
  struct setting {
    std::uint32_t index = 1;  ///< in the SEI
    mono_ns picture_interval = 1'000'000'000;
    unsigned gop = 4;             ///< pictures from key to key
    mono_ns latency = 2'000'000;  ///< one way
    std::size_t picture_bytes = 80;
  };
  using report_function = std::function<void(const ingest::feed_vitals&)>;

  sim_camera(setting s, event_queue& events, manual_clock& time, std::uint64_t seed,
             report_function report);

  /// Starts pulling with these sinks.
  void attach(ingest::feed_config config, std::vector<ingest::sink_ptr> sinks,
              ingest::dial_pacer& pacer);
  void detach();  ///< stops the pull in order
  /// The process of the centre dies: the feed is gone, the camera sees a reset.
  void abandon();
  void set_fault(camera_fault fault);

  std::uint64_t dials() const noexcept { return dials_; }
  std::uint32_t most_dials_in_flight() const noexcept { return most_in_flight_; }
  std::uint64_t pictures_sent() const noexcept { return sent_; }

 private:
  // ingest::feed_io
  void dial(const std::string& host, std::uint16_t port) override;
  void send(std::span<const std::uint8_t> bytes) override;
  void close() override;
  void report(const ingest::feed_vitals& vitals) override;

  ingest::feed_now now() const { return {time_.mono(), time_.utc()}; }
  /// Runs `what` later on the present connection; a newer one or none makes it void.
  void later(mono_ns delay, std::function<void()> what);
  void answer_dial();
  void deliver(const test::fake_camera::bytes& bytes);
  void cut(errc why);
  void stream();
  void follow_wakes();
  std::vector<std::uint8_t> next_picture();

  const setting setting_;
  event_queue& events_;
  manual_clock& time_;
  seeded_random random_;
  report_function report_;
  std::unique_ptr<ingest::feed> feed_;
  test::fake_camera device_;
  camera_fault fault_ = camera_fault::none;
  std::uint64_t connection_ = 0;  ///< grows with every dial and cut
  bool is_connected_ = false;
  bool is_streaming_ = false;
  std::uint32_t in_flight_ = 0;
  std::uint32_t most_in_flight_ = 0;
  std::uint64_t dials_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t counter_ = 0;  ///< of pictures sent over all sessions
  unsigned gop_position_ = 0;
  std::vector<std::uint8_t> dripping_;  ///< the rest of a picture that leaves byte by byte
  mono_ns wake_scheduled_ = ingest::feed::never;
};

}  // namespace vigie::simulation
