/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIGIE_EXT_DEVICE_H
#define VIGIE_EXT_DEVICE_H

#include "vigie/types.h"

VIGIE_EXTERN_C_BEGIN

struct vigie_plugin;

/* Optional abilities of a protocol plugin, each a table of its own. `camera` is a handle that was
 * attached; the caller sets `out->size`. */
#define VIGIE_EXT_DEVICE_INFO "vigie.device_info/1"
#define VIGIE_EXT_PTZ "vigie.ptz/1"
#define VIGIE_EXT_DEVICE_CLOCK "vigie.device_clock/1"
#define VIGIE_EXT_PRIVACY_MASKS "vigie.privacy_masks/1"

typedef struct vigie_device_info {
  uint32_t size;
  char manufacturer[64], model[64], firmware[64], serial[64]; /* zero-terminated UTF-8 */
} vigie_device_info_t;

typedef struct vigie_device_info_ext {
  uint32_t size;
  uint32_t reserved;
  /* May ask the device; what it does not tell stays empty. [worker & started] */
  vigie_status_t (*get)(const struct vigie_plugin* plugin, uint64_t camera,
                        vigie_device_info_t* out, vigie_error_t* error);
} vigie_device_info_ext_t;

typedef struct vigie_ptz_preset {
  uint32_t size;
  char token[64], name[64];
} vigie_ptz_preset_t;

typedef struct vigie_ptz {
  uint32_t size;
  uint32_t reserved;
  /* Speeds -1..1; stops by itself after `timeout_ms`. [worker & started] */
  vigie_status_t (*move)(const struct vigie_plugin* plugin, uint64_t camera, double pan,
                         double tilt, double zoom, uint32_t timeout_ms, vigie_error_t* error);
  /* [worker & started] */
  vigie_status_t (*stop)(const struct vigie_plugin* plugin, uint64_t camera, vigie_error_t* error);
  /* Calls `found` for each, on this thread; what it is given is valid during the callback.
   * [worker & started] */
  vigie_status_t (*presets)(const struct vigie_plugin* plugin, uint64_t camera,
                            void (*found)(void* context, const vigie_ptz_preset_t* preset),
                            void* context, vigie_error_t* error);
  /* [worker & started] */
  vigie_status_t (*go_to_preset)(const struct vigie_plugin* plugin, uint64_t camera,
                                 vigie_str_t token, vigie_error_t* error);
} vigie_ptz_t;

typedef struct vigie_device_clock {
  uint32_t size;
  uint32_t reserved;
  /* The device's own UTC at the middle of the exchange. [worker & started] */
  vigie_status_t (*get)(const struct vigie_plugin* plugin, uint64_t camera, vigie_utc_us_t* out,
                        vigie_error_t* error);
} vigie_device_clock_t;

/* A polygon that the device itself blanks (LEG-20; ONVIF Media2 masks). Points in thousandths. */
typedef struct vigie_privacy_mask {
  uint32_t size;
  uint32_t point_count; /* 3..16 */
  char token[64];       /* empty: to be created */
  uint16_t points[32];  /* x0, y0, x1, y1 … 0..1000 from the top left */
} vigie_privacy_mask_t;

typedef struct vigie_privacy_masks {
  uint32_t size;
  uint32_t reserved;
  /* Calls `found` for each, on this thread; what it is given is valid during the callback.
   * [worker & started] */
  vigie_status_t (*list)(const struct vigie_plugin* plugin, uint64_t camera,
                         void (*found)(void* context, const vigie_privacy_mask_t* mask),
                         void* context, vigie_error_t* error);
  /* Creates the mask (`token` empty: the device's is written there) or changes it. There is no
   * removal: a mask is lifted at the device, by a person. [worker & started] */
  vigie_status_t (*set)(const struct vigie_plugin* plugin, uint64_t camera,
                        vigie_privacy_mask_t* mask, vigie_error_t* error);
} vigie_privacy_masks_t;

VIGIE_EXTERN_C_END

#endif
