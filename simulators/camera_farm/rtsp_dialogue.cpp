// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/rtsp_dialogue.hpp"

extern "C" {
#include <libavutil/base64.h>
}

#include <fmt/format.h>

#include <charconv>

namespace vigie::simulators {

namespace {

constexpr std::string_view realm = "vigie-sim";

std::string base64(byte_span data) {
  std::string text(AV_BASE64_SIZE(data.size()), '\0');
  av_base64_encode(text.data(), static_cast<int>(text.size()), data.data(),
                   static_cast<int>(data.size()));
  text.resize(text.size() - 1);
  return text;
}

// "rtsp://host:port/stream/trackID=1" → "/stream/trackID=1", without query and last slash.
std::string_view path_of(std::string_view uri) {
  if (const std::size_t scheme = uri.find("://"); scheme != std::string_view::npos) {
    uri.remove_prefix(scheme + 3);
    const std::size_t slash = uri.find('/');
    uri = slash == std::string_view::npos ? std::string_view{} : uri.substr(slash);
  }
  uri = uri.substr(0, uri.find('?'));
  while (uri.size() > 1 && uri.back() == '/') uri.remove_suffix(1);
  return uri;
}

// The first of the offered transports that we have: RTP over this very connection.
// Its channel (0 when the client names none), or -1.
int offered_channel(std::string_view transports) {
  while (!transports.empty()) {
    const std::size_t comma = transports.find(',');
    const std::string_view one = transports.substr(0, comma);
    if (one.find("RTP/AVP/TCP") != std::string_view::npos) {
      constexpr std::string_view key = "interleaved=";
      const std::size_t at = one.find(key);
      if (at == std::string_view::npos) return 0;
      unsigned channel = 0;
      const char* begin = one.data() + at + key.size();
      const auto [end, error] = std::from_chars(begin, one.data() + one.size(), channel);
      return error == std::errc{} && end != begin && channel < 255 ? static_cast<int>(channel) : -1;
    }
    transports =
        comma == std::string_view::npos ? std::string_view{} : transports.substr(comma + 1);
  }
  return -1;
}

}  // namespace

std::string make_sdp(const stream_description& camera, const stream_parameters& stream) {
  return fmt::format(
      "v=0\r\n"
      "o=- 1 1 IN IP4 {address}\r\n"
      "s={name}\r\n"
      "c=IN IP4 0.0.0.0\r\n"
      "t=0 0\r\n"
      "a=tool:vigie-sim\r\n"
      "a=control:*\r\n"
      "a=range:npt=now-\r\n"
      "m=video 0 RTP/AVP {pt}\r\n"
      "b=AS:{kbps}\r\n"
      "a=rtpmap:{pt} H264/90000\r\n"
      "a=fmtp:{pt} packetization-mode=1;profile-level-id={profile:02X}{constraints:02X}{level:02X};"
      "sprop-parameter-sets={sps},{pps}\r\n"
      "a=framerate:{fps}\r\n"
      "a=control:trackID=1\r\n",
      fmt::arg("address", camera.address), fmt::arg("name", camera.name), fmt::arg("pt", 96),
      fmt::arg("kbps", camera.kbps), fmt::arg("profile", stream.sps[1]),
      fmt::arg("constraints", stream.sps[2]), fmt::arg("level", stream.sps[3]),
      fmt::arg("sps", base64(stream.sps)), fmt::arg("pps", base64(stream.pps)),
      fmt::arg("fps", camera.fps));
}

std::string rtsp_dialogue::reply(const rtsp_request& request, const char* status,
                                 const std::string& more) const {
  return fmt::format("RTSP/1.0 {}\r\nCSeq: {}\r\nServer: vigie-sim\r\n{}\r\n", status,
                     request.header("cseq"), more);
}

rtsp_dialogue::answer rtsp_dialogue::setup(const rtsp_request& request) {
  const int channel = offered_channel(request.header("transport"));
  if (channel < 0) return {reply(request, "461 Unsupported Transport")};
  channel_ = static_cast<std::uint8_t>(channel);
  is_set_up_ = true;
  return {reply(request, "200 OK",
                fmt::format("Transport: RTP/AVP/TCP;unicast;interleaved={}-{};ssrc={:08X}\r\n"
                            "Session: {};timeout={}\r\n",
                            channel, channel + 1, self_.ssrc, self_.session_id, timeout_s))};
}

rtsp_dialogue::answer rtsp_dialogue::handle(const rtsp_request& request, const std::string& sdp,
                                            std::uint32_t next_rtp_ts, bool accept_password) {
  if (request.header("cseq").empty()) return {reply(request, "400 Bad Request"), action::hang_up};
  if (request.method == "OPTIONS")
    return {reply(request, "200 OK",
                  "Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, SET_PARAMETER, "
                  "TEARDOWN\r\n")};
  if (!accept_password || !digest_matches(request.header("authorization"), request.method, account_,
                                          realm, self_.nonce))
    return {reply(request, "401 Unauthorized",
                  fmt::format("WWW-Authenticate: {}\r\n", digest_challenge(realm, self_.nonce)))};

  const std::string_view path = path_of(request.uri);
  if (request.uri != "*" && !path.starts_with(camera_.path))
    return {reply(request, "404 Not Found")};
  const std::string base = request.uri.substr(0, request.uri.find(camera_.path)) + camera_.path;
  const std::string session =
      fmt::format("Session: {};timeout={}\r\n", self_.session_id, timeout_s);

  if (request.method == "DESCRIBE")
    return {reply(request, "200 OK",
                  fmt::format("Content-Base: {}/\r\nContent-Type: application/sdp\r\n"
                              "Content-Length: {}\r\n",
                              base, sdp.size())) +
            sdp};
  if (request.method == "SETUP") return setup(request);
  if (request.method != "PLAY" && request.method != "GET_PARAMETER" &&
      request.method != "SET_PARAMETER" && request.method != "TEARDOWN")
    return {reply(request, "501 Not Implemented")};
  if (!is_set_up_ && request.method == "PLAY")
    return {reply(request, "455 Method Not Valid in This State")};
  const std::string_view named = request.header("session");
  if (!named.empty() && named.substr(0, named.find(';')) != self_.session_id)
    return {reply(request, "454 Session Not Found")};
  if (request.method == "PLAY")
    return {reply(request, "200 OK",
                  session + fmt::format("Range: npt=now-\r\n"
                                        "RTP-Info: url={}/trackID=1;seq={};rtptime={}\r\n",
                                        base, self_.first_sequence, next_rtp_ts)),
            action::play};
  if (request.method == "TEARDOWN") return {reply(request, "200 OK", session), action::hang_up};
  return {reply(request, "200 OK", is_set_up_ ? session : "")};
}

}  // namespace vigie::simulators
