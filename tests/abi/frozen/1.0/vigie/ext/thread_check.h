/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIGIE_EXT_THREAD_CHECK_H
#define VIGIE_EXT_THREAD_CHECK_H

#include "vigie/types.h"

VIGIE_EXTERN_C_BEGIN

struct vigie_host;

#define VIGIE_EXT_THREAD_CHECK "vigie.thread_check/1"

/* Is this thread inside a call of that tag to this instance? */
typedef struct vigie_thread_check {
  uint32_t size;
  uint32_t reserved;
  int32_t (*is_control)(const struct vigie_host* host); /* 1 or 0 [any-thread] */
  int32_t (*is_worker)(const struct vigie_host* host);  /* 1 or 0 [any-thread] */
} vigie_thread_check_t;

VIGIE_EXTERN_C_END

#endif
