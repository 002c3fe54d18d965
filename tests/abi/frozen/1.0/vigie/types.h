/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIGIE_TYPES_H
#define VIGIE_TYPES_H

#include <stdint.h>

#include "vigie/macros.h"

VIGIE_EXTERN_C_BEGIN

/* UTF-8; `data` may be null when `length` is 0. */
typedef struct vigie_str {
  const char* data;
  uint64_t length;
} vigie_str_t;

/* Initialiser of a vigie_str_t from a literal. */
#define VIGIE_STR(literal) \
  { "" literal, sizeof(literal) - 1 }

typedef struct vigie_bytes {
  const uint8_t* data;
  uint64_t length;
} vigie_bytes_t;

/* Microseconds since 1970-01-01T00:00:00Z. */
typedef int64_t vigie_utc_us_t;

/* What a function that can fail returns. */
typedef int32_t vigie_status_t;
#define VIGIE_OK 0
#define VIGIE_E_INTERNAL (-1)    /* the callee's own bug */
#define VIGIE_E_INVALID (-2)     /* an argument or a configuration value makes no sense */
#define VIGIE_E_STATE (-3)       /* not now: the state tag was not honoured */
#define VIGIE_E_UNSUPPORTED (-4) /* the device or the peer cannot do it */
#define VIGIE_E_NOT_FOUND (-5)
#define VIGIE_E_DENIED (-6) /* the manifest does not permit it, or the host's law refuses it */
#define VIGIE_E_AUTH (-7)   /* the device refuses the credentials: do not try again soon */
#define VIGIE_E_IO (-8)     /* network or device failure: worth another try */
#define VIGIE_E_TIMEOUT (-9)
#define VIGIE_E_BUSY (-10) /* queue full: this one is dropped */

/* Filled by the callee of a call that failed; owned and sized by the caller, who may pass null.
 * Never a secret in it. */
typedef struct vigie_error {
  uint32_t size;       /* sizeof(vigie_error_t), set by the caller */
  vigie_status_t code; /* equal to what the call returned */
  char text[248];      /* UTF-8, zero-terminated */
} vigie_error_t;

VIGIE_EXTERN_C_END

#endif
