// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "camera_farm/camera.hpp"
#include "camera_farm/link.hpp"
#include "camera_farm/packets.hpp"
#include "camera_farm/quirk.hpp"

namespace vigie::simulators {

/// One client's connection to a camera.
class session final : public event_handler, public std::enable_shared_from_this<session> {
 public:
  /// Owns `fd`.
  session(camera& owner, int fd, const tls_server* tls);
  ~session() override;
  void start();
  void on_ready(std::uint32_t events) override;

  bool closed() const { return !link_.is_open(); }
  /// The client has not ended the connection, whether we read its end yet or not.
  bool is_held_by_caller() const { return link_.is_open() && is_held_by_peer(link_.fd()); }
  bool playing() const { return playing_ && !closed(); }
  /// Ends the connection; `reset` makes it an RST.
  void close(bool reset = false);
  /// Its camera lost power: nothing is read or written any more, the client hears nothing of it.
  void hang();
  /// Heard nothing for longer than the session's time-out, or the camera's quirk gave up?
  bool is_over(mono_ns now);
  /// The camera got or lost a quirk.
  void forget_habits() { memory_.reset(); }

  /// True when the picture went out (or waits in this session's own buffer).
  bool send_picture(const picture_source::picture& picture, std::uint32_t rtp_ts,
                    std::uint64_t counter, mono_ns now);
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
  rtsp_reply answer_of(const rtsp_request& request);
  void deliver(const rtsp_reply& reply);
  void begin_playing();
  void append_odd(const quirk& odd, const picture_source::picture& picture, std::uint32_t rtp_ts,
                  bytes& out);
  void transmit(byte_span framed);
  void write(byte_span data);
  void flush();
  bool dripping() const { return playing_ && owner_.current().line == fault::drip; }
  const quirk* habit() const { return owner_.current().habit; }
  quirk_memory& memory();

  camera& owner_;
  link link_;
  rtsp_dialogue dialogue_;
  rtsp_request_reader reader_;
  rtp_state rtp_;
  std::unique_ptr<quirk_memory> memory_;
  std::uint32_t client_ = 0;  ///< its IPv4 address, for UDP
  bool playing_ = false;
  bool needs_key_ = true;
  bool torn_down_ = false;
  bool close_when_flushed_ = false;
  bool watching_writes_ = false;
  bool is_hung_ = false;
  mono_ns last_heard_ = 0;
  mono_ns last_report_ = 0;
  session_account account_;
  bytes pending_;         ///< what the socket did not take yet
  std::size_t sent_ = 0;  ///< of `pending_`
};

}  // namespace vigie::simulators
