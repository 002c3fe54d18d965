// SPDX-License-Identifier: Apache-2.0
// Groups F and I of the quirk catalogue: session descriptions.
#include <array>

#include "camera_farm/quirk.hpp"

namespace vigie::simulators {

namespace {

void replace(std::string& text, std::string_view what, std::string_view with) {
  if (const auto at = text.find(what); at != std::string::npos) text.replace(at, what.size(), with);
}

void put_before_video(std::string& sdp, std::string_view lines) {
  if (const auto at = sdp.find("m=video"); at != std::string::npos) sdp.insert(at, lines);
}

/// Cuts the line that begins so, its end included, and returns it.
std::string cut_line(std::string& sdp, std::string_view begin) {
  const auto at = sdp.find(begin);
  if (at == std::string::npos) return {};
  const auto end = sdp.find("\r\n", at) + 2;
  std::string line = sdp.substr(at, end - at);
  sdp.erase(at, end - at);
  return line;
}

void odd_origin(std::string& sdp) {
  cut_line(sdp, "o=");
  replace(sdp, "t=0 0", "t=now-\r\ns=again");
  replace(sdp, "c=IN IP4", "c=IN c=IN IP4");
}

void odd_lines(std::string& sdp) {
  std::string odd;
  std::size_t line = 0;
  for (const char c : sdp) {
    if (c == '\r') continue;
    odd += c;
    if (c == '\n' && ++line % 3 == 0) odd += "\nno equals sign here\n";
  }
  sdp = std::move(odd);
}

void format_first(std::string& sdp) {
  std::string format = cut_line(sdp, "a=fmtp:96");
  if (format.empty()) return;
  format.insert(format.size() - 2, ";");
  if (const auto at = sdp.find("a=rtpmap:96"); at != std::string::npos) sdp.insert(at, format);
}

constexpr std::array quirks{
    quirk{.name = "media_direction",
          .row = 49,
          .world = "its video is both sendonly and recvonly",
          .sdp = [](std::string& sdp) { sdp += "a=sendonly\r\na=recvonly\r\n"; },
          .is_of_handshake = true},
    quirk{.name = "bad_origin",
          .row = 50,
          .world = "no o=, t=now- (FLIR), c=IN c=IN, s= twice",
          .sdp = odd_origin,
          .is_of_handshake = true},
    quirk{.name = "sdp_lines",
          .row = 52,
          .world = "lines end in LF, some are blank, some have no equals sign",
          .sdp = odd_lines,
          .is_of_handshake = true},
    quirk{.name = "bad_media",
          .row = 53,
          .world = "a broken m= line and a type of the vendor's own before the video (TP-Link)",
          .sdp =
              [](std::string& sdp) {
                put_before_video(sdp,
                                 "m=\r\na=control:trackID=8\r\n"
                                 "m=vigie-private 0 RTP/AVP 105\r\na=control:trackID=9\r\n");
              },
          .is_of_handshake = true},
    quirk{.name = "rtpmap",
          .row = 55,
          .world = "blanks behind rtpmap",
          .sdp = [](std::string& sdp) { replace(sdp, "/90000\r\n", "/90000  \r\n"); },
          .is_of_handshake = true},
    quirk{.name = "fmtp",
          .row = 56,
          .world = "fmtp comes before rtpmap and ends in a semicolon (Reolink)",
          .sdp = format_first,
          .is_of_handshake = true},
    quirk{.name = "payload_types",
          .row = 57,
          .world = "an unknown payload type before its own in the same m= line",
          .sdp = [](std::string& sdp) { replace(sdp, "RTP/AVP 96", "RTP/AVP 105 96"); },
          .is_of_handshake = true},
    quirk{.name = "media_protocol",
          .row = 58,
          .world = "TCP/RTP/AVP in its m= line",
          .sdp = [](std::string& sdp) { replace(sdp, "RTP/AVP 96", "TCP/RTP/AVP 96"); },
          .is_of_handshake = true},
    quirk{.name = "text_bytes",
          .row = 59,
          .world = "Latin-1 and control characters in its names",
          .reply = [](const reply_scene&,
                      rtsp_reply& r) { r.set("Server", "Cam\351ra\001 d'entr\351e"); },
          .sdp =
              [](std::string& sdp) {
                replace(sdp, "s=", "s=Entr\351e\002 ");
                replace(sdp, "a=tool:", "a=tool:\007\377");
              },
          .is_of_handshake = true},
    quirk{.name = "unknown_sound",
          .row = 92,
          .world = "sound in an invented codec is described before the video (Dahua G723.1)",
          .sdp =
              [](std::string& sdp) {
                put_before_video(sdp,
                                 "m=audio 0 RTP/AVP 98\r\na=rtpmap:98 G723.1-X/8000\r\n"
                                 "a=control:trackID=0\r\n");
              },
          .is_of_handshake = true},
};

}  // namespace

std::span<const quirk> sdp_quirks() { return quirks; }

}  // namespace vigie::simulators
