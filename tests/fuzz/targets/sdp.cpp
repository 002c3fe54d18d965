// SPDX-License-Identifier: Apache-2.0
#include "rtsp/sdp.hpp"

#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Any description: what is found is in bounds, and lines behind it that mean nothing change
/// nothing.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const std::string text{text_of(own)};
  rtsp::quirk_counters counters;
  const auto found = rtsp::parse_sdp(text, counters);
  if (!found) return;
  require(found->tool.size() <= 128, "a tool's name has at most 128 characters");
  for (const char c : found->tool) require(c >= 0x20 && c < 0x7f, "a tool's name is printable");
  require(found->video.payload_type < 128, "a payload type has 7 bits");
  require(found->video.clock_rate_hz > 0, "a clock runs");
  std::size_t bytes_of_sets = 0;
  for (const auto& set : found->video.parameter_sets) {
    require(!set.empty(), "no empty parameter set");
    bytes_of_sets += set.size();
  }
  require(bytes_of_sets <= text.size(), "parameter sets are no longer than their text");
  if (text.size() > 200'000) return;
  rtsp::quirk_counters more_counters;
  const auto more = rtsp::parse_sdp(text + "\r\nb=AS:1\r\nz=0\r\n", more_counters);
  require(more && more->video.control == found->video.control &&
              more->video.payload_type == found->video.payload_type &&
              more->video.parameter_sets == found->video.parameter_sets,
          "meaningless lines mean nothing");
}

std::vector<std::string> seeds() {
  return {
      "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=x\r\na=tool:cam 1\r\na=control:*\r\nm=audio 0 RTP/AVP "
      "8\r\na=control:track0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 "
      "packetization-mode=1;profile-level-id=42C01E;sprop-parameter-sets=Z0LAHtk=,aM48gA==\r\n"
      "a=control:track1\r\n",
      "m=video 0 RTP/AVP 98\na=rtpmap:98 H265/90000\na=fmtp:98 sprop-vps=QAEMAf//;sprop-sps="
      "QgEBAWAAAAM=;sprop-pps=RAHA;sprop-max-don-diff=2\na=control:rtsp://x/trackID=2\n",
      "m=video 0 RTP/AVP 26\n", "v=0\n"};
}

const registration self{{"sdp",
                         run,
                         seeds,
                         {"m=video 0 RTP/AVP 96\r\n", "a=rtpmap:", "H264/90000", "H265/90000",
                          "a=fmtp:", "sprop-parameter-sets=", "sprop-vps=", "a=control:",
                          "packetization-mode=", "m=", "a=tool:"}}};

}  // namespace
