// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "camera_farm/packets.hpp"
#include "camera_farm/rtp_piece.hpp"
#include "camera_farm/rtsp_dialogue.hpp"

namespace vigie::simulators {

/// What a quirky camera remembers beyond a session.
struct camera_memory {
  unsigned refused_passwords = 0;
  std::uint32_t stale_ssrc = 0;  ///< of a session that ended without TEARDOWN; 0: none
  mono_ns stale_until = 0;       ///< an old server goes on sending for it until then
};

/// What a quirk remembers of one session.
struct quirk_memory {
  camera_memory* camera = nullptr;
  video_codec codec = video_codec::h264;
  unsigned fps = 12;
  std::uint32_t frames = 0;    ///< pictures sent in this session, the present one not counted
  std::uint32_t replies = 0;   ///< answers given, the present one not counted
  std::uint32_t first_ts = 0;  ///< RTP time of the session's first picture
  std::uint32_t times = 0;     ///< the quirk's own count
  std::uint64_t seen = 0;      ///< the quirk's own watermark
  mono_ns since = 0;           ///< the quirk's own moment
  mono_ns now = 0;
  bool is_frame_due(double every_s) const {
    const auto step = static_cast<std::uint32_t>(every_s * fps);
    return step > 0 && frames % step == step - 1;
  }
};

/// The answer at hand and what led to it.
struct reply_scene {
  const rtsp_request& request;
  const stream_description& camera;
  rtsp_dialogue& dialogue;
  quirk_memory& memory;
  bool is(std::string_view method) const { return request.method == method; }
};

/// What a camera knows of a client that may have gone.
struct client_facts {
  std::uint64_t packets = 0;  ///< interleaved packets heard
  std::uint64_t answers = 0;  ///< to the camera's own requests
  mono_ns since_request = 0;
};

/// A habit of some real camera, as changes to what a sound one does: each rule that is not set
/// leaves things as they are. Names and rows are those of tests/quirks/catalogue.toml.
struct quirk {
  std::string_view name;
  unsigned row = 0;
  std::string_view world;  ///< one sentence: what the camera does

  /// Answers in the camera's place, without looking at passwords; false: the camera answers.
  bool (*instead)(const reply_scene&, rtsp_reply&) = nullptr;
  /// Changes an answer.
  void (*reply)(const reply_scene&, rtsp_reply&) = nullptr;
  void (*sdp)(std::string&) = nullptr;
  /// RTP time of a picture.
  std::uint32_t (*media_time)(std::uint32_t rtp_ts, const quirk_memory&) = nullptr;
  /// Packets of one picture, not yet numbered.
  void (*packets)(std::vector<rtp_piece>&, quirk_memory&) = nullptr;
  /// The framed bytes of one picture or report, as they go over TCP.
  void (*wire)(bytes&, quirk_memory&) = nullptr;
  void (*report)(sender_report&, const quirk_memory&) = nullptr;
  /// True when the camera ends the session because its client left something out.
  bool (*gives_up)(const client_facts&, quirk_memory&) = nullptr;

  bool is_of_handshake = false;   ///< shows from a session's first words: running ones are cut
  bool plays_early = false;       ///< a report and a picture go out before the answer to PLAY
  bool starts_anywhere = false;   ///< the first picture is no key picture
  bool keeps_stale = false;       ///< goes on sending for sessions that were not torn down
  bool is_mute = false;           ///< answers, and sends nothing
  bool changes_size = false;      ///< another resolution every 20 s
  bool is_h265 = false;           ///< only H.265 has it
  bool demands_sha256 = false;    ///< passwords are proven by SHA-256 (RFC 7616)
  bool demands_own_uri = false;   ///< the digest's uri must be the request line's
  bool is_mute_on_udp = false;    ///< UDP is accepted, and nothing sent
  bool hides_udp_source = false;  ///< packets come from a port that SETUP did not name
  unsigned preroll_frames = 0;    ///< old pictures sent at once after PLAY
};

/// All of them, by row.
std::vector<const quirk*> all_quirks();
/// Null when there is none of that name.
const quirk* find_quirk(std::string_view name);

// By group of the catalogue.
std::span<const quirk> stream_quirks();   ///< A: TCP stream and interleaved framing
std::span<const quirk> message_quirks();  ///< B, C: messages, headers, URLs
std::span<const quirk> session_quirks();  ///< D, E: authentication, sessions
std::span<const quirk> sdp_quirks();      ///< F, I: descriptions
std::span<const quirk> packet_quirks();   ///< G: packets and pictures
std::span<const quirk> time_quirks();     ///< H, K: time, UDP

}  // namespace vigie::simulators
