// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vigie/cpp/plugin.hpp"

#include <array>
#include <functional>

#pragma GCC visibility push(hidden)
namespace vigie::sdk {

// Optional abilities of a protocol plugin: derive from protocol_plugin and from those the devices
// have; the host finds them by itself. Handles are attached cameras. All [worker & started].

struct device_info {
  std::string manufacturer;
  std::string model;
  std::string firmware;
  std::string serial;
};

class device_info_ability {
 public:
  virtual ~device_info_ability() = default;
  virtual device_info get_device_info(camera_handle camera) = 0;
};

struct ptz_preset {
  std::string token;
  std::string name;
};

class ptz_ability {
 public:
  virtual ~ptz_ability() = default;
  /// Speeds -1..1; stops by itself after `timeout`.
  virtual void ptz_move(camera_handle camera, double pan, double tilt, double zoom,
                        std::chrono::milliseconds timeout) = 0;
  virtual void ptz_stop(camera_handle camera) = 0;
  virtual std::vector<ptz_preset> ptz_presets(camera_handle camera) = 0;
  virtual void ptz_go_to_preset(camera_handle camera, std::string_view token) = 0;
};

class device_clock_ability {
 public:
  virtual ~device_clock_ability() = default;
  /// The device's own UTC at the middle of the exchange.
  virtual utc_time get_device_clock(camera_handle camera) = 0;
};

/// A polygon the device itself blanks; points in thousandths from the top left, 3 to 16 of them.
struct privacy_mask {
  std::string token;  ///< empty: to be created
  std::vector<std::array<uint16_t, 2>> points;
};

class privacy_masks_ability {
 public:
  virtual ~privacy_masks_ability() = default;
  virtual std::vector<privacy_mask> privacy_masks(camera_handle camera) = 0;
  /// Creates or changes it; returns the device's token.
  virtual std::string set_privacy_mask(camera_handle camera, const privacy_mask& mask) = 0;
};

}  // namespace vigie::sdk
#pragma GCC visibility pop
