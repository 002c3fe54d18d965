// SPDX-License-Identifier: Apache-2.0
#include "fuzz/target.hpp"
#include "plugin_host/facts.hpp"
#include "plugin_host/network_policy.hpp"
#include "rtsp/address.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Every reader of a camera's address over the same text: what the plugin takes the session can
/// dial, and nobody takes credentials.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const auto text = text_of(own);
  const auto rtsp_complaint = rtsp_plugin::complaint_about(text);
  const auto before_path = [](std::string_view url) {
    const auto rest = url.substr(std::min(url.size(), url.find("://") + 3));
    return rest.substr(0, rest.find_first_of("/?#"));
  };
  if (rtsp_complaint.empty()) {
    require(text.size() <= 511, "an address has at most 511 bytes");
    require(before_path(text).find('@') == text.npos, "no credentials in an address");
  }
  plugin_host::is_stream_url(text);
  require(plugin_host::host_of(text).size() <= text.size(), "a host is of the address");
  for (const auto& server : plugin_host::name_servers_of(text))
    require(!server.empty() && text.find(server) != text.npos,
            "name servers are words of the text");
}

std::vector<std::string> seeds() {
  return {"rtsp://192.168.1.64:554/Streaming/Channels/101",
          "rtsps://camera.example/a?b=c",
          "https://camera/stream.m3u8",
          "file:///srv/clip.mp4",
          "rtsp://u:p@h/",
          "http://[fe80::1]:8080/x",
          "nameserver 10.0.0.1\n# x\nnameserver ::1\n"};
}

const registration self{
    {"camera_addresses",
     run,
     seeds,
     {"rtsp://", "http://", "file://", "@", ":65536", "[", "]", "nameserver ", "%", "?"}}};

}  // namespace
