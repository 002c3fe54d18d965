/* SPDX-License-Identifier: Apache-2.0 */
/* A protocol plugin in plain C. The camera's address says what it does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vigie/sdk.h>

static const vigie_host_t* the_host;
static const vigie_packet_sink_t* sink;
static const vigie_device_events_t* events;
static const vigie_thread_check_t* threads;
static char addresses[16][64];

static vigie_status_t say(vigie_error_t* error, vigie_status_t code, const char* text) {
  error->code = code;
  snprintf(error->text, sizeof error->text, "%s", text);
  return code;
}

static vigie_status_t init(const vigie_plugin_t* plugin, vigie_str_t config, vigie_error_t* error) {
  (void)plugin;
  if (config.length >= 8 && memcmp(config.data, "{\"fail\":", 8) == 0)
    return say(error, VIGIE_E_INVALID, "asked to fail");
  sink = the_host->get_extension(the_host, VIGIE_EXT_PACKET_SINK);
  events = the_host->get_extension(the_host, VIGIE_EXT_DEVICE_EVENTS);
  threads = the_host->get_extension(the_host, VIGIE_EXT_THREAD_CHECK);
  if (the_host->get_extension(the_host, "vigie.nothing/1") != NULL)
    return say(error, VIGIE_E_INTERNAL, "an extension that cannot be");
  return sink && events && threads ? VIGIE_OK : VIGIE_E_UNSUPPORTED;
}
static vigie_status_t start(const vigie_plugin_t* plugin, vigie_error_t* error) {
  (void)plugin, (void)error;
  return VIGIE_OK;
}
static void stop(const vigie_plugin_t* plugin) { (void)plugin; }
static void destroy(const vigie_plugin_t* plugin) { (void)plugin; }

static vigie_status_t attach(const vigie_plugin_t* plugin, const vigie_camera_t* camera,
                             vigie_error_t* error) {
  (void)plugin;
  if (!threads->is_control(the_host) || threads->is_worker(the_host))
    return say(error, VIGIE_E_INTERNAL, "not on control");
  if (camera->password.length != 6) return say(error, VIGIE_E_AUTH, "wrong password");
  memcpy(addresses[camera->handle % 16], camera->address.data, camera->address.length);
  addresses[camera->handle % 16][camera->address.length] = 0;
  return VIGIE_OK;
}
static void detach(const vigie_plugin_t* plugin, uint64_t camera) { (void)plugin, (void)camera; }

static vigie_status_t resolve(const vigie_plugin_t* plugin, uint64_t camera, vigie_stream_t* out,
                              vigie_error_t* error) {
  const char* address = addresses[camera % 16];
  (void)plugin;
  if (!threads->is_worker(the_host)) return say(error, VIGIE_E_INTERNAL, "not on worker");
  if (strcmp(address, "push") == 0) {
    out->transport = VIGIE_STREAM_PUSHED;
    return VIGIE_OK;
  }
  if (strcmp(address, "crash") == 0) abort();
  if (strcmp(address, "exit") == 0) exit(0);
  if (strcmp(address, "hang") == 0)
    for (volatile int forever = 1; forever;) {}
  if (strcmp(address, "io") == 0) return say(error, VIGIE_E_IO, "device is away");
  out->transport = VIGIE_STREAM_RTSP;
  snprintf(out->url, sizeof out->url,
           strcmp(address, "leak") == 0 ? "rtsp://user:secret@%s/s" : "rtsp://%s/stream", address);
  return VIGIE_OK;
}

static vigie_status_t open_stream(const vigie_plugin_t* plugin, uint64_t camera,
                                  vigie_error_t* error) {
  static const uint8_t picture[] = {0, 0, 0, 1, 0x65, 0x88};
  vigie_packet_t packet = {sizeof packet, VIGIE_CODEC_H264,         VIGIE_PACKET_KEY, 1, 1000, 0,
                           {NULL, 0},     {picture, sizeof picture}};
  vigie_device_event_t event = {sizeof event, VIGIE_DEVICE_MOTION, camera, 1700000000000000, 1, 0};
  (void)plugin;
  if (sink->push(the_host, camera, &packet) != VIGIE_OK)
    return say(error, VIGIE_E_INTERNAL, "first packet refused");
  packet.flags = 0;
  if (sink->push(the_host, camera, &packet) != VIGIE_E_INVALID)
    return say(error, VIGIE_E_INTERNAL, "standing time accepted");
  packet.media_pts_us = 41000;
  if (sink->push(the_host, camera, &packet) != VIGIE_OK) return VIGIE_E_INTERNAL;
  if (sink->push(the_host, camera + 100, &packet) != VIGIE_E_NOT_FOUND) return VIGIE_E_INTERNAL;
  return events->emit(the_host, &event);
}
static void close_stream(const vigie_plugin_t* plugin, uint64_t camera) {
  (void)plugin, (void)camera;
}

static const vigie_protocol_t protocol = {
    sizeof(vigie_protocol_t), 0, NULL, attach, detach, resolve, open_stream, close_stream};

static const void* get_extension(const vigie_plugin_t* plugin, const char* id) {
  (void)plugin;
  return strcmp(id, VIGIE_EXT_PROTOCOL) == 0 ? &protocol : NULL;
}

#define TEXT(s) \
  { s, sizeof(s) - 1 }
static const vigie_plugin_descriptor_t descriptor = {sizeof descriptor,     VIGIE_KIND_PROTOCOL,
                                                     TEXT("test.protocol"), TEXT("Test"),
                                                     TEXT("Vigie"),         TEXT("1.0.0")};
static const vigie_plugin_t the_plugin = {
    sizeof the_plugin, 0, &descriptor, NULL, init, start, stop, destroy, get_extension};

static uint32_t count(void) { return 1; }
static const vigie_plugin_descriptor_t* describe(uint32_t index) {
  return index == 0 ? &descriptor : NULL;
}
static const vigie_plugin_t* create(const vigie_host_t* host, vigie_str_t id) {
  (void)id;
  the_host = host;
  return &the_plugin;
}
static const vigie_plugin_factory_t factory = {sizeof factory, 0, count, describe, create};
static vigie_status_t entry_init(vigie_str_t path, vigie_error_t* error) {
  (void)path, (void)error;
  return VIGIE_OK;
}
static void entry_deinit(void) {}
static const vigie_plugin_factory_t* get_factory(const char* id) {
  return strcmp(id, VIGIE_FACTORY_PROTOCOL) == 0 ? &factory : NULL;
}
#ifndef TEST_ABI_MAJOR
#define TEST_ABI_MAJOR VIGIE_ABI_MAJOR
#endif
const vigie_plugin_entry_t vigie_plugin_entry = {
    sizeof(vigie_plugin_entry_t), {TEST_ABI_MAJOR, 0, 0}, entry_init, entry_deinit, get_factory};
