/* SPDX-License-Identifier: Apache-2.0 */
/* A notifier built against the shorter structs of old.h; its report stands right before a page's
 * worth of rubbish, so that a host that reads past `size` reports rubbish. */
#include "old.h"

#include <string.h>

static const old_descriptor_t descriptor = {
    sizeof(old_descriptor_t), 3, {"fr.vigie.test.old_notifier", 26}, {"Old notifier", 12}};
static const old_host_t* the_host;

static int32_t init(const old_plugin_t* plugin, old_str_t config, old_error_t* error) {
  (void)plugin;
  (void)config;
  (void)error;
  return 0;
}

static int32_t start(const old_plugin_t* plugin, old_error_t* error) {
  (void)plugin;
  (void)error;
  return 0;
}

static void stop(const old_plugin_t* plugin) { (void)plugin; }
static void destroy(const old_plugin_t* plugin) { (void)plugin; }

static int32_t deliver(const old_plugin_t* plugin, const old_notification_t* notification,
                       old_error_t* error) {
  struct {
    old_report_t report;
    char rubbish[128];
  } out;
  const old_delivery_t* delivery =
      (const old_delivery_t*)the_host->get_extension(the_host, "vigie.delivery/1");
  (void)plugin;
  if (notification->size < sizeof(old_notification_t) || delivery == NULL) {
    error->code = -2;
    strcpy(error->text, "cannot deliver");
    return -2;
  }
  memset(&out, 0x5a, sizeof(out));
  out.report.size = sizeof(old_report_t);
  out.report.outcome = 1;
  out.report.key = notification->key;
  out.report.recipient = notification->recipient;
  return delivery->report(the_host, &out.report);
}

static const void* get_extension(const old_plugin_t* plugin, const char* id) {
  static const old_notifier_t notifier = {sizeof(old_notifier_t), 0, deliver};
  (void)plugin;
  return strcmp(id, "vigie.notifier/1") == 0 ? &notifier : NULL;
}

static uint32_t count(void) { return 1; }

static const old_descriptor_t* describe(uint32_t index) { return index == 0 ? &descriptor : NULL; }

static const old_plugin_t* create(const old_host_t* host, old_str_t id) {
  static const old_plugin_t plugin = {
      sizeof(old_plugin_t), 0, &descriptor, NULL, init, start, stop, destroy, get_extension};
  if (id.length != descriptor.id.length || memcmp(id.data, descriptor.id.data, id.length) != 0)
    return NULL;
  the_host = host;
  return &plugin;
}

static int32_t entry_init(old_str_t path, old_error_t* error) {
  (void)path;
  (void)error;
  return 0;
}

static void entry_deinit(void) {}

static const old_factory_t* get_factory(const char* id) {
  static const old_factory_t factory = {sizeof(old_factory_t), 0, count, describe, create};
  return strcmp(id, "vigie.factory.notifier/1") == 0 ? &factory : NULL;
}

__attribute__((visibility("default"))) const old_entry_t vigie_plugin_entry = {
    sizeof(old_entry_t), {1, 0, 0}, entry_init, entry_deinit, get_factory};
