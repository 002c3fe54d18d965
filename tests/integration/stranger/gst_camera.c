// SPDX-License-Identifier: Apache-2.0
// A camera nobody here wrote: gst-rtsp-server streaming any H.264 pipeline on loopback.
//   gst_camera PORT SECONDS [PIPELINE]
#include <gst/gst.h>
#include <gst/rtsp-server/rtsp-server.h>
#include <stdio.h>
#include <stdlib.h>

static const char* const default_pipeline =
    "( videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=360,framerate=15/1 "
    "! x264enc tune=zerolatency speed-preset=ultrafast bitrate=500 key-int-max=30 "
    "! rtph264pay name=pay0 pt=96 )";

static gboolean end(gpointer loop) {
  g_main_loop_quit(loop);
  return G_SOURCE_REMOVE;
}

int main(int argc, char** argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: gst_camera PORT SECONDS [PIPELINE]\n");
    return 64;
  }
  gst_init(NULL, NULL);
  GMainLoop* loop = g_main_loop_new(NULL, FALSE);
  GstRTSPServer* server = gst_rtsp_server_new();
  gst_rtsp_server_set_address(server, "127.0.0.1");
  gst_rtsp_server_set_service(server, argv[1]);
  GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server);
  GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(factory, argc > 3 ? argv[3] : default_pipeline);
  gst_rtsp_media_factory_set_shared(factory, TRUE);
  gst_rtsp_mount_points_add_factory(mounts, "/stranger", factory);
  g_object_unref(mounts);
  if (gst_rtsp_server_attach(server, NULL) == 0) {
    fprintf(stderr, "gst_camera: port %s cannot be bound\n", argv[1]);
    return 1;
  }
  g_timeout_add_seconds((guint)atoi(argv[2]), end, loop);
  puts("ready");
  fflush(stdout);
  g_main_loop_run(loop);
  return 0;
}
