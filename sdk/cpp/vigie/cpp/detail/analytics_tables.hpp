// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vigie/cpp/analytics.hpp"
#include "vigie/cpp/detail/instance.hpp"

#pragma GCC visibility push(hidden)
namespace vigie::sdk {
namespace detail {

inline vigie_status_t analytics_attach(const vigie_plugin* self,
                                       const vigie_analytics_camera_t* raw,
                                       vigie_error_t* error) noexcept {
  return instance::call(self, error, instance::stage::started, [&](instance& i) {
    const auto from = read(raw);
    i.check_new(from.handle);
    i.object_as<analytics_plugin>().attach(
        {from.handle, std::string(view(from.id)), std::string(view(from.options_json))});
    i.added(from.handle);
  });
}

inline void analytics_detach(const vigie_plugin* self, uint64_t camera) noexcept {
  instance::quiet_call(self, [&](instance& i) { i.detach(camera); });
}

inline vigie_status_t analytics_on_frame(const vigie_plugin* self, const vigie_frame_t* raw,
                                         vigie_error_t* error) noexcept {
  return instance::call(self, error, instance::stage::started, [&](instance& i) {
    const frame picture(raw);
    i.check(picture.camera());
    i.object_as<analytics_plugin>().on_frame(picture);
  });
}

inline vigie_analytics_t analytics_table_of(const wishes& from) {
  vigie_analytics_t table{};
  table.size = sizeof(table);
  table.analytics_class = static_cast<int32_t>(from.analytics_class);
  table.pixel_format = static_cast<int32_t>(from.pixel_format);
  table.width = from.width;
  table.height = from.height;
  table.interval_ms = static_cast<uint32_t>(from.interval.count());
  table.attach = analytics_attach;
  table.detach = analytics_detach;
  table.on_frame = analytics_on_frame;
  return table;
}

inline constexpr kind_calls analytics_kind = {
    [](instance& self, std::string_view id) -> const void* {
      return id == VIGIE_EXT_ANALYTICS ? &self.analytics : nullptr;
    },
    [](instance& self) {
      self.analytics = analytics_table_of(self.object_as<analytics_plugin>().wishes());
    },
    [](instance& self, camera_handle camera, bool) {
      self.object_as<analytics_plugin>().detach(camera);
    }};

}  // namespace detail
}  // namespace vigie::sdk
#pragma GCC visibility pop
