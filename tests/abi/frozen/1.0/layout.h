/* SPDX-License-Identifier: Apache-2.0 */
/* Size of every struct of ABI 1.0 and place of every member, for 64-bit machines. A line here is
 * never changed; a member added at the end adds lines and changes its struct's size alone. */
#include "vigie/sdk.h"

#ifdef __cplusplus
#define VIGIE_ASSERT(condition, text) static_assert(condition, text)
#else
#define VIGIE_ASSERT(condition, text) _Static_assert(condition, text)
#endif
#define VIGIE_SIZE(type, bytes) VIGIE_ASSERT(sizeof(type) == (bytes), "size of " #type)
#define VIGIE_AT(type, member, offset) \
  VIGIE_ASSERT(offsetof(type, member) == (offset), "place of " #type "." #member)

VIGIE_ASSERT(sizeof(void*) == 8, "the table is for 64-bit machines");

VIGIE_SIZE(vigie_version_t, 12);
VIGIE_AT(vigie_version_t, major, 0);
VIGIE_AT(vigie_version_t, minor, 4);
VIGIE_AT(vigie_version_t, revision, 8);

VIGIE_SIZE(vigie_str_t, 16);
VIGIE_AT(vigie_str_t, data, 0);
VIGIE_AT(vigie_str_t, length, 8);

VIGIE_SIZE(vigie_bytes_t, 16);
VIGIE_AT(vigie_bytes_t, data, 0);
VIGIE_AT(vigie_bytes_t, length, 8);

VIGIE_SIZE(vigie_error_t, 256);
VIGIE_AT(vigie_error_t, size, 0);
VIGIE_AT(vigie_error_t, code, 4);
VIGIE_AT(vigie_error_t, text, 8);

VIGIE_SIZE(vigie_host_t, 72);
VIGIE_AT(vigie_host_t, size, 0);
VIGIE_AT(vigie_host_t, reserved, 4);
VIGIE_AT(vigie_host_t, abi, 8);
VIGIE_AT(vigie_host_t, reserved2, 20);
VIGIE_AT(vigie_host_t, data, 24);
VIGIE_AT(vigie_host_t, name, 32);
VIGIE_AT(vigie_host_t, version, 48);
VIGIE_AT(vigie_host_t, get_extension, 64);

VIGIE_SIZE(vigie_plugin_descriptor_t, 72);
VIGIE_AT(vigie_plugin_descriptor_t, size, 0);
VIGIE_AT(vigie_plugin_descriptor_t, kind, 4);
VIGIE_AT(vigie_plugin_descriptor_t, id, 8);
VIGIE_AT(vigie_plugin_descriptor_t, name, 24);
VIGIE_AT(vigie_plugin_descriptor_t, vendor, 40);
VIGIE_AT(vigie_plugin_descriptor_t, version, 56);

VIGIE_SIZE(vigie_plugin_t, 64);
VIGIE_AT(vigie_plugin_t, size, 0);
VIGIE_AT(vigie_plugin_t, reserved, 4);
VIGIE_AT(vigie_plugin_t, descriptor, 8);
VIGIE_AT(vigie_plugin_t, data, 16);
VIGIE_AT(vigie_plugin_t, init, 24);
VIGIE_AT(vigie_plugin_t, start, 32);
VIGIE_AT(vigie_plugin_t, stop, 40);
VIGIE_AT(vigie_plugin_t, destroy, 48);
VIGIE_AT(vigie_plugin_t, get_extension, 56);

VIGIE_SIZE(vigie_plugin_factory_t, 32);
VIGIE_AT(vigie_plugin_factory_t, size, 0);
VIGIE_AT(vigie_plugin_factory_t, reserved, 4);
VIGIE_AT(vigie_plugin_factory_t, count, 8);
VIGIE_AT(vigie_plugin_factory_t, descriptor, 16);
VIGIE_AT(vigie_plugin_factory_t, create, 24);

VIGIE_SIZE(vigie_plugin_entry_t, 40);
VIGIE_AT(vigie_plugin_entry_t, size, 0);
VIGIE_AT(vigie_plugin_entry_t, abi, 4);
VIGIE_AT(vigie_plugin_entry_t, init, 16);
VIGIE_AT(vigie_plugin_entry_t, deinit, 24);
VIGIE_AT(vigie_plugin_entry_t, get_factory, 32);

VIGIE_SIZE(vigie_packet_t, 64);
VIGIE_AT(vigie_packet_t, size, 0);
VIGIE_AT(vigie_packet_t, codec, 4);
VIGIE_AT(vigie_packet_t, flags, 8);
VIGIE_AT(vigie_packet_t, stream_generation, 12);
VIGIE_AT(vigie_packet_t, media_pts_us, 16);
VIGIE_AT(vigie_packet_t, capture_utc_us, 24);
VIGIE_AT(vigie_packet_t, parameters, 32);
VIGIE_AT(vigie_packet_t, data, 48);

VIGIE_SIZE(vigie_plane_t, 16);
VIGIE_AT(vigie_plane_t, data, 0);
VIGIE_AT(vigie_plane_t, stride, 8);
VIGIE_AT(vigie_plane_t, lines, 12);

VIGIE_SIZE(vigie_frame_t, 96);
VIGIE_AT(vigie_frame_t, size, 0);
VIGIE_AT(vigie_frame_t, pixel_format, 4);
VIGIE_AT(vigie_frame_t, id, 8);
VIGIE_AT(vigie_frame_t, camera, 16);
VIGIE_AT(vigie_frame_t, capture_utc_us, 24);
VIGIE_AT(vigie_frame_t, width, 32);
VIGIE_AT(vigie_frame_t, height, 36);
VIGIE_AT(vigie_frame_t, plane_count, 40);
VIGIE_AT(vigie_frame_t, reserved, 44);
VIGIE_AT(vigie_frame_t, planes, 48);

VIGIE_SIZE(vigie_camera_t, 96);
VIGIE_AT(vigie_camera_t, size, 0);
VIGIE_AT(vigie_camera_t, reserved, 4);
VIGIE_AT(vigie_camera_t, handle, 8);
VIGIE_AT(vigie_camera_t, id, 16);
VIGIE_AT(vigie_camera_t, address, 32);
VIGIE_AT(vigie_camera_t, username, 48);
VIGIE_AT(vigie_camera_t, password, 64);
VIGIE_AT(vigie_camera_t, options_json, 80);

VIGIE_SIZE(vigie_stream_t, 520);
VIGIE_AT(vigie_stream_t, size, 0);
VIGIE_AT(vigie_stream_t, transport, 4);
VIGIE_AT(vigie_stream_t, url, 8);

VIGIE_SIZE(vigie_discovered_t, 56);
VIGIE_AT(vigie_discovered_t, size, 0);
VIGIE_AT(vigie_discovered_t, reserved, 4);
VIGIE_AT(vigie_discovered_t, address, 8);
VIGIE_AT(vigie_discovered_t, name, 24);
VIGIE_AT(vigie_discovered_t, hardware, 40);

VIGIE_SIZE(vigie_protocol_t, 56);
VIGIE_AT(vigie_protocol_t, size, 0);
VIGIE_AT(vigie_protocol_t, reserved, 4);
VIGIE_AT(vigie_protocol_t, discover, 8);
VIGIE_AT(vigie_protocol_t, attach, 16);
VIGIE_AT(vigie_protocol_t, detach, 24);
VIGIE_AT(vigie_protocol_t, resolve_stream, 32);
VIGIE_AT(vigie_protocol_t, open_stream, 40);
VIGIE_AT(vigie_protocol_t, close_stream, 48);

VIGIE_SIZE(vigie_packet_sink_t, 24);
VIGIE_AT(vigie_packet_sink_t, size, 0);
VIGIE_AT(vigie_packet_sink_t, reserved, 4);
VIGIE_AT(vigie_packet_sink_t, push, 8);
VIGIE_AT(vigie_packet_sink_t, ended, 16);

VIGIE_SIZE(vigie_device_event_t, 32);
VIGIE_AT(vigie_device_event_t, size, 0);
VIGIE_AT(vigie_device_event_t, type, 4);
VIGIE_AT(vigie_device_event_t, camera, 8);
VIGIE_AT(vigie_device_event_t, at_utc_us, 16);
VIGIE_AT(vigie_device_event_t, active, 24);
VIGIE_AT(vigie_device_event_t, channel, 28);

VIGIE_SIZE(vigie_device_events_t, 16);
VIGIE_AT(vigie_device_events_t, size, 0);
VIGIE_AT(vigie_device_events_t, reserved, 4);
VIGIE_AT(vigie_device_events_t, emit, 8);

VIGIE_SIZE(vigie_analytics_camera_t, 48);
VIGIE_AT(vigie_analytics_camera_t, size, 0);
VIGIE_AT(vigie_analytics_camera_t, reserved, 4);
VIGIE_AT(vigie_analytics_camera_t, handle, 8);
VIGIE_AT(vigie_analytics_camera_t, id, 16);
VIGIE_AT(vigie_analytics_camera_t, options_json, 32);

VIGIE_SIZE(vigie_analytics_t, 48);
VIGIE_AT(vigie_analytics_t, size, 0);
VIGIE_AT(vigie_analytics_t, analytics_class, 4);
VIGIE_AT(vigie_analytics_t, pixel_format, 8);
VIGIE_AT(vigie_analytics_t, width, 12);
VIGIE_AT(vigie_analytics_t, height, 16);
VIGIE_AT(vigie_analytics_t, interval_ms, 20);
VIGIE_AT(vigie_analytics_t, attach, 24);
VIGIE_AT(vigie_analytics_t, detach, 32);
VIGIE_AT(vigie_analytics_t, on_frame, 40);

VIGIE_SIZE(vigie_detection_t, 56);
VIGIE_AT(vigie_detection_t, size, 0);
VIGIE_AT(vigie_detection_t, event_type, 4);
VIGIE_AT(vigie_detection_t, camera, 8);
VIGIE_AT(vigie_detection_t, frame, 16);
VIGIE_AT(vigie_detection_t, at_utc_us, 24);
VIGIE_AT(vigie_detection_t, active, 32);
VIGIE_AT(vigie_detection_t, count, 36);
VIGIE_AT(vigie_detection_t, score, 40);
VIGIE_AT(vigie_detection_t, left, 48);
VIGIE_AT(vigie_detection_t, top, 50);
VIGIE_AT(vigie_detection_t, right, 52);
VIGIE_AT(vigie_detection_t, bottom, 54);

VIGIE_SIZE(vigie_detections_t, 16);
VIGIE_AT(vigie_detections_t, size, 0);
VIGIE_AT(vigie_detections_t, reserved, 4);
VIGIE_AT(vigie_detections_t, emit, 8);

VIGIE_SIZE(vigie_frames_t, 24);
VIGIE_AT(vigie_frames_t, size, 0);
VIGIE_AT(vigie_frames_t, reserved, 4);
VIGIE_AT(vigie_frames_t, retain, 8);
VIGIE_AT(vigie_frames_t, release, 16);

VIGIE_SIZE(vigie_notification_t, 208);
VIGIE_AT(vigie_notification_t, size, 0);
VIGIE_AT(vigie_notification_t, status, 4);
VIGIE_AT(vigie_notification_t, key, 8);
VIGIE_AT(vigie_notification_t, recipient, 24);
VIGIE_AT(vigie_notification_t, incident, 40);
VIGIE_AT(vigie_notification_t, event, 56);
VIGIE_AT(vigie_notification_t, headline, 72);
VIGIE_AT(vigie_notification_t, description, 88);
VIGIE_AT(vigie_notification_t, instruction, 104);
VIGIE_AT(vigie_notification_t, commune_insee, 120);
VIGIE_AT(vigie_notification_t, place, 136);
VIGIE_AT(vigie_notification_t, camera, 152);
VIGIE_AT(vigie_notification_t, operator_id, 168);
VIGIE_AT(vigie_notification_t, at_utc_us, 184);
VIGIE_AT(vigie_notification_t, priority, 192);
VIGIE_AT(vigie_notification_t, latitude_microdeg, 196);
VIGIE_AT(vigie_notification_t, longitude_microdeg, 200);
VIGIE_AT(vigie_notification_t, attempt, 204);

VIGIE_SIZE(vigie_notifier_t, 24);
VIGIE_AT(vigie_notifier_t, size, 0);
VIGIE_AT(vigie_notifier_t, reserved, 4);
VIGIE_AT(vigie_notifier_t, deliver, 8);
VIGIE_AT(vigie_notifier_t, probe, 16);

VIGIE_SIZE(vigie_delivery_report_t, 80);
VIGIE_AT(vigie_delivery_report_t, size, 0);
VIGIE_AT(vigie_delivery_report_t, outcome, 4);
VIGIE_AT(vigie_delivery_report_t, key, 8);
VIGIE_AT(vigie_delivery_report_t, recipient, 24);
VIGIE_AT(vigie_delivery_report_t, reference, 40);
VIGIE_AT(vigie_delivery_report_t, text, 56);
VIGIE_AT(vigie_delivery_report_t, at_utc_us, 72);

VIGIE_SIZE(vigie_delivery_t, 16);
VIGIE_AT(vigie_delivery_t, size, 0);
VIGIE_AT(vigie_delivery_t, reserved, 4);
VIGIE_AT(vigie_delivery_t, report, 8);

VIGIE_SIZE(vigie_device_info_t, 260);
VIGIE_AT(vigie_device_info_t, size, 0);
VIGIE_AT(vigie_device_info_t, manufacturer, 4);
VIGIE_AT(vigie_device_info_t, model, 68);
VIGIE_AT(vigie_device_info_t, firmware, 132);
VIGIE_AT(vigie_device_info_t, serial, 196);

VIGIE_SIZE(vigie_device_info_ext_t, 16);
VIGIE_AT(vigie_device_info_ext_t, size, 0);
VIGIE_AT(vigie_device_info_ext_t, reserved, 4);
VIGIE_AT(vigie_device_info_ext_t, get, 8);

VIGIE_SIZE(vigie_ptz_preset_t, 132);
VIGIE_AT(vigie_ptz_preset_t, size, 0);
VIGIE_AT(vigie_ptz_preset_t, token, 4);
VIGIE_AT(vigie_ptz_preset_t, name, 68);

VIGIE_SIZE(vigie_ptz_t, 40);
VIGIE_AT(vigie_ptz_t, size, 0);
VIGIE_AT(vigie_ptz_t, reserved, 4);
VIGIE_AT(vigie_ptz_t, move, 8);
VIGIE_AT(vigie_ptz_t, stop, 16);
VIGIE_AT(vigie_ptz_t, presets, 24);
VIGIE_AT(vigie_ptz_t, go_to_preset, 32);

VIGIE_SIZE(vigie_device_clock_t, 16);
VIGIE_AT(vigie_device_clock_t, size, 0);
VIGIE_AT(vigie_device_clock_t, reserved, 4);
VIGIE_AT(vigie_device_clock_t, get, 8);

VIGIE_SIZE(vigie_privacy_mask_t, 136);
VIGIE_AT(vigie_privacy_mask_t, size, 0);
VIGIE_AT(vigie_privacy_mask_t, point_count, 4);
VIGIE_AT(vigie_privacy_mask_t, token, 8);
VIGIE_AT(vigie_privacy_mask_t, points, 72);

VIGIE_SIZE(vigie_privacy_masks_t, 24);
VIGIE_AT(vigie_privacy_masks_t, size, 0);
VIGIE_AT(vigie_privacy_masks_t, reserved, 4);
VIGIE_AT(vigie_privacy_masks_t, list, 8);
VIGIE_AT(vigie_privacy_masks_t, set, 16);

VIGIE_SIZE(vigie_log_t, 16);
VIGIE_AT(vigie_log_t, size, 0);
VIGIE_AT(vigie_log_t, reserved, 4);
VIGIE_AT(vigie_log_t, write, 8);

VIGIE_SIZE(vigie_thread_check_t, 24);
VIGIE_AT(vigie_thread_check_t, size, 0);
VIGIE_AT(vigie_thread_check_t, reserved, 4);
VIGIE_AT(vigie_thread_check_t, is_control, 8);
VIGIE_AT(vigie_thread_check_t, is_worker, 16);
