// SPDX-License-Identifier: Apache-2.0
// An analysis that looks at every pixel and does nothing else: what is left is the cost of showing.
#include <vigie/sdk.hpp>

namespace sdk = vigie::sdk;

namespace {

class every_pixel final : public sdk::analytics_plugin {
 public:
  sdk::wishes wishes() const override {
    return {sdk::analytics_class::technical, sdk::pixel_format::gray8, 640, 360,
            std::chrono::seconds{1}};
  }
  void on_frame(const sdk::frame& frame) override {
    unsigned sum = 0;
    for (std::uint32_t y = 0; y < frame.height(); ++y)
      for (std::uint32_t x = 0; x < frame.width(); ++x) sum += frame.line(y)[x];
    if (sum == 0) throw sdk::failure(sdk::status::invalid, "an empty picture");
  }
};

}  // namespace

VIGIE_PLUGIN(every_pixel, "test.every_pixel", "Every pixel", "Vigie", "1.0.0");
