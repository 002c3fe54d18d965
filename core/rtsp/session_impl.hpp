// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "rtsp/auth.hpp"
#include "rtsp/client_session.hpp"
#include "rtsp/headers.hpp"
#include "rtsp/keepalive.hpp"
#include "rtsp/message.hpp"
#include "rtsp/parser.hpp"

namespace vigie::rtsp {

/// Private to the client session. The inputs and the media path are in client_session.cpp, requests
/// and keep-alive in session_requests.cpp, what replies mean in session_dialogue.cpp.
class client_session::impl {
 public:
  impl(session_options options, session_events& events, random_source& random);

  void on_connected(mono_ns now);
  void on_bytes(byte_view bytes, mono_ns now);
  void on_datagram(const datagram& one);
  void on_tick(mono_ns now);
  void on_disconnected(mono_ns now);
  void begin_teardown(mono_ns now);
  void send_rtcp(byte_view compound);
  std::optional<mono_ns> next_deadline() const noexcept;
  std::size_t buffered_bytes() const noexcept { return parser_.buffered_bytes(); }

  session_options options;
  session_state state = session_state::idle;
  url target;
  session_memory memory;
  quirk_counters counters;
  std::string server_name;
  std::string tool;
  std::string user_agent;  ///< of the camera
  std::vector<std::string_view> overridden;
  bool uses_udp = false;  ///< media of this session comes by UDP

 private:
  /// Why a request was sent: what its reply means.
  enum class purpose : std::uint8_t {
    options = 1,
    describe,
    setup,
    play,
    keepalive,
    teardown,
    teardown_stale
  };

  struct outgoing {
    purpose why = purpose::options;
    std::string method;
    std::string uri;
    std::uint64_t cseq = 0;
    mono_ns sent_at = 0;
    bool was_authorized = false;
    std::string nonce;            ///< it was authorised with
    bool is_nonce_fresh = false;  ///< the nonce came with the 401 to this very request
    bool is_stale_retried = false;
  };

  // session_requests.cpp
  void ask(purpose why, std::string_view method, const url& uri, mono_ns now);
  void send(outgoing what, mono_ns now);
  void send_keepalive(mono_ns now);
  void send_teardown(mono_ns now);
  void answer(request& from_server, mono_ns now);
  void close(error reason);
  /// Remembers the session when the server may go on sending for it.
  void note_stale();
  void finish();

  // session_dialogue.cpp
  void on_response(response& reply, mono_ns now);
  void on_options(const response& reply, mono_ns now);
  void on_describe(const response& reply, mono_ns now);
  void on_setup(const response& reply, mono_ns now);
  void on_play(const response& reply, mono_ns now);
  void on_keepalive(const response& reply);
  void on_unauthorized(outgoing what, const response& reply, mono_ns now);
  void on_redirect(const response& reply);
  void take_session_header(const response& reply);
  void describe(mono_ns now);
  void choose_transport();
  void set_up(mono_ns now);
  void on_other_transport(error why, mono_ns now);
  void take_names(const header_list& headers);
  /// Policies as the book says for what is known of the camera.
  void refresh_policies();

  // client_session.cpp
  void on_frame(const interleaved_frame& frame);
  void deliver(bool is_rtp, byte_view packet);
  void deliver_rtp(byte_view packet);
  bool is_trusted(const datagram& one);
  void punch();
  std::string timeout_detail(std::string_view what) const;

  const quirk_policies configured_;
  session_events* events_;
  random_source* random_;
  authenticator auth_;
  parser parser_;
  keepalive_ladder keepalive_;

  mono_ns now_ = 0;  ///< of the present input
  std::deque<outgoing> pending_;
  std::uint64_t next_cseq_ = 1;
  std::uint64_t redirects_ = 0;
  std::uint64_t earlier_resyncs_ = 0;
  std::uint64_t earlier_skipped_bytes_ = 0;
  bool is_authenticated_ = false;

  url base_;
  url aggregate_;
  video_track track_;
  std::optional<transport_header> channels_;  ///< interleaved
  std::optional<datagram_ports> local_ports_;
  datagram_ports remote_ports_;  ///< 0 where the camera named none
  bool is_set_up_ = false;
  bool has_other_transport_ = false;  ///< the other transport was tried in this session
  std::string session_id_;
  std::chrono::seconds session_timeout_{60};
  std::optional<std::uint16_t> announced_sequence_;

  std::optional<mono_ns> response_deadline_;
  std::optional<mono_ns> handshake_deadline_;
  std::optional<mono_ns> keepalive_at_;
  std::optional<mono_ns> teardown_deadline_;
  std::optional<mono_ns> udp_deadline_;  ///< by which the first datagram must have come
  mono_ns last_keepalive_ = 0;
  mono_ns answers_since_ = 0;
  std::uint32_t answers_ = 0;
};

}  // namespace vigie::rtsp
