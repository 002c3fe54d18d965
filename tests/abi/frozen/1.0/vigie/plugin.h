/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIGIE_PLUGIN_H
#define VIGIE_PLUGIN_H

#include "vigie/host.h"
#include "vigie/types.h"

VIGIE_EXTERN_C_BEGIN

#define VIGIE_KIND_PROTOCOL 1
#define VIGIE_KIND_ANALYTICS 2
#define VIGIE_KIND_NOTIFIER 3

/* What a library contains. Owned by the plugin, valid until entry.deinit. */
typedef struct vigie_plugin_descriptor {
  uint32_t size;
  int32_t kind;   /* VIGIE_KIND_… */
  vigie_str_t id; /* "org.example.my-camera": [a-z0-9._-], equal to the manifest's */
  vigie_str_t name;
  vigie_str_t vendor;
  vigie_str_t version; /* "1.4.0" */
} vigie_plugin_descriptor_t;

/* One instance, owned by the plugin. Life cycle: create, init, start, stop, (start, stop …),
 * destroy. */
typedef struct vigie_plugin {
  uint32_t size;
  uint32_t reserved;
  const vigie_plugin_descriptor_t* descriptor;
  void* data; /* the plugin's own; never touched by the host */

  /* Takes its configuration, a JSON object as text ("{}" when there is none), and queries host
   * extensions. At most once; may fail, then destroy follows. [control & created] */
  vigie_status_t (*init)(const struct vigie_plugin* plugin, vigie_str_t config_json,
                         vigie_error_t* error);
  /* From here on the plugin may call the host on its own. [control & initialised & !started] */
  vigie_status_t (*start)(const struct vigie_plugin* plugin, vigie_error_t* error);
  /* Detaches the cameras that are still attached, releases the frames it retained, joins every
   * thread it started; nothing calls the host after it. After another start the host attaches
   * cameras anew. [control & started] */
  void (*stop)(const struct vigie_plugin* plugin);
  /* Frees the instance and this struct. No other call is under way. Legal without init.
   * [control & !started] */
  void (*destroy)(const struct vigie_plugin* plugin);
  /* A function table of the plugin by id: its kind's ("vigie.protocol/1", "vigie.analytics/1",
   * "vigie.notifier/1") and any extension. Compares the whole string. Null: not
   * supported. The table lives until destroy. [any-thread & initialised] */
  const void* (*get_extension)(const struct vigie_plugin* plugin, const char* id);
} vigie_plugin_t;

VIGIE_EXTERN_C_END

#endif
