// SPDX-License-Identifier: Apache-2.0
#include "rtsp/url.hpp"

#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// A URL that was read is written and read again as itself, without credentials; so are the URLs
/// made from what a camera says of itself.
void is_stable(const rtsp::url& one, std::string_view what) {
  const auto text = one.to_text();
  const auto again = rtsp::parse_url(text);
  require(again && *again == one, what);
  require(text.find_first_of("\r\n") == text.npos, "a URL is one line");
}

void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const auto text = text_of(own);
  const auto first = text.find('\n');
  const auto line = text.substr(0, first);
  const auto other = first == text.npos ? std::string_view{} : text.substr(first + 1);
  if (const auto read = rtsp::parse_url(line)) is_stable(*read, "read, written, read");

  const auto request = rtsp::parse_url("rtsp://camera.example:8554/live?profile=1").value();
  rtsp::quirk_counters counters;
  const auto base = rtsp::resolve_base(line, other, request, {}, counters);
  is_stable(base, "a resolved base is a URL");
  is_stable(rtsp::join_control(base, other, {}, counters), "a joined control is a URL");
}

std::vector<std::string> seeds() {
  return {"rtsp://192.168.1.64:554/Streaming/Channels/101?transportmode=unicast\ntrackID=1",
          "rtsps://[fe80::1]/a\nrtsp://other/b",
          "rtsp://rtsp://camera/x\n*",
          "rtsp://fe80::1:2:3/a\n/abs?x",
          "/only/path\n?query",
          "rtsp://user:pw@host/\n"};
}

const registration self{{"rtsp_url",
                         run,
                         seeds,
                         {"rtsp://", "rtsps://", "[", "]", ":65535", ":65536", "@", "%0d%0a", "?",
                          "//", "*", "trackID="}}};

}  // namespace
