/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIGIE_EXT_LOG_H
#define VIGIE_EXT_LOG_H

#include "vigie/types.h"

VIGIE_EXTERN_C_BEGIN

struct vigie_host;

#define VIGIE_EXT_LOG "vigie.log/1"

#define VIGIE_LOG_DEBUG 1
#define VIGIE_LOG_INFO 2
#define VIGIE_LOG_WARNING 3
#define VIGIE_LOG_ERROR 4
#define VIGIE_LOG_HOST_MISBEHAVING 5
#define VIGIE_LOG_PLUGIN_MISBEHAVING 6

/* The only way a plugin writes lines; stdout and stderr are not its own. Over the rate, lines are
 * dropped and counted. */
typedef struct vigie_log {
  uint32_t size;
  uint32_t reserved;
  void (*write)(const struct vigie_host* host, int32_t severity,
                vigie_str_t text); /* [any-thread] */
} vigie_log_t;

VIGIE_EXTERN_C_END

#endif
