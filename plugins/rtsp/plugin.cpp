// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>
#include <vigie/sdk.hpp>

#include "address.hpp"

namespace vigie::rtsp_plugin {

/// A plain RTSP camera: its address is its stream, and the host's own ingest pulls it.
class rtsp_camera final : public sdk::protocol_plugin {
 public:
  void attach(const sdk::camera& camera) override {
    if (const std::string wrong = complaint_about(camera.address); !wrong.empty())
      throw sdk::failure{sdk::status::invalid, wrong};
    addresses_[camera.handle] = camera.address;
  }
  void detach(sdk::camera_handle camera) override { addresses_.erase(camera); }
  sdk::stream resolve_stream(sdk::camera_handle camera) override {
    return sdk::stream::rtsp(addresses_.at(camera));
  }

 private:
  std::map<sdk::camera_handle, std::string> addresses_;
};

}  // namespace vigie::rtsp_plugin

VIGIE_PLUGIN(vigie::rtsp_plugin::rtsp_camera, "fr.vigie.rtsp", "RTSP cameras", "Vigie", "1.0.0");
