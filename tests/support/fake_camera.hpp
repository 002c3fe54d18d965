// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vigie::test {

/// The camera's end of one RTSP connection, on bytes alone: feed it what the client sent, hand the
/// client what it answers, and add pictures. Speaks just enough RTSP for one H.264 track; its
/// pictures carry real parameter sets (640x360 baseline) and nothing a decoder could show.
class fake_camera {
 public:
  using bytes = std::vector<std::uint8_t>;

  bool wrong_password = false;  ///< every request is answered 401, whatever digest it carries
  bool asks_for_digest = false;
  bool answers = true;            ///< false: the requests are swallowed
  bool does_udp = false;          ///< SETUP by UDP is answered with server_port 6970 and 6971
  std::string tool;               ///< of the description
  std::uint16_t server_port = 0;  ///< not 0: UDP is answered with this port, RTP leaves from there
  std::uint16_t client_port = 0;  ///< where RTP goes, once UDP was set up so

  /// Whole requests in, their answers out. Interleaved packets (receiver reports) are counted.
  bytes receive(const std::uint8_t* data, std::size_t size) {
    pending_.append(reinterpret_cast<const char*>(data), size);
    bytes out;
    while (!pending_.empty()) {
      if (pending_[0] == '$') {
        if (pending_.size() < 4) break;
        const std::size_t length = 4 + static_cast<std::uint8_t>(pending_[2]) * 256U +
                                   static_cast<std::uint8_t>(pending_[3]);
        if (pending_.size() < length) break;
        pending_.erase(0, length);
        ++reports;
        continue;
      }
      const auto end = pending_.find("\r\n\r\n");
      if (end == std::string::npos) break;
      const std::string request = pending_.substr(0, end + 2);
      pending_.erase(0, end + 4);
      if (answers) append(out, answer(request));
    }
    return out;
  }

  /// One picture as interleaved RTP; a key picture brings its parameter sets along, and `sei` goes
  /// before the slice.
  bytes picture(bool key, std::size_t size = 600, const bytes& sei = {}) {
    bytes out;
    if (key) {
      packet(out, {0x67, 0x42, 0xc0, 0x1e, 0xda, 0x02, 0x80, 0xbf, 0xe5, 0x40}, false);
      packet(out, {0x68, 0xce, 0x3c, 0x80}, false);
    }
    if (!sei.empty()) packet(out, sei, false);
    bytes slice(size, 0x5a);
    slice[0] = key ? 0x65 : 0x41;
    slice[1] = 0x88;  // first_mb_in_slice 0
    packet(out, slice, true);
    rtp_ts_ += rtp_step;
    return out;
  }
  bytes next_picture() { return picture(pictures_++ % 24 == 0); }

  /// A sender report without usable times, interleaved.
  static bytes control_packet() {
    bytes out{'$', 1, 0, 28, 0x80, 200, 0, 6, 0, 0, 0, 1};
    out.resize(32, 0);
    return out;
  }

  static constexpr std::uint32_t frames_per_s = 12;
  std::uint32_t rtp_step = 90'000 / frames_per_s;  ///< RTP time from picture to picture
  bool is_playing = false;
  bool is_by_udp = false;            ///< what SETUP asked for
  std::vector<std::string> methods;  ///< of the requests, in order
  bool saw_teardown = false;
  int reports = 0;
  int requests = 0;

 private:
  static void append(bytes& out, const std::string& text) {
    out.insert(out.end(), text.begin(), text.end());
  }

  void packet(bytes& out, const bytes& nal, bool marker) {
    const std::size_t length = 12 + nal.size();
    const bytes head{'$',
                     0,
                     static_cast<std::uint8_t>(length >> 8),
                     static_cast<std::uint8_t>(length),
                     0x80,
                     static_cast<std::uint8_t>(marker ? 0xe0 : 0x60),
                     static_cast<std::uint8_t>(sequence_ >> 8),
                     static_cast<std::uint8_t>(sequence_),
                     static_cast<std::uint8_t>(rtp_ts_ >> 24),
                     static_cast<std::uint8_t>(rtp_ts_ >> 16),
                     static_cast<std::uint8_t>(rtp_ts_ >> 8),
                     static_cast<std::uint8_t>(rtp_ts_),
                     0,
                     0,
                     0,
                     1};
    ++sequence_;
    out.insert(out.end(), head.begin(), head.end());
    out.insert(out.end(), nal.begin(), nal.end());
  }

  static std::string header(const std::string& request, std::string_view name) {
    const auto at = request.find("\r\n" + std::string{name} + ": ");
    if (at == std::string::npos) return {};
    const auto from = at + 4 + name.size();
    return request.substr(from, request.find("\r\n", from) - from);
  }

  std::string answer(const std::string& request) {
    ++requests;
    const std::string method = request.substr(0, request.find(' '));
    methods.push_back(method);
    const std::string cseq = "CSeq: " + header(request, "CSeq") + "\r\n";
    const bool has_digest = !header(request, "Authorization").empty();
    if (method != "OPTIONS" && (wrong_password || (asks_for_digest && !has_digest)))
      return "RTSP/1.0 401 Unauthorized\r\n" + cseq +
             "WWW-Authenticate: Digest realm=\"cam\", nonce=\"5f3a\"\r\n\r\n";
    const std::string ok = "RTSP/1.0 200 OK\r\n" + cseq;
    if (method == "OPTIONS")
      return ok + "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER\r\n\r\n";
    if (method == "DESCRIBE") {
      const std::string sdp =
          "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=cam\r\nt=0 0\r\na=tool:" + tool +
          "\r\nm=video 0 RTP/AVP 96\r\n"
          "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:track1\r\n";
      return ok + "Content-Type: application/sdp\r\nContent-Length: " + std::to_string(sdp.size()) +
             "\r\n\r\n" + sdp;
    }
    if (method == "SETUP") is_by_udp = request.find("client_port=") != std::string::npos;
    if (method == "SETUP" && is_by_udp && server_port != 0) {
      const auto transport = header(request, "Transport");
      const auto at = transport.find("client_port=");
      client_port = static_cast<std::uint16_t>(std::stoi(transport.substr(at + 12)));
      return ok + "Session: 77;timeout=60\r\nTransport: " + transport +
             ";server_port=" + std::to_string(server_port) + "-" + std::to_string(server_port + 1) +
             "\r\n\r\n";
    }
    if (method == "SETUP" && is_by_udp && !does_udp)
      return "RTSP/1.0 461 Unsupported Transport\r\n" + cseq + "\r\n";
    if (method == "SETUP" && is_by_udp)
      return ok + "Session: 77\r\nTransport: RTP/AVP;unicast;server_port=6970-6971\r\n\r\n";
    if (method == "SETUP")
      return ok +
             "Session: 77;timeout=60\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n";
    if (method == "PLAY") is_playing = true;
    if (method == "TEARDOWN") {
      is_playing = false;
      saw_teardown = true;
    }
    return ok + "Session: 77\r\n\r\n";
  }

  std::string pending_;
  std::uint16_t sequence_ = 1;
  std::uint32_t rtp_ts_ = 0;
  std::uint64_t pictures_ = 0;
};

}  // namespace vigie::test
