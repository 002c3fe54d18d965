/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIGIE_PACKET_H
#define VIGIE_PACKET_H

#include "vigie/types.h"

VIGIE_EXTERN_C_BEGIN

#define VIGIE_CODEC_H264 1
#define VIGIE_CODEC_H265 2
#define VIGIE_CODEC_MJPEG 3

#define VIGIE_PACKET_KEY (1u << 0)        /* decodable without any earlier packet */
#define VIGIE_PACKET_AFTER_LOSS (1u << 1) /* pictures are missing before it */

/* One coded picture. There is no audio packet: sounds are never collected (LEG-21). */
typedef struct vigie_packet {
  uint32_t size;
  int32_t codec;                 /* VIGIE_CODEC_…, the same within a generation */
  uint32_t flags;                /* VIGIE_PACKET_… */
  uint32_t stream_generation;    /* grows when parameters or the time line change */
  int64_t media_pts_us;          /* strictly increasing within a generation */
  vigie_utc_us_t capture_utc_us; /* 0: unknown, the host takes its own clock */
  vigie_bytes_t parameters;      /* H.264: Annex B SPS and PPS; empty when in the data */
  vigie_bytes_t data;            /* H.264: Annex B, no parameter sets needed; MJPEG: one image */
} vigie_packet_t;

VIGIE_EXTERN_C_END

#endif
