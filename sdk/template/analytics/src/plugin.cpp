// SPDX-License-Identifier: Apache-2.0
// {{name}}: signals when a camera's picture turns black, and when it comes back.
#include <vigie/sdk.hpp>

#include <map>

namespace sdk = vigie::sdk;

namespace {

class {{name}}_plugin final : public sdk::analytics_plugin {
public:
  // A small grey picture every two seconds is enough.
  sdk::wishes wishes() const override {
    return {sdk::analytics_class::technical, sdk::pixel_format::gray8, 160, 90,
            std::chrono::seconds{2}};
  }

  void attach(const sdk::analytics_camera& camera) override { is_black_[camera.handle] = false; }
  void detach(sdk::camera_handle camera) override { is_black_.erase(camera); }

  void on_frame(const sdk::frame& frame) override {
    uint64_t sum = 0;
    for (uint32_t y = 0; y < frame.height(); ++y)
      for (const uint8_t luma : frame.line(y)) sum += luma;
    const double mean = static_cast<double>(sum) / (frame.width() * frame.height());

    bool& is_black = is_black_[frame.camera()];
    // Two thresholds, so that a picture between them does not begin and end all the time.
    const bool is_now = is_black ? mean < 32 : mean < 24;
    if (is_now == is_black) return;
    is_black = is_now;

    sdk::detection found;
    found.type = sdk::event_type::picture_black;
    found.camera = frame.camera();
    found.frame = frame.id();
    found.at = frame.capture();
    found.phase = is_black ? sdk::phase::began : sdk::phase::ended;
    found.score = 1.0 - mean / 255.0;
    if (emit(found) != sdk::status::ok) log(sdk::severity::warning, "the host took no detection");
  }

private:
  std::map<sdk::camera_handle, bool> is_black_;
};

}  // namespace

VIGIE_PLUGIN({{name}}_plugin, "org.example.{{name}}", "{{name}}", "Example", "0.1.0");
