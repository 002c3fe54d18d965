// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "camera_farm/camera.hpp"
#include "camera_farm/packets.hpp"

namespace vigie::simulators {

/// One client's TCP connection to a camera.
class session final : public event_handler, public std::enable_shared_from_this<session> {
 public:
  /// Owns `fd`.
  session(camera& owner, int fd);
  ~session() override;
  void start();
  void on_ready(std::uint32_t events) override;

  bool closed() const { return fd_ < 0; }
  bool playing() const { return playing_ && !closed(); }
  /// Ends the connection; `reset` makes it an RST.
  void close(bool reset = false);
  /// Heard nothing for longer than the session's time-out?
  bool is_stale(mono_ns now) const;

  /// True when the picture went out (or waits in this session's own buffer).
  bool send_picture(const picture_source::picture& picture, std::uint32_t rtp_ts, mono_ns now);
  /// Sends a sender report when the last one is `every` old.
  void send_report(mono_ns now, mono_ns every);
  /// One byte of what waits; fills the buffer with `picture` first when nothing waits.
  void drip(const picture_source::picture& picture, std::uint32_t rtp_ts);
  bool has_pending() const { return sent_ < pending_.size(); }
  /// Sends what waits; pictures resume at the next key picture.
  void resume();

 private:
  void read_requests();
  void answer(const rtsp_request& request);
  void deliver(const rtsp_dialogue::answer& answer);
  void write(byte_span data);
  void flush();
  bool dripping() const { return playing_ && owner_.current_fault() == fault::drip; }

  camera& owner_;
  int fd_;
  rtsp_dialogue::identity identity_;
  rtsp_dialogue dialogue_;
  rtsp_request_reader reader_;
  rtp_state rtp_;
  bool playing_ = false;
  bool needs_key_ = true;
  bool close_when_flushed_ = false;
  bool watching_writes_ = false;
  mono_ns last_heard_ = 0;
  mono_ns last_report_ = 0;
  bytes pending_;         ///< what the socket did not take yet
  std::size_t sent_ = 0;  ///< of `pending_`
};

}  // namespace vigie::simulators
