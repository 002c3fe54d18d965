// SPDX-License-Identifier: Apache-2.0
#include "rtsp/client_session.hpp"

#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Keeps what the session does in order: nothing after the end, no secret in the clear, all media
/// within their bounds.
class listener : public rtsp::session_events {
 public:
  std::size_t requests = 0;
  std::string last_sent;
  bool is_closed = false;
  bool wants_udp = false;
  std::optional<rtsp::url> redirected;

 private:
  void on_send(byte_view bytes) override {
    require(!is_closed, "nothing is sent after the end");
    require(!has_password(text_of(bytes)), "no password on the wire");
    last_sent = text_of(bytes);
    ++requests;
  }
  std::optional<rtsp::datagram_ports> on_open_datagrams() override {
    if (!wants_udp) return std::nullopt;
    return rtsp::datagram_ports{50'000, 50'001};
  }
  void on_track(const rtsp::video_track&) override {
    require(!is_closed, "no track after the end");
  }
  void on_rtp(byte_view packet) override {
    require(!is_closed && packet.size() >= 12 && packet.size() <= 65'535, "RTP in its bounds");
  }
  void on_rtcp(byte_view packet) override {
    require(!is_closed && packet.size() <= 65'535, "RTCP in its bounds");
  }
  void on_authenticated() override {}
  void on_playing(const rtsp::video_track&) override {}
  void on_redirect(const rtsp::url& target) override { redirected = target; }
  void on_closed(const std::optional<error>& reason) override {
    require(!is_closed, "a session ends once");
    if (reason) require(!has_password(reason->detail), "no password in an error");
    is_closed = true;
  }
};

/// The value of CSeq in what was sent last: hostile replies carry it, so that they are believed.
std::string cseq_of(const std::string& sent) {
  const auto at = sent.rfind("CSeq: ");
  return at == sent.npos ? "1" : sent.substr(at + 6, sent.find('\r', at) - at - 6);
}

/// A camera that answers each request with what the input says: '%' stands for the CSeq asked for.
void run(byte_view bytes) {
  if (has_password(text_of(bytes))) return;
  input in{bytes};
  const auto control = in.u8();
  rtsp::session_options options;
  options.target = rtsp::parse_url("rtsp://127.1.0.1:8554/stream").value();
  options.username = "operator";
  options.password = secret{std::string{password}};
  if ((control & 1) != 0) options.policies.transport = rtsp::transport_policy::udp;
  if ((control & 2) != 0) options.policies.resync = rtsp::resync_policy::refuse;
  if ((control & 4) != 0) options.policies.trust_described_host = true;
  listener heard;
  heard.wants_udp = (control & 8) != 0;
  seeded_random random{control};
  rtsp::client_session session{options, heard, random};
  mono_ns now = 1'000'000'000;
  session.on_connected(now);
  for (const auto part : packets_of(in)) {
    std::string said;
    for (const char c : text_of(part))
      if (c == '%')
        said += cseq_of(heard.last_sent);
      else
        said += c;
    for (const auto piece : pieces_of(bytes_of(said), control)) {
      const auto own = copy_of(piece);
      session.on_bytes(own, now);
    }
    if (heard.wants_udp) {
      const auto own = copy_of(part);
      session.on_datagram({rtsp::datagram_channel::rtp, true, 6970, own});
      session.on_datagram({rtsp::datagram_channel::rtcp, false, 6971, own});
    }
    if (heard.redirected) {
      heard.redirected.reset();
      session.on_connected(now);
    }
    require(session.buffered_bytes() <= 512 * 1024, "memory is bounded");
    now += 700'000'000;
    session.on_tick(now);
  }
  session.begin_teardown(now);
  for (int i = 0; i < 64 && !heard.is_closed; ++i) {
    const auto deadline = session.next_deadline();
    require(deadline.has_value(), "a session that has not ended knows when to look again");
    now = std::max(now, *deadline);
    session.on_tick(now);
  }
  require(heard.is_closed, "a teardown ends the session, whatever the camera does");
}

std::string talk(char control, const std::vector<std::string>& said) {
  return control + in_packets(said);
}

std::vector<std::string> seeds() {
  const std::string ok = "RTSP/1.0 200 OK\r\nCSeq: %\r\n";
  const std::string sdp =
      "v=0\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 "
      "packetization-mode=1;sprop-parameter-sets=Z0LAHtk=,aM48gA==\r\na=control:track1\r\n";
  const auto options = ok + "Public: DESCRIBE, SETUP, PLAY, GET_PARAMETER\r\n\r\n";
  const auto describe = ok + "Content-Base: rtsp://127.1.0.1:8554/stream/\r\nContent-Length: " +
                        std::to_string(sdp.size()) + "\r\n\r\n" + sdp;
  const auto setup =
      ok + "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 4711;timeout=60\r\n\r\n";
  const auto setup_udp = ok +
                         "Transport: RTP/AVP;unicast;client_port=50000-50001;server_port=6970-6971"
                         "\r\nSession: 4711;timeout=2\r\n\r\n";
  const auto play = ok + "Session: 4711\r\nRTP-Info: url=track1;seq=1;rtptime=0\r\n\r\n";
  const std::string frame{"$\0\0\x0e\x80\x60\0\1\0\0\0\1\x0b\xad\xca\xfe\x65\x88", 18};
  const std::string challenge =
      "RTSP/1.0 401 Unauthorized\r\nCSeq: %\r\nWWW-Authenticate: Digest realm=\"c\", "
      "nonce=\"n\"\r\n\r\n";
  const std::string moved =
      "RTSP/1.0 302 Moved\r\nCSeq: %\r\nLocation: rtsp://127.1.0.1:8555/b\r\n\r\n";
  return {talk(0, {options, describe, setup, play, frame + frame, "oops" + frame, options}),
          talk(0, {challenge, options, challenge, describe, setup, play}),
          talk(9, {options, describe, setup_udp, play, frame}),
          talk(2, {moved, options, describe, setup, frame + play}),
          talk(0, {"OPTIONS * RTSP/1.0\r\nCSeq: 9\r\n\r\n" + options, describe, setup,
                   "RTSP/1.0 454 Session Not Found\r\nCSeq: %\r\n\r\n"})};
}

const registration self{
    {"client_session",
     run,
     seeds,
     {"RTSP/1.0 200 OK\r\nCSeq: %\r\n", "RTSP/1.0 401 Unauthorized\r\n", "\r\n\r\n",
      "Transport: ", "interleaved=", "Session: ", "Location: rtsp://",
      "Content-Length: ", "WWW-Authenticate: Digest ", "ANNOUNCE ", "$", "%"}}};

}  // namespace
