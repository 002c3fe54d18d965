// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/rtsp_dialogue.hpp"

extern "C" {
#include <libavutil/base64.h>
}

#include <fmt/format.h>

#include <charconv>
#include <optional>

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

// "key=12" or "key=12-13" among a transport's parameters: the first number, `absent` without.
int number_after(std::string_view transport, std::string_view key, int absent) {
  const std::size_t at = transport.find(key);
  if (at == std::string_view::npos) return absent;
  int number = 0;
  const char* begin = transport.data() + at + key.size();
  const auto [end, error] = std::from_chars(begin, transport.data() + transport.size(), number);
  return error == std::errc{} && end != begin ? number : -1;
}

// The first of the offered transports that we have.
std::optional<transport_choice> choose(std::string_view transports, bool has_udp) {
  while (!transports.empty()) {
    const std::size_t comma = transports.find(',');
    const std::string_view one = transports.substr(0, comma);
    if (one.find("RTP/AVP/TCP") != std::string_view::npos) {
      const int channel = number_after(one, "interleaved=", 0);
      if (channel >= 0 && channel < 255)
        return transport_choice{false, static_cast<std::uint8_t>(channel), 0};
    } else if (has_udp && one.find("RTP/AVP") != std::string_view::npos) {
      const int port = number_after(one, "client_port=", -1);
      if (port > 0 && port < 65'535)
        return transport_choice{true, 0, static_cast<std::uint16_t>(port)};
    }
    transports =
        comma == std::string_view::npos ? std::string_view{} : transports.substr(comma + 1);
  }
  return std::nullopt;
}

std::string h264_format(const clip_library& clips) {
  const bytes& sps = clips.parameter_sets[0];
  return fmt::format(
      "a=rtpmap:96 H264/90000\r\n"
      "a=fmtp:96 packetization-mode=1;profile-level-id={:02X}{:02X}{:02X};sprop-parameter-sets={},"
      "{}\r\n",
      sps[1], sps[2], sps[3], base64(sps), base64(clips.parameter_sets[1]));
}

std::string h265_format(const clip_library& clips) {
  return fmt::format(
      "a=rtpmap:96 H265/90000\r\na=fmtp:96 sprop-vps={};sprop-sps={};sprop-pps={}\r\n",
      base64(clips.parameter_sets[0]), base64(clips.parameter_sets[1]),
      base64(clips.parameter_sets[2]));
}

}  // namespace

std::string make_sdp(const stream_description& camera, const clip_library& clips) {
  return fmt::format(
      "v=0\r\n"
      "o=- 1 1 IN IP4 {}\r\n"
      "s={}\r\n"
      "c=IN IP4 0.0.0.0\r\n"
      "t=0 0\r\n"
      "a=tool:vigie-sim\r\n"
      "a=control:*\r\n"
      "a=range:npt=now-\r\n"
      "m=video 0 RTP/AVP 96\r\n"
      "b=AS:{}\r\n"
      "{}"
      "a=framerate:{}\r\n"
      "a=control:trackID=1\r\n",
      camera.address, camera.name, camera.kbps,
      clips.codec == video_codec::h265 ? h265_format(clips) : h264_format(clips), camera.fps);
}

rtsp_reply rtsp_dialogue::set_up(rtsp_reply reply, std::string_view transports,
                                 std::uint16_t udp_port) {
  const auto chosen = choose(transports, udp_port != 0);
  if (!chosen) {
    reply.status = "461 Unsupported Transport";
    return reply;
  }
  transport_ = *chosen;
  is_set_up_ = true;
  reply.set("Transport",
            transport_.is_udp
                ? fmt::format("RTP/AVP;unicast;client_port={}-{};server_port={}-{};ssrc={:08X}",
                              transport_.client_port, transport_.client_port + 1, udp_port,
                              udp_port + 1, self_.ssrc)
                : fmt::format("RTP/AVP/TCP;unicast;interleaved={}-{};ssrc={:08X}",
                              transport_.channel, transport_.channel + 1, self_.ssrc));
  reply.set("Session", fmt::format("{};timeout={}", self_.session_id, timeout_s));
  return reply;
}

rtsp_reply rtsp_dialogue::handle(const rtsp_request& request, const moment& now) {
  rtsp_reply reply;
  reply.set("CSeq", std::string{request.header("cseq")});
  reply.set("Server", "vigie-sim");
  const auto with = [&](const char* status) {
    reply.status = status;
    return std::move(reply);
  };
  if (request.header("cseq").empty()) {
    reply.then = rtsp_reply::action::hang_up;
    return with("400 Bad Request");
  }
  if (request.method == "OPTIONS") {
    reply.set("Public", "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, SET_PARAMETER, TEARDOWN");
    return reply;
  }
  const std::string_view proof = request.header("authorization");
  if (!now.accept_password ||
      !digest_matches(proof, request.method, account_, realm, self_.nonce, now.hash) ||
      (now.uri_must_agree && digest_field(proof, "uri") != request.uri)) {
    reply.set("WWW-Authenticate", digest_challenge(realm, self_.nonce, now.hash));
    return with("401 Unauthorized");
  }

  const std::string_view path = path_of(request.uri);
  if (request.uri != "*" && !path.starts_with(camera_.path)) return with("404 Not Found");
  const std::string base = request.uri.substr(0, request.uri.find(camera_.path)) + camera_.path;

  if (request.method == "DESCRIBE") {
    reply.set("Content-Base", base + "/");
    reply.set("Content-Type", "application/sdp");
    reply.set("Content-Length", fmt::format("{}", now.sdp.size()));
    reply.body = now.sdp;
    return reply;
  }
  if (request.method == "SETUP")
    return set_up(std::move(reply), request.header("transport"), now.udp_port);
  if (request.method != "PLAY" && request.method != "GET_PARAMETER" &&
      request.method != "SET_PARAMETER" && request.method != "TEARDOWN")
    return with("501 Not Implemented");
  if (!is_set_up_ && request.method == "PLAY") return with("455 Method Not Valid in This State");
  const std::string_view named = request.header("session");
  if (!named.empty() && named.substr(0, named.find(';')) != self_.session_id)
    return with("454 Session Not Found");
  if (is_set_up_) reply.set("Session", fmt::format("{};timeout={}", self_.session_id, timeout_s));
  if (request.method == "PLAY") {
    reply.set("Range", "npt=now-");
    reply.set("RTP-Info", fmt::format("url={}/trackID=1;seq={};rtptime={}", base,
                                      self_.first_sequence, now.next_rtp_ts));
    reply.then = rtsp_reply::action::play;
  } else if (request.method == "TEARDOWN") {
    reply.then = rtsp_reply::action::hang_up;
  }
  return reply;
}

}  // namespace vigie::simulators
