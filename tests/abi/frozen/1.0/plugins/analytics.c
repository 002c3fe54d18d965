/* SPDX-License-Identifier: Apache-2.0 */
/* An analytics plugin of the day of ABI 1.0, in C11: says how dark each picture is. */
#include <stdlib.h>
#include <string.h>

#include "vigie/sdk.h"

typedef struct instance {
  vigie_plugin_t plugin;
  const vigie_host_t* host;
  const vigie_detections_t* detections;
  int is_initialised;
  int is_started;
  uint64_t cameras[256];
} instance_t;

static const vigie_plugin_descriptor_t descriptor = {sizeof(vigie_plugin_descriptor_t),
                                                     VIGIE_KIND_ANALYTICS,
                                                     VIGIE_STR("fr.vigie.test.frozen_analytics"),
                                                     VIGIE_STR("Frozen analytics"),
                                                     VIGIE_STR("Vigie"),
                                                     VIGIE_STR("1.0.0")};

static instance_t* of(const vigie_plugin_t* plugin) { return (instance_t*)plugin->data; }

static vigie_status_t fail(vigie_error_t* error, vigie_status_t code, const char* text) {
  if (error != NULL && VIGIE_HAS(error, vigie_error_t, text)) {
    error->code = code;
    strncpy(error->text, text, sizeof(error->text) - 1);
    error->text[sizeof(error->text) - 1] = '\0';
  }
  return code;
}

/* The place of a camera, or of none with handle 0; -1 when there is none. */
static int slot_of(const instance_t* self, uint64_t camera) {
  int i;
  for (i = 0; i < 256; ++i)
    if (self->cameras[i] == camera) return i;
  return -1;
}

static vigie_status_t init(const vigie_plugin_t* plugin, vigie_str_t config, vigie_error_t* error) {
  instance_t* self = of(plugin);
  (void)config;
  if (self->is_initialised) return fail(error, VIGIE_E_STATE, "initialised already");
  self->detections =
      (const vigie_detections_t*)self->host->get_extension(self->host, VIGIE_EXT_DETECTIONS);
  if (self->detections == NULL) return fail(error, VIGIE_E_UNSUPPORTED, "nobody takes detections");
  self->is_initialised = 1;
  return VIGIE_OK;
}

static vigie_status_t start(const vigie_plugin_t* plugin, vigie_error_t* error) {
  instance_t* self = of(plugin);
  if (!self->is_initialised || self->is_started) return fail(error, VIGIE_E_STATE, "not now");
  self->is_started = 1;
  return VIGIE_OK;
}

static void stop(const vigie_plugin_t* plugin) {
  memset(of(plugin)->cameras, 0, sizeof(of(plugin)->cameras));
  of(plugin)->is_started = 0;
}

static void destroy(const vigie_plugin_t* plugin) { free(of(plugin)); }

static vigie_status_t attach(const vigie_plugin_t* plugin, const vigie_analytics_camera_t* camera,
                             vigie_error_t* error) {
  instance_t* self = of(plugin);
  const int slot = slot_of(self, 0);
  if (!self->is_started) return fail(error, VIGIE_E_STATE, "not started");
  if (camera->handle == 0) return fail(error, VIGIE_E_INVALID, "no camera");
  if (slot < 0) return fail(error, VIGIE_E_BUSY, "no room");
  self->cameras[slot] = camera->handle;
  return VIGIE_OK;
}

static void detach(const vigie_plugin_t* plugin, uint64_t camera) {
  const int slot = camera == 0 ? -1 : slot_of(of(plugin), camera);
  if (slot >= 0) of(plugin)->cameras[slot] = 0;
}

static vigie_status_t on_frame(const vigie_plugin_t* plugin, const vigie_frame_t* frame,
                               vigie_error_t* error) {
  instance_t* self = of(plugin);
  vigie_detection_t found;
  if (!self->is_started) return fail(error, VIGIE_E_STATE, "not started");
  if (frame->camera == 0 || slot_of(self, frame->camera) < 0)
    return fail(error, VIGIE_E_NOT_FOUND, "no such camera");
  if (frame->plane_count == 0) return fail(error, VIGIE_E_INVALID, "no planes");
  if (frame->planes[0].data[0] >= 16) return VIGIE_OK;
  memset(&found, 0, sizeof(found));
  found.size = sizeof(found);
  found.event_type = VIGIE_EVENT_PICTURE_BLACK;
  found.camera = frame->camera;
  found.frame = frame->id;
  found.at_utc_us = frame->capture_utc_us;
  found.active = -1;
  found.score = 1.0 - frame->planes[0].data[0] / 255.0;
  self->detections->emit(self->host, &found);
  return VIGIE_OK;
}

static const void* get_extension(const vigie_plugin_t* plugin, const char* id) {
  static const vigie_analytics_t analytics = {sizeof(vigie_analytics_t),
                                              VIGIE_CLASS_TECHNICAL,
                                              VIGIE_PIXEL_GRAY8,
                                              64,
                                              48,
                                              500,
                                              attach,
                                              detach,
                                              on_frame};
  (void)plugin;
  return strcmp(id, VIGIE_EXT_ANALYTICS) == 0 ? &analytics : NULL;
}

static uint32_t count(void) { return 1; }

static const vigie_plugin_descriptor_t* describe(uint32_t index) {
  return index == 0 ? &descriptor : NULL;
}

static const vigie_plugin_t* create(const vigie_host_t* host, vigie_str_t id) {
  instance_t* self;
  if (id.length != descriptor.id.length ||
      memcmp(id.data, descriptor.id.data, (size_t)id.length) != 0)
    return NULL;
  self = (instance_t*)calloc(1, sizeof(instance_t));
  if (self == NULL) return NULL;
  self->host = host;
  self->plugin.size = sizeof(vigie_plugin_t);
  self->plugin.descriptor = &descriptor;
  self->plugin.data = self;
  self->plugin.init = init;
  self->plugin.start = start;
  self->plugin.stop = stop;
  self->plugin.destroy = destroy;
  self->plugin.get_extension = get_extension;
  return &self->plugin;
}

static vigie_status_t entry_init(vigie_str_t path, vigie_error_t* error) {
  (void)path;
  (void)error;
  return VIGIE_OK;
}

static void entry_deinit(void) {}

static const vigie_plugin_factory_t* get_factory(const char* id) {
  static const vigie_plugin_factory_t factory = {sizeof(vigie_plugin_factory_t), 0, count, describe,
                                                 create};
  return strcmp(id, VIGIE_FACTORY_ANALYTICS) == 0 ? &factory : NULL;
}

const vigie_plugin_entry_t vigie_plugin_entry = {sizeof(vigie_plugin_entry_t), VIGIE_ABI_VERSION,
                                                 entry_init, entry_deinit, get_factory};
