// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "camera_farm/digest.hpp"
#include "camera_farm/h264_surgery.hpp"
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

/// Session description of the camera's one video track (RFC 4566, RFC 6184 §8.2.1).
std::string make_sdp(const stream_description& camera, const stream_parameters& stream);

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
  enum class action : std::uint8_t { none = 1, play, hang_up };
  struct answer {
    std::string text;
    action then = action::none;
  };

  rtsp_dialogue(const account& who, const stream_description& camera, identity self)
      : account_{who}, camera_{camera}, self_{std::move(self)} {}

  /// `next_rtp_ts` is the timestamp of the picture that will be sent first, for RTP-Info;
  /// `accept_password` false makes the camera refuse every password.
  answer handle(const rtsp_request& request, const std::string& sdp, std::uint32_t next_rtp_ts,
                bool accept_password);

  /// Interleaved channel of the video packets; the next one carries RTCP.
  std::uint8_t channel() const { return channel_; }
  static constexpr unsigned timeout_s = 60;

 private:
  answer setup(const rtsp_request& request);
  std::string reply(const rtsp_request& request, const char* status,
                    const std::string& more = "") const;

  const account& account_;
  const stream_description& camera_;
  identity self_;
  std::uint8_t channel_ = 0;
  bool is_set_up_ = false;
};

}  // namespace vigie::simulators
