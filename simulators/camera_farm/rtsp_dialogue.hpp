// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "camera_farm/clip.hpp"
#include "camera_farm/digest.hpp"
#include "camera_farm/rtsp_reply.hpp"
#include "camera_farm/rtsp_request.hpp"

namespace vigie::simulators {

/// What a camera says of its stream.
struct stream_description {
  std::string name;     ///< "cam-0001"
  std::string address;  ///< "127.1.0.1"
  std::string path = "/stream";
  unsigned fps = 12;
  unsigned kbps = 400;
};

/// Session description of the camera's one video track (RFC 4566, RFC 6184 §8.2.1, RFC 7798 §7.1).
std::string make_sdp(const stream_description& camera, const clip_library& clips);

/// How a session's packets travel, as SETUP settled it.
struct transport_choice {
  bool is_udp = false;
  std::uint8_t channel = 0;       ///< interleaved: of the video packets; the next one carries RTCP
  std::uint16_t client_port = 0;  ///< UDP: where RTP goes; RTCP goes to the next one
};

/// One client's RTSP dialogue with a camera, without its socket (RFC 2326). Pure: randomness and
/// the moment's RTP position come in from outside.
class rtsp_dialogue {
 public:
  struct identity {
    std::string nonce;       ///< of this connection
    std::string session_id;  ///< handed out at SETUP
    std::uint32_t ssrc = 0;
    std::uint16_t first_sequence = 0;
  };
  /// What the answer depends on besides the request.
  struct moment {
    std::string sdp;                      ///< only looked at for DESCRIBE
    std::uint32_t next_rtp_ts = 0;        ///< of the picture that will be sent first, for RTP-Info
    bool accept_password = true;          ///< false: the camera refuses every password
    std::uint16_t udp_port = 0;           ///< where RTP over UDP comes from; 0: TCP only
    digest_hash hash = digest_hash::md5;  ///< of passwords
    bool uri_must_agree = false;          ///< the digest's uri with the request line's
  };

  rtsp_dialogue(const account& who, const stream_description& camera, identity self)
      : account_{who}, camera_{camera}, self_{std::move(self)} {}

  rtsp_reply handle(const rtsp_request& request, const moment& now);

  const transport_choice& transport() const { return transport_; }
  const identity& self() const { return self_; }
  /// From now on passwords are proven against another nonce.
  void change_nonce(std::string nonce) { self_.nonce = std::move(nonce); }
  bool is_set_up() const { return is_set_up_; }
  static constexpr unsigned timeout_s = 60;

 private:
  rtsp_reply set_up(rtsp_reply reply, std::string_view transports, std::uint16_t udp_port);
  const account& account_;
  const stream_description& camera_;
  identity self_;
  transport_choice transport_;
  bool is_set_up_ = false;
};

}  // namespace vigie::simulators
