// SPDX-License-Identifier: Apache-2.0
#include "onvif/addresses.hpp"

#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Addresses as a device tells them: a hostile one does not send us to another host, nor down to
/// plain http, and no credentials stay in.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const std::string text{text_of(own)};
  if (const auto service = onvif::device_service(text)) {
    require(service->starts_with("http://") || service->starts_with("https://"), "http or https");
    require(onvif::device_service(*service).has_value(), "a service address is one again");
  }
  constexpr std::string_view device = "https://10.0.0.1:8443/onvif/device_service";
  if (const auto told = onvif::on_device_host(text, device, false))
    require(told->starts_with("https://10.0.0.1:") || told->starts_with("https://10.0.0.1/") ||
                told->starts_with("https://10.0.0.1?") || *told == "https://10.0.0.1",
            "on the device's host");
  if (const auto stream = onvif::stream_on_device_host(text, device, false)) {
    require(stream->size() < 512, "a stream address fits its field");
    const auto host = stream->substr(stream->find("://") + 3);
    require(
        host.starts_with("10.0.0.1") && host.substr(8, 1).find_first_not_of(":/?#") == host.npos,
        "a stream is on the device's host, without credentials");
  }
}

std::vector<std::string> seeds() {
  return {"http://192.168.1.10",
          "https://192.168.1.10:8443/onvif/media?x=1",
          "rtsp://u:p@192.168.1.64:554/Streaming/1",
          "rtsps://[::1]:322/a;b#c",
          "http://10.0.0.1@evil/",
          "file:///etc/passwd"};
}

const registration self{
    {"onvif_addresses",
     run,
     seeds,
     {"http://", "https://", "rtsp://", "@", ":", "#", "?", "[::1]", "%40", "\\"}}};

}  // namespace
