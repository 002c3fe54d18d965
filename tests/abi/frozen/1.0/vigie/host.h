/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIGIE_HOST_H
#define VIGIE_HOST_H

#include "vigie/types.h"
#include "vigie/version.h"

VIGIE_EXTERN_C_BEGIN

/* The centre as one plugin instance sees it. Owned by the host; valid from create to destroy. */
typedef struct vigie_host {
  uint32_t size;
  uint32_t reserved;
  vigie_version_t abi;
  uint32_t reserved2;
  void* data;       /* the host's own; never touched by the plugin */
  vigie_str_t name; /* "vigie" */
  vigie_str_t version;

  /* A function table of the host by id, "vigie.log/1"; null when it has none. The table lives as
   * long as the host struct. From init on, never from create. [any-thread] */
  const void* (*get_extension)(const struct vigie_host* host, const char* id);
} vigie_host_t;

VIGIE_EXTERN_C_END

#endif
