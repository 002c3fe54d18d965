/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIGIE_ENTRY_H
#define VIGIE_ENTRY_H

#include "vigie/plugin.h"

VIGIE_EXTERN_C_BEGIN

/* Factory ids. All three are a vigie_plugin_factory_t; a library offers one or several. */
#define VIGIE_FACTORY_PROTOCOL "vigie.factory.protocol/1"
#define VIGIE_FACTORY_ANALYTICS "vigie.factory.analytics/1"
#define VIGIE_FACTORY_NOTIFIER "vigie.factory.notifier/1"

/* Owned by the plugin, valid until entry.deinit. */
typedef struct vigie_plugin_factory {
  uint32_t size;
  uint32_t reserved;
  uint32_t (*count)(void); /* [scan] or [control] */
  /* Null when index >= count. [scan] or [control] */
  const vigie_plugin_descriptor_t* (*descriptor)(uint32_t index);
  /* Makes an instance of that id; null when the id is unknown. `host` outlives the instance. Must
   * not call the host: the real work is init's. [control] */
  const vigie_plugin_t* (*create)(const vigie_host_t* host, vigie_str_t id);
} vigie_plugin_factory_t;

/* The one symbol a plugin exports: `vigie_plugin_entry`. */
typedef struct vigie_plugin_entry {
  uint32_t size;
  vigie_version_t abi; /* VIGIE_ABI_VERSION at the time of compiling */
  /* Called before anything else; `path` is the folder of the library. Counted by the plugin: a
   * second init of the same load succeeds, and the last deinit undoes the first init. Never two at
   * once. A failed init is not followed by deinit. [scan] or [control] */
  vigie_status_t (*init)(vigie_str_t path, vigie_error_t* error);
  /* Once for each init that succeeded, after every instance is destroyed. [scan] or [control] */
  void (*deinit)(void);
  /* Null for an id it does not have; compares the whole string. [scan] or [control] */
  const vigie_plugin_factory_t* (*get_factory)(const char* id);
} vigie_plugin_entry_t;

extern VIGIE_EXPORT const vigie_plugin_entry_t vigie_plugin_entry;

VIGIE_EXTERN_C_END

#endif
