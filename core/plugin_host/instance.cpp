// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/instance.hpp"

#include <vigie/sdk.h>

#include <cmath>
#include <cstring>
#include <tuple>

#include "plugin_host/abi_read.hpp"
#include "plugin_host/loader.hpp"

namespace vigie::plugin_host {
namespace {

constexpr std::size_t most_items = 1024;

vigie_str_t str(const std::string& text) { return {text.data(), text.size()}; }

/// A fixed, zero-terminated field the plugin filled; it may have forgotten the zero.
template <std::size_t Size>
std::string field(const char (&text)[Size]) {
  return printable({text, ::strnlen(text, Size)}, Size);
}

std::string text_of(vigie_str_t text) {
  if (text.data == nullptr || text.length > 4096) return {};
  return printable({text.data, static_cast<std::size_t>(text.length)}, 4096);
}

struct error_slot {
  vigie_error_t told{sizeof(vigie_error_t), 0, {}};
  answer with(std::int32_t status) {
    if (status > 0 || status < VIGIE_E_BUSY) status = VIGIE_E_INTERNAL;
    answer out;
    out.status = status;
    if (status != VIGIE_OK) out.text = field(told.text);
    return out;
  }
};

answer unsupported() { return {VIGIE_E_UNSUPPORTED, "the plugin does not do this", {}}; }

template <class Item, class Abi>
struct collector {
  std::vector<Item> items;
  Item (*convert)(const Abi&) = nullptr;
  static void found(void* context, const Abi* item) {
    auto& self = *static_cast<collector*>(context);
    const auto known = read_abi(item);
    if (!known || self.items.size() >= most_items) return;
    self.items.push_back(self.convert(*known));
  }
};

privacy_mask mask_of(const vigie_privacy_mask_t& from) {
  privacy_mask mask{field(from.token), {}};
  const auto points = std::min<std::uint32_t>(from.point_count, 16);
  mask.points.assign(from.points, from.points + std::size_t{points} * 2);
  return mask;
}

}  // namespace

struct instance::state {
  state(start_order given, const clock& clock_port, host_table::notice_sink notices)
      : order{std::move(given)},
        host{order.kind, order.events, clock_port, notices},
        sink{std::move(notices)} {}

  template <class Table>
  const Table* extension(const char* id) {
    const auto table = read_abi(static_cast<const Table*>(plugin->get_extension(plugin, id)));
    if (!table) return nullptr;
    return &(std::get<Table>(tables) = *table);
  }

  start_report bring_up();
  bool find_tables();

  // One overload per call; each checks what the plugin gives back.
  answer perform(const attach_call& c);
  answer perform(const detach_call& c);
  answer perform(const discover_call& c);
  answer perform(const resolve_call& c);
  answer perform(const open_call& c);
  answer perform(const close_call& c);
  answer perform(const describe_call& c);
  answer perform(const clock_call& c);
  answer perform(const ptz_move_call& c);
  answer perform(const ptz_stop_call& c);
  answer perform(const ptz_presets_call& c);
  answer perform(const ptz_go_to_call& c);
  answer perform(const list_masks_call& c);
  answer perform(const set_mask_call& c);
  answer perform(const deliver_call& c);
  answer perform(const probe_call& c);
  answer perform(const frame_call& c);

