// SPDX-License-Identifier: Apache-2.0
// The harmless whole around a script: descriptor, factory, life cycle, the tables of all kinds.
#include "evil.hpp"

namespace {

using evil::plan;
using evil::w;

vigie_str_t text(const char* t) { return {t, std::strlen(t)}; }

template <class... Given>
void run(void (*deed)(Given...), Given... given) {
  if (deed != nullptr) deed(given...);
}

vigie_status_t attach_camera(const vigie_plugin_t*, const vigie_camera_t* camera, vigie_error_t*) {
  w.camera = camera->handle;
  run(plan.in_attach);
  return VIGIE_OK;
}
void detach(const vigie_plugin_t*, std::uint64_t) {}
vigie_status_t resolve(const vigie_plugin_t*, std::uint64_t, vigie_stream_t* out, vigie_error_t*) {
  run(plan.in_call);
  out->transport = VIGIE_STREAM_RTSP;
  std::strcpy(out->url, "rtsp://127.0.0.1:9/stream");
  return VIGIE_OK;
}
const vigie_protocol_t protocol{
    sizeof(vigie_protocol_t), 0, nullptr, attach_camera, detach, resolve, nullptr, nullptr};

vigie_status_t attach_view(const vigie_plugin_t*, const vigie_analytics_camera_t* camera,
                           vigie_error_t*) {
  w.camera = camera->handle;
  run(plan.in_attach);
  return VIGIE_OK;
}
vigie_status_t on_frame(const vigie_plugin_t*, const vigie_frame_t* frame, vigie_error_t*) {
  if (plan.in_frame != nullptr) plan.in_frame(*frame);
  return VIGIE_OK;
}
const vigie_analytics_t analytics{sizeof(vigie_analytics_t),
                                  VIGIE_CLASS_TECHNICAL,
                                  VIGIE_PIXEL_GRAY8,
                                  64,
                                  48,
                                  500,
                                  attach_view,
                                  detach,
                                  on_frame};

vigie_status_t deliver(const vigie_plugin_t*, const vigie_notification_t*, vigie_error_t*) {
  run(plan.in_call);
  return VIGIE_OK;
}
const vigie_notifier_t notifier{sizeof(vigie_notifier_t), 0, deliver, nullptr};

template <class Table>
void find(const Table*& table, const char* id) {
  table = static_cast<const Table*>(w.host->get_extension(w.host, id));
}
vigie_status_t init(const vigie_plugin_t*, vigie_str_t config, vigie_error_t*) {
  w.config.assign(config.data, config.length);
  find(w.log, VIGIE_EXT_LOG);
  find(w.packets, VIGIE_EXT_PACKET_SINK);
  find(w.events, VIGIE_EXT_DEVICE_EVENTS);
  find(w.detections, VIGIE_EXT_DETECTIONS);
  find(w.frames, VIGIE_EXT_FRAMES);
  find(w.delivery, VIGIE_EXT_DELIVERY);
  return plan.in_init != nullptr ? plan.in_init() : VIGIE_OK;
}
vigie_status_t start(const vigie_plugin_t*, vigie_error_t*) {
  run(plan.in_start);
  return VIGIE_OK;
}
void stop(const vigie_plugin_t*) { run(plan.in_stop); }
void destroy(const vigie_plugin_t*) { run(plan.in_destroy); }
const void* get_extension(const vigie_plugin_t*, const char* id) {
  if (EVIL_KIND == VIGIE_KIND_PROTOCOL && std::strcmp(id, VIGIE_EXT_PROTOCOL) == 0)
    return &protocol;
  if (EVIL_KIND == VIGIE_KIND_ANALYTICS && std::strcmp(id, VIGIE_EXT_ANALYTICS) == 0)
    return &analytics;
  if (EVIL_KIND == VIGIE_KIND_NOTIFIER && std::strcmp(id, VIGIE_EXT_NOTIFIER) == 0)
    return &notifier;
  return nullptr;
}

const vigie_plugin_descriptor_t descriptor{sizeof(vigie_plugin_descriptor_t),
                                           EVIL_KIND,
                                           text(evil::id),
                                           text("Evil"),
                                           text("Vigie"),
                                           text("1.0.0")};
const vigie_plugin_t the_plugin{
    sizeof(vigie_plugin_t), 0, &descriptor, nullptr, init, start, stop, destroy, get_extension};
const vigie_plugin_factory_t factory{
    sizeof(vigie_plugin_factory_t), 0, [] { return 1U; },
    [](std::uint32_t index) { return index == 0 ? &descriptor : nullptr; },
    [](const vigie_host_t* host, vigie_str_t) {
      w.host = host;
      run(plan.in_create);
      return &the_plugin;
    }};

vigie_status_t entry_init(vigie_str_t, vigie_error_t*) {
  run(plan.in_entry);
  return VIGIE_OK;
}
const char* factory_id() {
  return EVIL_KIND == VIGIE_KIND_PROTOCOL    ? VIGIE_FACTORY_PROTOCOL
         : EVIL_KIND == VIGIE_KIND_ANALYTICS ? VIGIE_FACTORY_ANALYTICS
                                             : VIGIE_FACTORY_NOTIFIER;
}

}  // namespace

const vigie_plugin_entry_t vigie_plugin_entry{
    sizeof(vigie_plugin_entry_t), VIGIE_ABI_VERSION, entry_init, [] {},
    [](const char* id) { return std::strcmp(id, factory_id()) == 0 ? &factory : nullptr; }};
