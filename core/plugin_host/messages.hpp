// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "plugin_host/facts.hpp"

// What is said between the host and one instance: calls down, answers and notices up. In process
// they are handed over as they are; to a child they travel packed (archive.hpp). Cameras have
// handles here: never 0, never used twice by one plugin.
namespace vigie::plugin_host {

// -- calls: each becomes one call of a plugin's function --------------------------------------

struct attach_call {
  std::uint64_t camera = 0;
  std::string id, address, username, password, options_json;
};
struct detach_call {
  std::uint64_t camera = 0;
};
struct discover_call {
  std::uint32_t budget_ms = 0;
};
struct resolve_call {
  std::uint64_t camera = 0;
};
struct open_call {
  std::uint64_t camera = 0;
};
struct close_call {
  std::uint64_t camera = 0;
};
struct describe_call {
  std::uint64_t camera = 0;
};
struct clock_call {
  std::uint64_t camera = 0;
};
struct ptz_move_call {
  std::uint64_t camera = 0;
  double pan = 0, tilt = 0, zoom = 0;
  std::uint32_t timeout_ms = 0;
};
struct ptz_stop_call {
  std::uint64_t camera = 0;
};
struct ptz_presets_call {
  std::uint64_t camera = 0;
};
struct ptz_go_to_call {
  std::uint64_t camera = 0;
  std::string token;
};
struct list_masks_call {
  std::uint64_t camera = 0;
};
struct set_mask_call {
  std::uint64_t camera = 0;
  privacy_mask mask;
};
struct deliver_call {
  notification what;
};
struct probe_call {
  std::string recipient;
};
/// Never packed: a child gets frames by slot (wire.hpp).
struct frame_call {
  std::uint64_t camera = 0;
  std::uint64_t id = 0;
  picture frame;
};

using call = std::variant<attach_call, detach_call, discover_call, resolve_call, open_call,
                          close_call, describe_call, clock_call, ptz_move_call, ptz_stop_call,
                          ptz_presets_call, ptz_go_to_call, list_masks_call, set_mask_call,
                          deliver_call, probe_call, frame_call>;

/// "attach", "on_frame", …: the plugin's function behind a call, for logs. [thread-safe]
std::string_view name_of(const call& c) noexcept;
std::chrono::milliseconds deadline_of(const call& c, const call_deadlines& deadlines) noexcept;

// -- answers ------------------------------------------------------------------------------------

struct answer {
  std::int32_t status = 0;  ///< VIGIE_OK or VIGIE_E_…
  std::string text;         ///< the plugin's error text, printable
  std::variant<std::monostate, stream_place, std::vector<discovered_device>, device_facts, utc_us,
               std::vector<ptz_preset>, std::vector<privacy_mask>, privacy_mask>
      value;
};

// -- notices: what an instance says on its own --------------------------------------------------

struct packet_notice {
  std::uint64_t camera = 0;
  pushed_packet packet;
};
struct ended_notice {
  std::uint64_t camera = 0;
  std::int32_t why = 0;
  std::string text;
};
struct device_event_notice {
  std::uint64_t camera = 0;
  device_event event;
};
struct detection_notice {
  std::uint64_t camera = 0;
  plugin_host::detection detection;
};
struct report_notice {
  delivery_report report;
};
struct log_notice {
  std::int32_t severity = 0;
  std::string text;
};
/// Something the instance did wrong, told where it was seen first.
struct offence_notice {
  std::uint8_t fault = 0;
  std::uint64_t camera = 0;  ///< 0: about none
  std::string text;
};

using notice = std::variant<packet_notice, ended_notice, device_event_notice, detection_notice,
                            report_notice, log_notice, offence_notice>;

// -- start ---------------------------------------------------------------------------------------

/// Everything an instance needs to come to life.
struct start_order {
  std::string library;  ///< absolute path, already checked against the manifest
  std::string id;
  std::uint8_t kind = 0;  ///< VIGIE_KIND_…
  std::vector<std::int32_t> events;
  std::string config_json;
  bool may_use_network = false;
  std::vector<std::string> files;
};

struct start_report {
  std::int32_t status = 0;
  std::string text;
  bool has_wish = false;
  std::int32_t pixel_format = 0;
  std::uint32_t width = 0, height = 0, interval_ms = 0;
};

}  // namespace vigie::plugin_host
