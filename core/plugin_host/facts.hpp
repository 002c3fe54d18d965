// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "plugin_host/fault.hpp"
#include "plugin_host/manifest.hpp"

// What goes to plugins and comes back from them, in the core's own words. Constants are those of
// the SDK's headers.
namespace vigie::plugin_host {

enum class isolation : std::uint8_t {
  child = 1,   ///< a process of its own, sandboxed
  in_process,  ///< inside `vigie`: a deliberate choice of the centre; see README.md for what it
               ///< loses
};

/// One plugin of the configuration.
struct plugin_setup {
  std::string id;
  std::filesystem::path folder;  ///< holds plugin.toml and the library
  plugin_host::isolation isolation = plugin_host::isolation::child;
  std::string config_json = "{}";
  /// Hosts ("10.0.0.7", "gateway.example") of the recipients in the configuration: what the network
  /// permission `recipient` reaches.
  std::vector<std::string> recipient_hosts;
};

/// One camera for a protocol or analytics plugin.
struct camera_setup {
  camera_id camera;
  std::string address;  ///< without credentials; protocol only
  std::string username;
  secret password;
  std::string options_json = "{}";
};

/// Where a camera's video is.
struct stream_place {
  bool is_pushed = false;  ///< the plugin brings packets itself after `open_stream`
  std::string url;         ///< rtsp://…, without credentials; empty when pushed
};

struct discovered_device {
  std::string address, name, hardware;
};

struct device_facts {
  std::string manufacturer, model, firmware, serial;
};

struct ptz_preset {
  std::string token, name;
};

/// A polygon the device itself blanks; points in thousandths of width and height.
struct privacy_mask {
  std::string token;                  ///< empty: to be created
  std::vector<std::uint16_t> points;  ///< x0, y0, x1, y1 …; 3 to 16 points
};

/// One coded picture a protocol plugin brought (see sdk packet.h). Checked: size, codec, time line.
struct pushed_packet {
  std::int32_t codec = 0;
  bool is_key = false;
  bool after_loss = false;
  std::uint32_t stream_generation = 0;
  std::int64_t media_pts_us = 0;
  utc_us capture_utc_us = 0;
  std::vector<std::uint8_t> parameters;
  std::vector<std::uint8_t> data;
};

struct device_event {
  std::int32_t type = 0;  ///< VIGIE_DEVICE_…
  utc_us at = 0;
  std::int32_t active = 0;  ///< 1: began, 0: ended, -1: an instant
  std::uint32_t channel = 0;
};

struct detection {
  std::int32_t event_type = 0;  ///< VIGIE_EVENT_…, one the manifest declares
  std::uint64_t frame = 0;
  utc_us at = 0;
  std::int32_t active = 0;
  std::uint32_t count = 0;
  double score = 0;
  std::uint16_t left = 0, top = 0, right = 0, bottom = 0;
};

/// A decoded picture for an analytics plugin: planes one after the other without padding, chroma at
/// half size rounded up. Shared and never changed.
struct picture {
  std::int32_t pixel_format = 0;  ///< VIGIE_PIXEL_…
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  utc_us capture_utc_us = 0;
  byte_view pixels;
  std::shared_ptr<const void> owner;  ///< keeps `pixels` alive
};
/// Bytes of all planes; 0 for a format or size that is none. At most 4096×4096. [thread-safe]
std::size_t picture_bytes(std::int32_t pixel_format, std::uint32_t width,
                          std::uint32_t height) noexcept;

/// rtsp:// or rtsps://, without blanks and without credentials. [thread-safe]
bool is_stream_url(std::string_view url) noexcept;

/// What an analytics plugin asks for.
struct frame_wish {
  std::int32_t pixel_format = 0;
  std::uint32_t width = 0;  ///< 0: as it comes
  std::uint32_t height = 0;
  std::chrono::milliseconds interval{0};
};

/// An approved notification (see sdk notifier.h).
struct notification {
  std::int32_t status = 0;  ///< VIGIE_NOTIFY_…
  std::string key, recipient, incident, event, headline, description, instruction, commune_insee,
      place, camera, operator_id;
  utc_us at = 0;
  std::int32_t priority = 0;
  std::int32_t latitude_microdeg = 0, longitude_microdeg = 0;
  std::uint32_t attempt = 1;
};

struct delivery_report {
  std::int32_t outcome = 0;  ///< VIGIE_DELIVERY_…
  std::string key, recipient, reference, text;
  utc_us at = 0;
};

/// How long a call may take before its plugin counts as hung.
struct call_deadlines {
  std::chrono::milliseconds load{5000};     ///< dlopen, init and start together
  std::chrono::milliseconds control{800};   ///< attach, detach, open_stream, close_stream
  std::chrono::milliseconds frame{800};     ///< on_frame
  std::chrono::milliseconds device{10000};  ///< calls that ask a device or a recipient
  std::chrono::milliseconds stop{1000};     ///< stop and destroy together
};

}  // namespace vigie::plugin_host