  start_order order;
  host_table host;
  host_table::notice_sink sink;
  const vigie_plugin_t* plugin = nullptr;
  bool started = false;
  bool broken = false;
  // Copies: in a table of an older SDK the functions it does not have are null.
  std::tuple<vigie_protocol_t, vigie_analytics_t, vigie_notifier_t, vigie_device_info_ext_t,
             vigie_ptz_t, vigie_device_clock_t, vigie_privacy_masks_t>
      tables{};
  const vigie_protocol_t* protocol = nullptr;
  const vigie_analytics_t* analytics = nullptr;
  const vigie_notifier_t* notifier = nullptr;
  const vigie_device_info_ext_t* info = nullptr;
  const vigie_ptz_t* ptz = nullptr;
  const vigie_device_clock_t* device_clock = nullptr;
  const vigie_privacy_masks_t* masks = nullptr;
};

bool instance::state::find_tables() {
  switch (order.kind) {
    case VIGIE_KIND_PROTOCOL:
      protocol = extension<vigie_protocol_t>(VIGIE_EXT_PROTOCOL);
      info = extension<vigie_device_info_ext_t>(VIGIE_EXT_DEVICE_INFO);
      ptz = extension<vigie_ptz_t>(VIGIE_EXT_PTZ);
      device_clock = extension<vigie_device_clock_t>(VIGIE_EXT_DEVICE_CLOCK);
      masks = extension<vigie_privacy_masks_t>(VIGIE_EXT_PRIVACY_MASKS);
      return protocol != nullptr && protocol->attach != nullptr && protocol->detach != nullptr &&
             protocol->resolve_stream != nullptr;
    case VIGIE_KIND_ANALYTICS:
      analytics = extension<vigie_analytics_t>(VIGIE_EXT_ANALYTICS);
      return analytics != nullptr && analytics->attach != nullptr && analytics->detach != nullptr &&
             analytics->on_frame != nullptr;
    case VIGIE_KIND_NOTIFIER:
      notifier = extension<vigie_notifier_t>(VIGIE_EXT_NOTIFIER);
      return notifier != nullptr && notifier->deliver != nullptr;
    default:
      return false;
  }
}

start_report instance::state::bring_up() {
  start_report report;
  const auto refuse = [&](std::int32_t status, std::string why) {
    report.status = status;
    report.text = std::move(why);
    return report;
  };
  const host_table::inside control{host, host_table::tag::control};
  const auto loaded = load_plugin(order.library, order.id, order.kind);
  if (!loaded) return refuse(VIGIE_E_INVALID, loaded.error().detail);
  plugin = loaded->factory->create(host.abi(), str(order.id));
  if (plugin == nullptr) return refuse(VIGIE_E_INTERNAL, "create returned null");
  if (plugin->size < sizeof(vigie_plugin_t) || plugin->init == nullptr ||
      plugin->start == nullptr || plugin->stop == nullptr || plugin->destroy == nullptr ||
      plugin->get_extension == nullptr) {
    plugin = nullptr;
    return refuse(VIGIE_E_INVALID, "the instance is incomplete");
  }
  host.allow_calls();
  error_slot slot;
  if (const auto said = slot.with(plugin->init(plugin, str(order.config_json), &slot.told));
      said.status != VIGIE_OK)
    return refuse(said.status, "init: " + said.text);
  if (!find_tables()) return refuse(VIGIE_E_INVALID, "it lacks the functions of its kind");
  if (const auto said = slot.with(plugin->start(plugin, &slot.told)); said.status != VIGIE_OK)
    return refuse(said.status, "start: " + said.text);
  started = true;
  if (analytics != nullptr) {
    report.has_wish = true;
    report.pixel_format =
        analytics->pixel_format == VIGIE_PIXEL_I420 ? VIGIE_PIXEL_I420 : VIGIE_PIXEL_GRAY8;
    report.width = std::min(analytics->width, 4096U);
    report.height = std::min(analytics->height, 4096U);
    report.interval_ms = analytics->interval_ms;
  }
  return report;
}

answer instance::state::perform(const attach_call& c) {
  error_slot slot;
  host.tell_screen([&](screen& s) { s.attached(c.camera); });
  answer out = unsupported();
  if (protocol != nullptr) {
    const vigie_camera_t camera{sizeof(vigie_camera_t),
                                0,
                                c.camera,
                                str(c.id),
                                str(c.address),
                                str(c.username),
                                str(c.password),
                                str(c.options_json)};
    out = slot.with(protocol->attach(plugin, &camera, &slot.told));
  } else if (analytics != nullptr) {
    const vigie_analytics_camera_t camera{sizeof(vigie_analytics_camera_t), 0, c.camera, str(c.id),
                                          str(c.options_json)};
    out = slot.with(analytics->attach(plugin, &camera, &slot.told));
  }
  if (out.status != VIGIE_OK) host.tell_screen([&](screen& s) { s.detached(c.camera); });
  return out;
}

answer instance::state::perform(const detach_call& c) {
  if (protocol != nullptr) protocol->detach(plugin, c.camera);
  if (analytics != nullptr) analytics->detach(plugin, c.camera);
  host.tell_screen([&](screen& s) { s.detached(c.camera); });
  return {};
}

answer instance::state::perform(const discover_call& c) {
  if (protocol == nullptr || protocol->discover == nullptr) return unsupported();
  collector<discovered_device, vigie_discovered_t> devices{
      {}, [](const vigie_discovered_t& d) {
        return discovered_device{text_of(d.address), text_of(d.name), text_of(d.hardware)};
      }};
  error_slot slot;
  auto out =
      slot.with(protocol->discover(plugin, c.budget_ms, &devices.found, &devices, &slot.told));
  out.value = std::move(devices.items);
  return out;
}

answer instance::state::perform(const resolve_call& c) {
  if (protocol == nullptr) return unsupported();
  vigie_stream_t stream{};
  stream.size = sizeof stream;
  error_slot slot;
  auto out = slot.with(protocol->resolve_stream(plugin, c.camera, &stream, &slot.told));
  if (out.status != VIGIE_OK) return out;
  const std::string url{stream.url, ::strnlen(stream.url, sizeof stream.url)};
  if (stream.transport == VIGIE_STREAM_PUSHED && url.empty() && protocol->open_stream != nullptr &&
      protocol->close_stream != nullptr)
    out.value = stream_place{true, {}};
  else if (stream.transport == VIGIE_STREAM_RTSP && is_stream_url(url))
    out.value = stream_place{false, url};
  else
    return {VIGIE_E_INVALID, "the plugin gave a stream that is no stream", {}};
  return out;
}

answer instance::state::perform(const open_call& c) {
  if (protocol == nullptr || protocol->open_stream == nullptr) return unsupported();
  error_slot slot;
  host.tell_screen([&](screen& s) { s.opened(c.camera); });
  auto out = slot.with(protocol->open_stream(plugin, c.camera, &slot.told));
  if (out.status != VIGIE_OK) host.tell_screen([&](screen& s) { s.closed(c.camera); });
  return out;
}

answer instance::state::perform(const close_call& c) {
  if (protocol == nullptr || protocol->close_stream == nullptr) return unsupported();
  protocol->close_stream(plugin, c.camera);
  host.tell_screen([&](screen& s) { s.closed(c.camera); });
  return {};
}

answer instance::state::perform(const describe_call& c) {
  if (info == nullptr || info->get == nullptr) return unsupported();
  vigie_device_info_t device{};
  device.size = sizeof device;
  error_slot slot;
  auto out = slot.with(info->get(plugin, c.camera, &device, &slot.told));
  out.value = device_facts{field(device.manufacturer), field(device.model), field(device.firmware),
                           field(device.serial)};
  return out;
}

answer instance::state::perform(const clock_call& c) {
  if (device_clock == nullptr || device_clock->get == nullptr) return unsupported();
  vigie_utc_us_t at = 0;
  error_slot slot;
  auto out = slot.with(device_clock->get(plugin, c.camera, &at, &slot.told));
  out.value = utc_us{at};
  return out;
}

answer instance::state::perform(const ptz_move_call& c) {
  if (ptz == nullptr || ptz->move == nullptr) return unsupported();
  error_slot slot;
  return slot.with(ptz->move(plugin, c.camera, c.pan, c.tilt, c.zoom, c.timeout_ms, &slot.told));
}

answer instance::state::perform(const ptz_stop_call& c) {
  if (ptz == nullptr || ptz->stop == nullptr) return unsupported();
  error_slot slot;
  return slot.with(ptz->stop(plugin, c.camera, &slot.told));
}

answer instance::state::perform(const ptz_presets_call& c) {
  if (ptz == nullptr || ptz->presets == nullptr) return unsupported();
  collector<ptz_preset, vigie_ptz_preset_t> presets{
      {}, [](const vigie_ptz_preset_t& p) {
        return ptz_preset{field(p.token), field(p.name)};
      }};
  error_slot slot;
  auto out = slot.with(ptz->presets(plugin, c.camera, &presets.found, &presets, &slot.told));
  out.value = std::move(presets.items);
  return out;
}

answer instance::state::perform(const ptz_go_to_call& c) {
  if (ptz == nullptr || ptz->go_to_preset == nullptr) return unsupported();
  error_slot slot;
  return slot.with(ptz->go_to_preset(plugin, c.camera, str(c.token), &slot.told));
}

answer instance::state::perform(const list_masks_call& c) {
  if (masks == nullptr || masks->list == nullptr) return unsupported();
  collector<privacy_mask, vigie_privacy_mask_t> found{{}, &mask_of};
  error_slot slot;
  auto out = slot.with(masks->list(plugin, c.camera, &found.found, &found, &slot.told));
  out.value = std::move(found.items);
  return out;
}

answer instance::state::perform(const set_mask_call& c) {
  if (masks == nullptr || masks->set == nullptr) return unsupported();
  const auto points = c.mask.points.size() / 2;
  vigie_privacy_mask_t mask{};
  if (points < 3 || points > 16 || c.mask.token.size() >= sizeof mask.token)
    return {VIGIE_E_INVALID, "a mask has 3 to 16 points", {}};
  mask.size = sizeof mask;
  mask.point_count = static_cast<std::uint32_t>(points);
  std::memcpy(mask.token, c.mask.token.data(), c.mask.token.size());
  std::copy_n(c.mask.points.begin(), points * 2, mask.points);
  error_slot slot;
  auto out = slot.with(masks->set(plugin, c.camera, &mask, &slot.told));
  out.value = mask_of(mask);
  return out;
}

answer instance::state::perform(const deliver_call& c) {
  if (notifier == nullptr) return unsupported();
  const auto& n = c.what;
  vigie_notification_t abi{};
  abi.size = sizeof abi;
  abi.status = n.status;
  abi.key = str(n.key);
  abi.recipient = str(n.recipient);
  abi.incident = str(n.incident);
  abi.event = str(n.event);
  abi.headline = str(n.headline);
  abi.description = str(n.description);
  abi.instruction = str(n.instruction);
  abi.commune_insee = str(n.commune_insee);
  abi.place = str(n.place);
  abi.camera = str(n.camera);
  abi.operator_id = str(n.operator_id);
  abi.at_utc_us = n.at;
  abi.priority = n.priority;
  abi.latitude_microdeg = n.latitude_microdeg;
  abi.longitude_microdeg = n.longitude_microdeg;
  abi.attempt = n.attempt;
  host.tell_screen([&](screen& s) { s.notification_given(n.key, n.recipient); });
  error_slot slot;
  return slot.with(notifier->deliver(plugin, &abi, &slot.told));
}

answer instance::state::perform(const probe_call& c) {
  if (notifier == nullptr || notifier->probe == nullptr) return unsupported();
  error_slot slot;
  return slot.with(notifier->probe(plugin, str(c.recipient), &slot.told));
}

answer instance::state::perform(const frame_call& c) {
  if (analytics == nullptr) return unsupported();
  error_slot slot;
  return slot.with(host.show_frame(c, [&](const vigie_frame_t& frame) {
    return analytics->on_frame(plugin, &frame, &slot.told);
  }));
}

instance::instance(start_order order, const clock& time, host_table::notice_sink sink)
    : state_{std::make_unique<state>(std::move(order), time, std::move(sink))} {}

instance::~instance() = default;

start_report instance::start() {
  try {
    return state_->bring_up();
  } catch (...) {
    state_->broken = true;
    start_report report;
    report.status = VIGIE_E_INTERNAL;
    report.text = "an exception crossed the ABI";
    return report;
  }
}

answer instance::perform(const call& what) {
  if (!state_->started || state_->broken) return {VIGIE_E_STATE, "not started", {}};
  const bool is_control =
      std::holds_alternative<attach_call>(what) || std::holds_alternative<detach_call>(what) ||
      std::holds_alternative<open_call>(what) || std::holds_alternative<close_call>(what);
  const host_table::inside inside{state_->host,
                                  is_control ? host_table::tag::control : host_table::tag::worker};
  try {
    return std::visit([this](const auto& c) { return state_->perform(c); }, what);
  } catch (...) {
    state_->broken = true;
    return {VIGIE_E_INTERNAL, "an exception crossed the ABI", {}};
  }
}

void instance::stop() {
  auto& s = *state_;
  if (s.plugin == nullptr || s.broken) return s.host.close();
  try {
    const host_table::inside control{s.host, host_table::tag::control};
    if (s.started) s.plugin->stop(s.plugin);
    s.host.close();
    s.plugin->destroy(s.plugin);
  } catch (...) {
    s.broken = true;
  }
  s.plugin = nullptr;
  s.started = false;
}

bool instance::is_broken() const noexcept { return state_->broken; }

}  // namespace vigie::plugin_host
