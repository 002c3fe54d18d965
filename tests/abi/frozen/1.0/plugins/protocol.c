/* SPDX-License-Identifier: Apache-2.0 */
/* A protocol plugin of the day of ABI 1.0, in C11: see ../../README.md. */
#include <stdlib.h>
#include <string.h>

#include "vigie/sdk.h"

enum { MAX_CAMERAS = 128, MAX_ADDRESS = 256 };

typedef struct instance {
  vigie_plugin_t plugin;
  const vigie_host_t* host;
  int is_initialised;
  int is_started;
  uint64_t handles[MAX_CAMERAS];
  char addresses[MAX_CAMERAS][MAX_ADDRESS];
} instance_t;

static const vigie_plugin_descriptor_t descriptor = {sizeof(vigie_plugin_descriptor_t),
                                                     VIGIE_KIND_PROTOCOL,
                                                     VIGIE_STR("fr.vigie.test.frozen_protocol"),
                                                     VIGIE_STR("Frozen protocol"),
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

static int slot_of(const instance_t* self, uint64_t camera) {
  int i;
  for (i = 0; i < MAX_CAMERAS; ++i)
    if (self->handles[i] == camera) return i;
  return -1;
}

static vigie_status_t init(const vigie_plugin_t* plugin, vigie_str_t config, vigie_error_t* error) {
  instance_t* self = of(plugin);
  const vigie_host_t* host = self->host;
  const vigie_log_t* log;
  if (self->is_initialised) return fail(error, VIGIE_E_STATE, "initialised already");
  log = (const vigie_log_t*)host->get_extension(host, VIGIE_EXT_LOG);
  if (config.length < 2) return fail(error, VIGIE_E_INVALID, "the configuration is no object");
  if (log != NULL && VIGIE_HAS(log, vigie_log_t, write) && log->write != NULL) {
    const vigie_str_t line = VIGIE_STR("plain C speaks");
    log->write(host, VIGIE_LOG_INFO, line);
  }
  self->is_initialised = 1;
  return VIGIE_OK;
}

static vigie_status_t start(const vigie_plugin_t* plugin, vigie_error_t* error) {
  instance_t* self = of(plugin);
  if (!self->is_initialised || self->is_started)
    return fail(error, VIGIE_E_STATE, "start is for an instance that is initialised and stopped");
  self->is_started = 1;
  return VIGIE_OK;
}

static void stop(const vigie_plugin_t* plugin) {
  instance_t* self = of(plugin);
  memset(self->handles, 0, sizeof(self->handles));
  self->is_started = 0;
}

static void destroy(const vigie_plugin_t* plugin) { free(of(plugin)); }

static vigie_status_t attach(const vigie_plugin_t* plugin, const vigie_camera_t* camera,
                             vigie_error_t* error) {
  instance_t* self = of(plugin);
  int slot;
  if (!self->is_started) return fail(error, VIGIE_E_STATE, "not started");
  if (!VIGIE_HAS(camera, vigie_camera_t, address) || camera->handle == 0)
    return fail(error, VIGIE_E_INVALID, "a camera without address");
  if (camera->address.length >= MAX_ADDRESS)
    return fail(error, VIGIE_E_INVALID, "the address is too long");
  slot = slot_of(self, 0);
  if (slot < 0) return fail(error, VIGIE_E_BUSY, "no room for another camera");
  self->handles[slot] = camera->handle;
  memcpy(self->addresses[slot], camera->address.data, (size_t)camera->address.length);
  self->addresses[slot][camera->address.length] = '\0';
  return VIGIE_OK;
}

static void detach(const vigie_plugin_t* plugin, uint64_t camera) {
  const int slot = camera == 0 ? -1 : slot_of(of(plugin), camera);
  if (slot >= 0) of(plugin)->handles[slot] = 0;
}

static vigie_status_t resolve_stream(const vigie_plugin_t* plugin, uint64_t camera,
                                     vigie_stream_t* out, vigie_error_t* error) {
  const int slot = camera == 0 ? -1 : slot_of(of(plugin), camera);
  if (slot < 0) return fail(error, VIGIE_E_NOT_FOUND, "no such camera");
  if (!VIGIE_HAS(out, vigie_stream_t, url)) return fail(error, VIGIE_E_INVALID, "no room");
  out->transport = VIGIE_STREAM_RTSP;
  strcpy(out->url, of(plugin)->addresses[slot]);
  return VIGIE_OK;
}

static const void* get_extension(const vigie_plugin_t* plugin, const char* id) {
  static const vigie_protocol_t protocol = {sizeof(vigie_protocol_t), 0,    NULL, attach, detach,
                                            resolve_stream,           NULL, NULL};
  (void)plugin;
  return strcmp(id, VIGIE_EXT_PROTOCOL) == 0 ? &protocol : NULL;
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

/* There is nothing to set up or to count. */
static vigie_status_t entry_init(vigie_str_t path, vigie_error_t* error) {
  (void)path;
  (void)error;
  return VIGIE_OK;
}

static void entry_deinit(void) {}

static const vigie_plugin_factory_t* get_factory(const char* id) {
  static const vigie_plugin_factory_t factory = {sizeof(vigie_plugin_factory_t), 0, count, describe,
                                                 create};
  return strcmp(id, VIGIE_FACTORY_PROTOCOL) == 0 ? &factory : NULL;
}

const vigie_plugin_entry_t vigie_plugin_entry = {sizeof(vigie_plugin_entry_t), VIGIE_ABI_VERSION,
                                                 entry_init, entry_deinit, get_factory};
