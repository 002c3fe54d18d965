// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "health_core.hpp"
#include "vigie/sdk.hpp"

namespace {

namespace sdk = vigie::sdk;
namespace health = vigie::camera_health;

sdk::event_type event_of(health::fault f) {
  switch (f) {
    case health::fault::black:
      return sdk::event_type::picture_black;
    case health::fault::frozen:
      return sdk::event_type::picture_frozen;
    case health::fault::blurred:
      return sdk::event_type::picture_blurred;
    case health::fault::covered:
      return sdk::event_type::picture_covered;
    case health::fault::moved:
      return sdk::event_type::camera_moved;
  }
  throw sdk::failure(sdk::status::internal, "a fault without an event");
}

/// Is the picture of each camera usable? Technical data only, nothing about persons (LEG-57).
class camera_health_plugin final : public sdk::analytics_plugin {
 public:
  void init(std::string_view config_json) override {
    for (const char c : config_json)
      if (std::string_view{"{} \t\r\n"}.find(c) == std::string_view::npos)
        throw sdk::failure(sdk::status::invalid, "camera_health takes no configuration");
  }

  sdk::wishes wishes() const override {
    return {sdk::analytics_class::technical, sdk::pixel_format::gray8, health::full_width,
            health::full_height, std::chrono::seconds{10}};
  }

  void attach(const sdk::analytics_camera& camera) override {
    cameras_[camera.handle] = health::health_core{};
  }
  void detach(sdk::camera_handle camera) override { cameras_.erase(camera); }

  void on_frame(const sdk::frame& frame) override {
    if (frame.format() != sdk::pixel_format::gray8 && frame.format() != sdk::pixel_format::i420)
      throw sdk::failure(sdk::status::unsupported, "a picture without a plane of luma");
    const auto& luma = frame.raw()->planes[0];
    if (luma.data == nullptr || luma.lines < frame.height() || luma.stride < frame.width() ||
        frame.width() > 8192 || frame.height() > 8192)
      throw sdk::failure(sdk::status::invalid, "a picture that is not whole");
    const auto at =
        std::chrono::duration_cast<std::chrono::microseconds>(frame.capture().time_since_epoch());
    const auto changes = cameras_.at(frame.camera())
                             .observe({luma.data, luma.stride, static_cast<int>(frame.width()),
                                       static_cast<int>(frame.height())},
                                      at.count());
    for (const auto& change : changes) {
      sdk::detection found;
      found.type = event_of(change.what);
      found.camera = frame.camera();
      found.frame = frame.id();
      found.at = frame.capture();
      found.phase = change.active ? sdk::phase::began : sdk::phase::ended;
      found.score = double{change.score};
      if (emit(found) != sdk::status::ok) log(sdk::severity::warning, "the host took no detection");
    }
  }

 private:
  std::map<sdk::camera_handle, health::health_core> cameras_;
};

}  // namespace

VIGIE_PLUGIN(camera_health_plugin, "fr.vigie.camera_health", "Camera health", "Vigie", "1.0.0");
