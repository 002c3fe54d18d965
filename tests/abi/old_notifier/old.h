/* SPDX-License-Identifier: Apache-2.0 */
/* What an older SDK might have looked like: the structs of today cut short. A binary built with it
 * says smaller sizes, and must be understood by today's host. Nothing of the SDK is included. */
#ifndef OLD_H
#define OLD_H

#include <stddef.h>
#include <stdint.h>

typedef struct old_str {
  const char* data;
  uint64_t length;
} old_str_t;

typedef struct old_error {
  uint32_t size;
  int32_t code;
  char text[56]; /* today 248 */
} old_error_t;

typedef struct old_host {
  uint32_t size;
  uint32_t reserved;
  uint32_t abi[3];
  uint32_t reserved2;
  void* data;
  old_str_t name;
  old_str_t version;
  const void* (*get_extension)(const struct old_host* host, const char* id);
} old_host_t;

typedef struct old_descriptor {
  uint32_t size;
  int32_t kind;
  old_str_t id;
  old_str_t name; /* today: vendor and version follow */
} old_descriptor_t;

typedef struct old_plugin {
  uint32_t size;
  uint32_t reserved;
  const old_descriptor_t* descriptor;
  void* data;
  int32_t (*init)(const struct old_plugin* plugin, old_str_t config, old_error_t* error);
  int32_t (*start)(const struct old_plugin* plugin, old_error_t* error);
  void (*stop)(const struct old_plugin* plugin);
  void (*destroy)(const struct old_plugin* plugin);
  const void* (*get_extension)(const struct old_plugin* plugin, const char* id);
} old_plugin_t;

typedef struct old_factory {
  uint32_t size;
  uint32_t reserved;
  uint32_t (*count)(void);
  const old_descriptor_t* (*descriptor)(uint32_t index);
  const old_plugin_t* (*create)(const old_host_t* host, old_str_t id);
} old_factory_t;

typedef struct old_entry {
  uint32_t size;
  uint32_t abi[3];
  int32_t (*init)(old_str_t path, old_error_t* error);
  void (*deinit)(void);
  const old_factory_t* (*get_factory)(const char* id);
} old_entry_t;

typedef struct old_notification {
  uint32_t size;
  int32_t status;
  old_str_t key;
  old_str_t recipient; /* today: much more follows */
} old_notification_t;

typedef struct old_notifier {
  uint32_t size;
  uint32_t reserved;
  int32_t (*deliver)(const old_plugin_t* plugin, const old_notification_t* notification,
                     old_error_t* error); /* today: probe follows */
} old_notifier_t;

typedef struct old_report {
  uint32_t size;
  int32_t outcome;
  old_str_t key;
  old_str_t recipient; /* today: reference, text and time follow */
} old_report_t;

typedef struct old_delivery {
  uint32_t size;
  uint32_t reserved;
  int32_t (*report)(const old_host_t* host, const old_report_t* report);
} old_delivery_t;

#endif
