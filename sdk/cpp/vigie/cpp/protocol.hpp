// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vigie/cpp/plugin.hpp"

#include <functional>

#pragma GCC visibility push(hidden)
namespace vigie::sdk {

/// A camera as the host attaches it. Owns its strings: keep the whole struct.
struct camera {
  camera_handle handle = 0;
  std::string id;
  std::string address;
  std::string username;
  std::string password;  ///< never to be logged
  std::string options_json;
};

/// Where a camera's video is.
struct stream {
  int32_t transport = VIGIE_STREAM_PUSHED;
  std::string url;  ///< at most 511 bytes, no credentials in it

  /// The host's own RTSP client pulls this address.
  static stream rtsp(std::string url) { return {VIGIE_STREAM_RTSP, std::move(url)}; }
  /// The plugin pushes packets between open_stream and close_stream.
  static stream pushed() { return {}; }
};

struct discovered {
  std::string_view address;
  std::string_view name;
  std::string_view hardware;
};

enum class codec : int32_t {
  h264 = VIGIE_CODEC_H264,
  h265 = VIGIE_CODEC_H265,
  mjpeg = VIGIE_CODEC_MJPEG
};

/// One coded picture; see vigie_packet_t for what each member means.
struct packet {
  sdk::codec codec = sdk::codec::h264;
  bool is_key = false;
  bool is_after_loss = false;
  uint32_t stream_generation = 1;
  std::chrono::microseconds media_pts{0};
  utc_time capture{};
  std::span<const uint8_t> parameters{};
  std::span<const uint8_t> data{};
};

enum class device_event_type : int32_t {
  motion = VIGIE_DEVICE_MOTION,
  tamper = VIGIE_DEVICE_TAMPER,
  signal_loss = VIGIE_DEVICE_SIGNAL_LOSS,
  image_too_dark = VIGIE_DEVICE_IMAGE_TOO_DARK,
  image_too_bright = VIGIE_DEVICE_IMAGE_TOO_BRIGHT,
  image_blurred = VIGIE_DEVICE_IMAGE_BLURRED,
  scene_change = VIGIE_DEVICE_SCENE_CHANGE,
  hardware_failure = VIGIE_DEVICE_HARDWARE_FAILURE,
  storage_failure = VIGIE_DEVICE_STORAGE_FAILURE,
  digital_input = VIGIE_DEVICE_DIGITAL_INPUT,
  reboot = VIGIE_DEVICE_REBOOT,
};

struct device_event {
  device_event_type type = device_event_type::motion;
  camera_handle camera = 0;
  utc_time at{};  ///< now, when it is not set
  sdk::phase phase = sdk::phase::instant;
  uint32_t channel = 0;
};

/// A vendor protocol. Functions that take a handle are only called with one that is attached.
class protocol_plugin : public plugin {
 public:
  /// [control & started]
  virtual void attach(const camera& camera) = 0;
  /// Ends everything of that camera; its stream was closed just before. [control & started]
  virtual void detach(camera_handle camera) = 0;
  /// May ask the device. [worker & started]
  virtual stream resolve_stream(camera_handle camera) = 0;
  /// Begins pushing. [control & started]
  virtual void open_stream(camera_handle /*camera*/) {
    throw failure(status::unsupported, "this plugin pushes no packets");
  }
  /// Ends pushing: no push for that camera once it returned. [control & started]
  virtual void close_stream(camera_handle /*camera*/) {}
  /// Looks for devices for at most `budget`; `found` copies what it gets. [worker & started]
  virtual void discover(std::chrono::milliseconds /*budget*/,
                        const std::function<void(const discovered&)>& /*found*/) {}

 protected:
  /// Hands one picture over, copied before it returns. status::busy: dropped; drop up to the next
  /// key picture. [any-thread]
  status push(camera_handle camera, const packet& packet) const noexcept {
    const auto sink = functions<vigie_packet_sink_t>(VIGIE_EXT_PACKET_SINK);
    if (sink.push == nullptr) return missing();
    vigie_packet_t out{};
    out.size = sizeof(out);
    out.codec = static_cast<int32_t>(packet.codec);
    out.flags = (packet.is_key ? VIGIE_PACKET_KEY : 0u) |
                (packet.is_after_loss ? VIGIE_PACKET_AFTER_LOSS : 0u);
    out.stream_generation = packet.stream_generation;
    out.media_pts_us = packet.media_pts.count();
    out.capture_utc_us = detail::to_us(packet.capture);
    out.parameters = detail::bytes(packet.parameters);
    out.data = detail::bytes(packet.data);
    return static_cast<status>(sink.push(host(), camera, &out));
  }

  /// The stream broke by itself; the host opens it anew later. [any-thread]
  void stream_ended(camera_handle camera, status why, std::string_view text) const noexcept {
    const auto sink = functions<vigie_packet_sink_t>(VIGIE_EXT_PACKET_SINK);
    if (sink.ended != nullptr)
      sink.ended(host(), camera, static_cast<vigie_status_t>(why), detail::str(text));
  }

  /// Tells what the device said about itself. status::busy: over the rate. [any-thread]
  status emit(const device_event& event) const noexcept {
    const auto events = functions<vigie_device_events_t>(VIGIE_EXT_DEVICE_EVENTS);
    if (events.emit == nullptr) return missing();
    vigie_device_event_t out{};
    out.size = sizeof(out);
    out.type = static_cast<int32_t>(event.type);
    out.camera = event.camera;
    out.at_utc_us = detail::to_us_or_now(event.at);
    out.active = static_cast<int32_t>(event.phase);
    out.channel = event.channel;
    return static_cast<status>(events.emit(host(), &out));
  }
};

}  // namespace vigie::sdk
#pragma GCC visibility pop
