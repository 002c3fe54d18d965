// SPDX-License-Identifier: Apache-2.0
// An analytics plugin over the bare C ABI. The first byte of a picture says what it does.
#include <fcntl.h>
#include <sys/socket.h>
#include <vigie/sdk.h>

#include <cmath>
#include <cstring>
#include <stdexcept>

namespace {

const vigie_host_t* the_host = nullptr;
const vigie_detections_t* detections = nullptr;
const vigie_frames_t* frames = nullptr;
const vigie_frame_t* kept = nullptr;

vigie_detection_t about(const vigie_frame_t& frame) {
  vigie_detection_t d{};
  d.size = sizeof d;
  d.event_type = VIGIE_EVENT_PICTURE_BLACK;
  d.camera = frame.camera;
  d.frame = frame.id;
  d.at_utc_us = frame.capture_utc_us;
  d.active = 1;
  d.score = frame.planes[0].data[1] / 255.0;
  return d;
}

vigie_status_t on_frame(const vigie_plugin_t*, const vigie_frame_t* frame, vigie_error_t*) {
  auto d = about(*frame);
  switch (frame->planes[0].data[0]) {
    case 'w':
      *const_cast<std::uint8_t*>(frame->planes[0].data) = 1;
      break;
    case 'n':
      d.score = std::nan("");
      return detections->emit(the_host, &d);
    case 'u':
      d.event_type = VIGIE_EVENT_FIRE;
      return detections->emit(the_host, &d);
    case 'c':
      d.camera = 4711;
      return detections->emit(the_host, &d);
    case 'f':
      for (int i = 0; i < 100000; ++i) detections->emit(the_host, &d);
      return VIGIE_OK;
    case 't':
      throw std::runtime_error{"over the line"};
    case 'k':
      if (frames->retain(the_host, frame) != VIGIE_OK) return VIGIE_E_INTERNAL;
      kept = frame;
      return VIGIE_OK;
    case 'r':  // what was kept is as it was
      if (kept == nullptr || kept->planes[0].data[0] != 'k') return VIGIE_E_INTERNAL;
      frames->release(the_host, kept);
      kept = nullptr;
      break;
    case 's':
      return ::open("/etc/shadow", O_RDONLY) < 0 ? VIGIE_E_DENIED : VIGIE_OK;
    case 'o':
      return ::socket(AF_INET, SOCK_STREAM, 0) < 0 ? VIGIE_E_DENIED : VIGIE_OK;
    case 'm':
      for (int i = 0; i < 4096; ++i) *const_cast<volatile char*>(new char[1 << 20]) = 1;
      return VIGIE_OK;
    default:
      break;
  }
  return detections->emit(the_host, &d);
}

vigie_status_t attach(const vigie_plugin_t*, const vigie_analytics_camera_t*, vigie_error_t*) {
  return VIGIE_OK;
}
void detach(const vigie_plugin_t*, std::uint64_t) {}

constexpr vigie_analytics_t analytics{sizeof(vigie_analytics_t),
                                      VIGIE_CLASS_TECHNICAL,
                                      VIGIE_PIXEL_GRAY8,
                                      64,
                                      48,
                                      500,
                                      attach,
                                      detach,
                                      on_frame};

vigie_str_t text(const char* t) { return {t, std::strlen(t)}; }
const vigie_plugin_descriptor_t descriptor{sizeof descriptor,      VIGIE_KIND_ANALYTICS,
                                           text("test.analytics"), text("Test"),
                                           text("Vigie"),          text("1.0.0")};

vigie_status_t init(const vigie_plugin_t*, vigie_str_t, vigie_error_t*) {
  const auto find = [](const char* id) { return the_host->get_extension(the_host, id); };
  detections = static_cast<const vigie_detections_t*>(find(VIGIE_EXT_DETECTIONS));
  frames = static_cast<const vigie_frames_t*>(find(VIGIE_EXT_FRAMES));
  kept = nullptr;
  return detections != nullptr && frames != nullptr ? VIGIE_OK : VIGIE_E_UNSUPPORTED;
}
vigie_status_t start(const vigie_plugin_t*, vigie_error_t*) { return VIGIE_OK; }
void stop(const vigie_plugin_t*) {}
void destroy(const vigie_plugin_t*) {}
const void* get_extension(const vigie_plugin_t*, const char* id) {
  return std::strcmp(id, VIGIE_EXT_ANALYTICS) == 0 ? &analytics : nullptr;
}
const vigie_plugin_t the_plugin{
    sizeof the_plugin, 0, &descriptor, nullptr, init, start, stop, destroy, get_extension};

const vigie_plugin_factory_t factory{
    sizeof factory, 0, [] { return 1U; },
    [](std::uint32_t index) { return index == 0 ? &descriptor : nullptr; },
    [](const vigie_host_t* host, vigie_str_t) {
      the_host = host;
      return &the_plugin;
    }};

}  // namespace

const vigie_plugin_entry_t vigie_plugin_entry{
    sizeof(vigie_plugin_entry_t), VIGIE_ABI_VERSION,
    [](vigie_str_t, vigie_error_t*) { return vigie_status_t{VIGIE_OK}; }, [] {},
    [](const char* id) {
      return std::strcmp(id, VIGIE_FACTORY_ANALYTICS) == 0 ? &factory : nullptr;
    }};
