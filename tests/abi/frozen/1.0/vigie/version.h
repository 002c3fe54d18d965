/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIGIE_VERSION_H
#define VIGIE_VERSION_H

#include <stdint.h>

#include "vigie/macros.h"

VIGIE_EXTERN_C_BEGIN

typedef struct vigie_version {
  uint32_t major;
  uint32_t minor;
  uint32_t revision;
} vigie_version_t;

/* A host loads a plugin when both majors are equal. Minor and revision are for people; features are
 * found by extension id ("vigie.ptz/1"), never by comparing versions. */
#define VIGIE_ABI_MAJOR 1u
#define VIGIE_ABI_MINOR 0u
#define VIGIE_ABI_REVISION 0u
#define VIGIE_ABI_VERSION \
  { VIGIE_ABI_MAJOR, VIGIE_ABI_MINOR, VIGIE_ABI_REVISION }

VIGIE_EXTERN_C_END

#endif
