// SPDX-License-Identifier: Apache-2.0
#include "rtsp/headers.hpp"

#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// One header value given to every reader: what they return stays in bounds and in the text.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const auto text = text_of(own);
  rtsp::quirk_counters counters;
  if (const auto transport = rtsp::parse_transport(text, counters))
    require(transport->rtp_channel != transport->rtcp_channel, "two channels are two");
  rtsp::parse_server_ports(text);
  if (const auto session = rtsp::parse_session(text, counters)) {
    require(!session->id.empty() && session->id.size() <= 256, "an id has 1 to 256 characters");
    require(session->timeout > std::chrono::seconds{0}, "a session lives");
    require(text.find(session->id) != text.npos, "an id is as written");
  }
  rtsp::parse_public(text);
  const auto streams = rtsp::parse_rtp_info(text);
  require(streams.size() <= 16, "at most 16 streams");
  for (const auto piece : rtsp::split_list(text, ',')) {
    require(!piece.empty(), "no empty piece");
    require(piece.data() >= text.data() && piece.data() + piece.size() <= text.data() + text.size(),
            "a piece lies in the text");
  }
}

std::vector<std::string> seeds() {
  return {"RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=0BADCAFE",
          "RTP/AVP;unicast;client_port=50000-50001;server_port=6970-6971", "4711;timeout=60",
          "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, SET_PARAMETER",
          "url=rtsp://a/track1;seq=17;rtptime=4294967295,url=\"rtsp://a/2\";seq=65536"};
}

const registration self{{"rtsp_headers",
                         run,
                         seeds,
                         {"interleaved=", "ssrc=", "timeout=", "server_port=", "url=", ";seq=",
                          ";rtptime=", "\"", ",", "4294967296", "18446744073709551616"}}};

}  // namespace
