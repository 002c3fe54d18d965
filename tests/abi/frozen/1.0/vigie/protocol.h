/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIGIE_PROTOCOL_H
#define VIGIE_PROTOCOL_H

#include "vigie/packet.h"
#include "vigie/types.h"

VIGIE_EXTERN_C_BEGIN

struct vigie_plugin;
struct vigie_host;

#define VIGIE_EXT_PROTOCOL "vigie.protocol/1"
#define VIGIE_EXT_PACKET_SINK "vigie.packet_sink/1"
#define VIGIE_EXT_DEVICE_EVENTS "vigie.device_events/1"

/* A camera the host attaches to the plugin. */
typedef struct vigie_camera {
  uint32_t size;
  uint32_t reserved;
  uint64_t handle;     /* the host's name for it, not 0, unique per instance */
  vigie_str_t id;      /* for the plugin's log lines */
  vigie_str_t address; /* "rtsp://192.168.1.10/stream1", "http://192.168.1.10": no credentials */
  vigie_str_t username;
  vigie_str_t password;     /* never to be logged or kept longer than needed */
  vigie_str_t options_json; /* the camera's own section of the configuration, a JSON object */
} vigie_camera_t;

#define VIGIE_STREAM_RTSP 1   /* the host's own ingest pulls `url` */
#define VIGIE_STREAM_PUSHED 2 /* the plugin pushes packets, from open_stream to close_stream */

typedef struct vigie_stream {
  uint32_t size;
  int32_t transport; /* VIGIE_STREAM_… */
  char url[512];     /* zero-terminated; empty for VIGIE_STREAM_PUSHED; never credentials */
} vigie_stream_t;

/* One device found; the strings are valid during the callback. */
typedef struct vigie_discovered {
  uint32_t size;
  uint32_t reserved;
  vigie_str_t address;
  vigie_str_t name;
  vigie_str_t hardware;
} vigie_discovered_t;

/* A vendor protocol: finds devices, says where their video is, or brings it itself. */
typedef struct vigie_protocol {
  uint32_t size;
  uint32_t reserved;
  /* Looks for devices for at most `budget_ms`, calling `found` for each on this thread. May be
   * null. [worker & started] */
  vigie_status_t (*discover)(const struct vigie_plugin* plugin, uint32_t budget_ms,
                             void (*found)(void* context, const vigie_discovered_t* device),
                             void* context, vigie_error_t* error);
  /* Takes a camera over; the struct is copied by the plugin. [control & started] */
  vigie_status_t (*attach)(const struct vigie_plugin* plugin, const vigie_camera_t* camera,
                           vigie_error_t* error);
  /* Ends everything of that camera. [control & started] */
  void (*detach)(const struct vigie_plugin* plugin, uint64_t camera);
  /* Where the camera's video is; may ask the device. `out->size` is set by the caller.
   * [worker & started] */
  vigie_status_t (*resolve_stream)(const struct vigie_plugin* plugin, uint64_t camera,
                                   vigie_stream_t* out, vigie_error_t* error);
  /* For VIGIE_STREAM_PUSHED: begins pushing. Null, like close_stream, when the plugin never pushes.
   * A stream that breaks is reported by packet_sink.ended; the host opens it anew.
   * [control & started] */
  vigie_status_t (*open_stream)(const struct vigie_plugin* plugin, uint64_t camera,
                                vigie_error_t* error);
  /* Ends pushing: nothing of that camera is pushed once it returned. Harmless when the stream is
   * not open. [control & started] */
  void (*close_stream)(const struct vigie_plugin* plugin, uint64_t camera);
} vigie_protocol_t;

/* Host side of VIGIE_STREAM_PUSHED. */
typedef struct vigie_packet_sink {
  uint32_t size;
  uint32_t reserved;
  /* Hands one picture over; copied before it returns. VIGIE_E_BUSY: dropped, the plugin should drop
   * up to the next key picture. VIGIE_E_NOT_FOUND: no such camera of this instance. [any-thread] */
  vigie_status_t (*push)(const struct vigie_host* host, uint64_t camera,
                         const vigie_packet_t* packet);
  /* The stream ended by itself; `why` is VIGIE_E_AUTH, VIGIE_E_IO, … [any-thread] */
  void (*ended)(const struct vigie_host* host, uint64_t camera, vigie_status_t why,
                vigie_str_t text);
} vigie_packet_sink_t;

/* What devices may tell. A closed list of facts about the device; nothing about persons can be said
 * with it (LEG-22, LEG-55, LEG-56). */
#define VIGIE_DEVICE_MOTION 1
#define VIGIE_DEVICE_TAMPER 2 /* covered, moved, defocused, by the device's own judgement */
#define VIGIE_DEVICE_SIGNAL_LOSS 3
#define VIGIE_DEVICE_IMAGE_TOO_DARK 4
#define VIGIE_DEVICE_IMAGE_TOO_BRIGHT 5
#define VIGIE_DEVICE_IMAGE_BLURRED 6
#define VIGIE_DEVICE_SCENE_CHANGE 7
#define VIGIE_DEVICE_HARDWARE_FAILURE 8
#define VIGIE_DEVICE_STORAGE_FAILURE 9
#define VIGIE_DEVICE_DIGITAL_INPUT 10
#define VIGIE_DEVICE_REBOOT 11

typedef struct vigie_device_event {
  uint32_t size;
  int32_t type; /* VIGIE_DEVICE_… */
  uint64_t camera;
  vigie_utc_us_t at_utc_us;
  int32_t active;   /* 1: began, 0: ended, -1: an instant */
  uint32_t channel; /* input or source number */
} vigie_device_event_t;

typedef struct vigie_device_events {
  uint32_t size;
  uint32_t reserved;
  /* VIGIE_E_BUSY: over the instance's rate; dropped and counted. [any-thread] */
  vigie_status_t (*emit)(const struct vigie_host* host, const vigie_device_event_t* event);
} vigie_device_events_t;

VIGIE_EXTERN_C_END

#endif
