// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "vigie/sdk.hpp"
#include "zone_core.hpp"

namespace {

namespace sdk = vigie::sdk;
namespace zone = vigie::zone_intrusion;

/// Entry into a drawn zone in set hours (LEG-51: franchissement ou présence dans une zone
/// interdite). It signals to a human and founds nothing by itself (LEG-52); the centre shows it a
/// camera only on a legal basis in force (LEG-50).
class zone_intrusion_plugin final : public sdk::analytics_plugin {
 public:
  void init(std::string_view config_json) override {
    try {
      setups_ = zone::read_setups(config_json);
    } catch (const std::invalid_argument& wrong) {
      throw sdk::failure(sdk::status::invalid, wrong.what());
    }
  }

  sdk::wishes wishes() const override {
    return {sdk::analytics_class::security_event, sdk::pixel_format::gray8, 2 * zone::grid_width,
            2 * zone::grid_height, std::chrono::milliseconds{500}};
  }

  void attach(const sdk::analytics_camera& camera) override {
    const auto setup = setups_.find(camera.id);
    if (setup == setups_.end()) {
      log(sdk::severity::warning,
          "no zone is drawn for camera " + camera.id + ": it is not watched");
      watched_.emplace(camera.handle, std::nullopt);
      return;
    }
    watched_.emplace(camera.handle, zone::zone_core{setup->second});
  }
  void detach(sdk::camera_handle camera) override { watched_.erase(camera); }

  void on_frame(const sdk::frame& frame) override {
    if (frame.format() != sdk::pixel_format::gray8 && frame.format() != sdk::pixel_format::i420)
      throw sdk::failure(sdk::status::unsupported, "a picture without a plane of luma");
    const auto& luma = frame.raw()->planes[0];
    if (luma.data == nullptr || luma.lines < frame.height() || luma.stride < frame.width() ||
        frame.width() > 8192 || frame.height() > 8192)
      throw sdk::failure(sdk::status::invalid, "a picture that is not whole");
    if (frame.width() < 16 || frame.height() < 9)
      throw sdk::failure(sdk::status::unsupported, "a picture too small to hold a zone");
    auto& core = watched_.at(frame.camera());
    if (!core) return;
    const auto at =
        std::chrono::duration_cast<std::chrono::microseconds>(frame.capture().time_since_epoch());
    const auto change = core->observe(
        {luma.data, luma.stride, static_cast<int>(frame.width()), static_cast<int>(frame.height())},
        at.count());
    if (!change) return;
    sdk::detection found;
    found.type = sdk::event_type::forbidden_zone;
    found.camera = frame.camera();
    found.frame = frame.id();
    found.at = frame.capture();
    found.phase = change->is_entered ? sdk::phase::began : sdk::phase::ended;
    found.score = change->score;
    found.region = {
        static_cast<std::uint16_t>(change->left), static_cast<std::uint16_t>(change->top),
        static_cast<std::uint16_t>(change->right), static_cast<std::uint16_t>(change->bottom)};
    if (emit(found) != sdk::status::ok) log(sdk::severity::warning, "the host took no detection");
  }

 private:
  std::map<std::string, zone::zone_setup> setups_;
  std::map<sdk::camera_handle, std::optional<zone::zone_core>> watched_;
};

}  // namespace

VIGIE_PLUGIN(zone_intrusion_plugin, "fr.vigie.zone_intrusion", "Zone intrusion", "Vigie", "1.0.0");
