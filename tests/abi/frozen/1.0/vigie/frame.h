/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIGIE_FRAME_H
#define VIGIE_FRAME_H

#include "vigie/types.h"

VIGIE_EXTERN_C_BEGIN

#define VIGIE_PIXEL_GRAY8 1 /* one plane of luma */
#define VIGIE_PIXEL_I420 2  /* three planes, chroma at half width and height, rounded up */

typedef struct vigie_plane {
  const uint8_t* data; /* read-only: writing to it ends the plugin's process */
  uint32_t stride;     /* bytes from line to line */
  uint32_t lines;
} vigie_plane_t;

/* One decoded picture of one camera. Host-owned and reference-counted: valid until the call that
 * brought it returns, unless retained (vigie.frames/1). Privacy masks are already burned in
 * (LEG-20). */
typedef struct vigie_frame {
  uint32_t size;
  int32_t pixel_format; /* VIGIE_PIXEL_… */
  uint64_t id;          /* unique per instance; names the frame in detections */
  uint64_t camera;      /* the handle under which the host attached the camera */
  vigie_utc_us_t capture_utc_us;
  uint32_t width;
  uint32_t height;
  uint32_t plane_count;
  uint32_t reserved;
  vigie_plane_t planes[3];
} vigie_frame_t;

VIGIE_EXTERN_C_END

#endif
