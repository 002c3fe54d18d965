// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vigie/cpp/detail/instance.hpp"
#include "vigie/cpp/device.hpp"
#include "vigie/cpp/protocol.hpp"

#pragma GCC visibility push(hidden)
namespace vigie::sdk {
namespace detail {

/// The object's ability, or null when its class does not have it.
template <class Ability>
Ability* ability_of(instance& self) {
  return dynamic_cast<Ability*>(&self.object());
}

/// Runs `body(ability)` for an attached camera.
template <class Ability, class Body>
vigie_status_t device_call(const vigie_plugin* self, uint64_t camera, vigie_error_t* error,
                           Body body) noexcept {
  return instance::call(self, error, instance::stage::started, [&](instance& i) {
    i.check(camera);
    auto* ability = ability_of<Ability>(i);
    if (ability == nullptr) throw failure(status::unsupported, "not an ability of this plugin");
    body(*ability);
  });
}

inline constexpr vigie_device_info_ext_t device_info_table = {
    sizeof(vigie_device_info_ext_t), 0,
    [](const vigie_plugin* self, uint64_t camera, vigie_device_info_t* out, vigie_error_t* error) {
      return device_call<device_info_ability>(self, camera, error, [&](auto& device) {
        const device_info found = device.get_device_info(camera);
        vigie_device_info_t values{};
        copy_text(values.manufacturer, found.manufacturer);
        copy_text(values.model, found.model);
        copy_text(values.firmware, found.firmware);
        copy_text(values.serial, found.serial);
        fill(out, values);
      });
    }};

inline constexpr vigie_ptz_t ptz_table = {
    sizeof(vigie_ptz_t),
    0,
    [](const vigie_plugin* self, uint64_t camera, double pan, double tilt, double zoom,
       uint32_t timeout_ms, vigie_error_t* error) {
      return device_call<ptz_ability>(self, camera, error, [&](auto& device) {
        for (const double speed : {pan, tilt, zoom})
          if (!(speed >= -1 && speed <= 1)) throw failure(status::invalid, "a speed is not -1..1");
        device.ptz_move(camera, pan, tilt, zoom, std::chrono::milliseconds{timeout_ms});
      });
    },
    [](const vigie_plugin* self, uint64_t camera, vigie_error_t* error) {
      return device_call<ptz_ability>(self, camera, error,
                                      [&](auto& device) { device.ptz_stop(camera); });
    },
    [](const vigie_plugin* self, uint64_t camera, void (*found)(void*, const vigie_ptz_preset_t*),
       void* context, vigie_error_t* error) {
      return device_call<ptz_ability>(self, camera, error, [&](auto& device) {
        for (const ptz_preset& preset : device.ptz_presets(camera)) {
          vigie_ptz_preset_t values{};
          values.size = sizeof(values);
          copy_text(values.token, preset.token);
          copy_text(values.name, preset.name);
          // A shortened token would name another preset, or none.
          if (preset.token.size() < sizeof(values.token)) found(context, &values);
        }
      });
    },
    [](const vigie_plugin* self, uint64_t camera, vigie_str_t token, vigie_error_t* error) {
      return device_call<ptz_ability>(
          self, camera, error, [&](auto& device) { device.ptz_go_to_preset(camera, view(token)); });
    }};

inline constexpr vigie_device_clock_t device_clock_table = {
    sizeof(vigie_device_clock_t), 0,
    [](const vigie_plugin* self, uint64_t camera, vigie_utc_us_t* out, vigie_error_t* error) {
      return device_call<device_clock_ability>(self, camera, error, [&](auto& device) {
        *out = to_us(device.get_device_clock(camera));
      });
    }};

inline vigie_privacy_mask_t mask_to_abi(const privacy_mask& mask) {
  vigie_privacy_mask_t out{};
  out.size = sizeof(out);
  out.point_count = static_cast<uint32_t>(mask.points.size());
  copy_text(out.token, mask.token);
  for (size_t i = 0; i < mask.points.size() && i < 16; ++i) {
    out.points[2 * i] = mask.points[i][0];
    out.points[2 * i + 1] = mask.points[i][1];
  }
  return out;
}

inline privacy_mask mask_from_abi(const vigie_privacy_mask_t& from) {
  if (from.point_count < 3 || from.point_count > 16)
    throw failure(status::invalid, "a mask has 3 to 16 points");
  privacy_mask mask;
  mask.token.assign(from.token, strnlen(from.token, sizeof(from.token)));
  for (uint32_t i = 0; i < from.point_count; ++i) {
    if (from.points[2 * i] > 1000 || from.points[2 * i + 1] > 1000)
      throw failure(status::invalid, "a point outside of the picture");
    mask.points.push_back({from.points[2 * i], from.points[2 * i + 1]});
  }
  return mask;
}

inline constexpr vigie_privacy_masks_t privacy_masks_table = {
    sizeof(vigie_privacy_masks_t), 0,
    [](const vigie_plugin* self, uint64_t camera, void (*found)(void*, const vigie_privacy_mask_t*),
       void* context, vigie_error_t* error) {
      return device_call<privacy_masks_ability>(self, camera, error, [&](auto& device) {
        for (const privacy_mask& mask : device.privacy_masks(camera)) {
          const auto values = mask_to_abi(mask);
          if (mask.points.size() <= 16 && mask.token.size() < sizeof(values.token))
            found(context, &values);
        }
      });
    },
    [](const vigie_plugin* self, uint64_t camera, vigie_privacy_mask_t* mask,
       vigie_error_t* error) {
      return device_call<privacy_masks_ability>(self, camera, error, [&](auto& device) {
        auto values = read(mask);
        const std::string token = device.set_privacy_mask(camera, mask_from_abi(values));
        if (token.size() >= sizeof(values.token))
          throw failure(status::internal, "the mask is set, but its token is too long to return");
        copy_text(values.token, token);
        fill(mask, values);
      });
    }};

inline const void* device_table(instance& self, std::string_view id) {
  if (id == VIGIE_EXT_DEVICE_INFO && ability_of<device_info_ability>(self))
    return &device_info_table;
  if (id == VIGIE_EXT_PTZ && ability_of<ptz_ability>(self)) return &ptz_table;
  if (id == VIGIE_EXT_DEVICE_CLOCK && ability_of<device_clock_ability>(self))
    return &device_clock_table;
  if (id == VIGIE_EXT_PRIVACY_MASKS && ability_of<privacy_masks_ability>(self))
    return &privacy_masks_table;
  return nullptr;
}

}  // namespace detail
}  // namespace vigie::sdk
#pragma GCC visibility pop
