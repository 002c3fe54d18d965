/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIGIE_ANALYTICS_H
#define VIGIE_ANALYTICS_H

#include "vigie/frame.h"
#include "vigie/types.h"

VIGIE_EXTERN_C_BEGIN

struct vigie_plugin;
struct vigie_host;

#define VIGIE_EXT_ANALYTICS "vigie.analytics/1"
#define VIGIE_EXT_DETECTIONS "vigie.detections/1"
#define VIGIE_EXT_FRAMES "vigie.frames/1"

/* What an analysis is for; the manifest says the same, and the centre's purpose gate decides
 * (LEG-50, LEG-57). */
#define VIGIE_CLASS_TECHNICAL 1      /* about the camera itself */
#define VIGIE_CLASS_STATISTICAL 2    /* anonymous aggregates above a threshold */
#define VIGIE_CLASS_SECURITY_EVENT 3 /* default deny: needs a legal basis in force */

/* Every event type an analysis may signal. The list is closed: there is no type, and no field
 * below, that could carry a person's identity or attribute (LEG-22, LEG-52, LEG-56). */
#define VIGIE_EVENT_PICTURE_BLACK 1
#define VIGIE_EVENT_PICTURE_FROZEN 2
#define VIGIE_EVENT_PICTURE_BLURRED 3
#define VIGIE_EVENT_PICTURE_COVERED 4
#define VIGIE_EVENT_CAMERA_MOVED 5
#define VIGIE_EVENT_COUNT_AGGREGATE 20
/* The eight of décret 2023-828, signalled to a human only (LEG-51, LEG-52). */
#define VIGIE_EVENT_ABANDONED_OBJECT 40
#define VIGIE_EVENT_WEAPON 41
#define VIGIE_EVENT_WRONG_WAY 42
#define VIGIE_EVENT_FORBIDDEN_ZONE 43
#define VIGIE_EVENT_PERSON_DOWN 44
#define VIGIE_EVENT_CROWD_MOVEMENT 45
#define VIGIE_EVENT_DENSITY 46
#define VIGIE_EVENT_FIRE 47

typedef struct vigie_analytics_camera {
  uint32_t size;
  uint32_t reserved;
  uint64_t handle;
  vigie_str_t id;
  vigie_str_t options_json;
} vigie_analytics_camera_t;

typedef struct vigie_analytics {
  uint32_t size;
  int32_t analytics_class; /* VIGIE_CLASS_… */
  int32_t pixel_format;    /* what on_frame wants: VIGIE_PIXEL_… */
  uint32_t width;          /* wanted size; the host scales down to it, never up; 0: as it comes */
  uint32_t height;
  uint32_t interval_ms; /* wanted time between two frames of a camera */
  /* Frames of that camera will come; the struct is copied by the plugin. [control & started] */
  vigie_status_t (*attach)(const struct vigie_plugin* plugin,
                           const vigie_analytics_camera_t* camera, vigie_error_t* error);
  /* No frame of that camera comes any more. [control & started] */
  void (*detach)(const struct vigie_plugin* plugin, uint64_t camera);
  /* Looks at one picture. Frames of one camera come in order; some may be missing (analytics are
   * shed first). [worker & started] */
  vigie_status_t (*on_frame)(const struct vigie_plugin* plugin, const vigie_frame_t* frame,
                             vigie_error_t* error);
} vigie_analytics_t;

/* One signal. Regions are in thousandths of width and height, from the top left. */
typedef struct vigie_detection {
  uint32_t size;
  int32_t event_type; /* VIGIE_EVENT_…, among those the manifest declares */
  uint64_t camera;
  uint64_t frame; /* vigie_frame_t.id; 0: not about one frame */
  vigie_utc_us_t at_utc_us;
  int32_t active;                    /* 1: began, 0: ended, -1: an instant */
  uint32_t count;                    /* VIGIE_EVENT_COUNT_AGGREGATE only, else 0 */
  double score;                      /* 0..1; NaN is refused */
  uint16_t left, top, right, bottom; /* 0..1000, all 0: the whole picture */
} vigie_detection_t;

typedef struct vigie_detections {
  uint32_t size;
  uint32_t reserved;
  /* VIGIE_E_INVALID: out of range or not declared. VIGIE_E_NOT_FOUND: not a camera of this
   * instance. VIGIE_E_BUSY: over the rate. All are counted against the plugin. [any-thread] */
  vigie_status_t (*emit)(const struct vigie_host* host, const vigie_detection_t* detection);
} vigie_detections_t;

typedef struct vigie_frames {
  uint32_t size;
  uint32_t reserved;
  /* Keeps a frame beyond the call that brought it: the struct and its planes stay valid until
   * release. At most a few per camera, else VIGIE_E_BUSY. [any-thread] */
  vigie_status_t (*retain)(const struct vigie_host* host, const vigie_frame_t* frame);
  /* Exactly once for each retain that succeeded. [any-thread] */
  void (*release)(const struct vigie_host* host, const vigie_frame_t* frame);
} vigie_frames_t;

VIGIE_EXTERN_C_END

#endif
