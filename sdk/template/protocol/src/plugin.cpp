// SPDX-License-Identifier: Apache-2.0
// {{name}}: says where the video of a camera is.
#include <vigie/sdk.hpp>

#include <map>
#include <string>

namespace sdk = vigie::sdk;

namespace {

class {{name}}_plugin final : public sdk::protocol_plugin {
public:
  void attach(const sdk::camera& camera) override {
    if (camera.address.empty())
      throw sdk::failure(sdk::status::invalid, "camera " + camera.id + " has no address");
    cameras_[camera.handle] = camera;
  }

  void detach(sdk::camera_handle camera) override { cameras_.erase(camera); }

  // Here a device would be asked over its own protocol. This one knows: "http://192.0.2.10" streams
  // at rtsp://192.0.2.10/main; an rtsp:// address is taken as it is. The centre pulls the stream
  // with the camera's own user name and password.
  sdk::stream resolve_stream(sdk::camera_handle camera) override {
    const std::string& address = cameras_.at(camera).address;
    const std::string http = "http://";
    if (address.rfind(http, 0) != 0) return sdk::stream::rtsp(address);
    std::string host = address.substr(http.size());
    host.erase(std::min(host.find('/'), host.size()));
    return sdk::stream::rtsp("rtsp://" + host + "/main");
  }

private:
  std::map<sdk::camera_handle, sdk::camera> cameras_;
};

}  // namespace

VIGIE_PLUGIN({{name}}_plugin, "org.example.{{name}}", "{{name}}", "Example", "0.1.0");
