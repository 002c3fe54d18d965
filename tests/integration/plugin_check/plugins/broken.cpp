// SPDX-License-Identifier: Apache-2.0
// A correct plugin of each kind over the bare C ABI, with exactly one fault: the one named in the
// file `fault` beside the library. Each fault shows in one case of the conformance suite.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>
#include <vigie/sdk.h>

#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace {

std::string the_fault;
void* volatile lost = nullptr;  // what keeps the compiler from removing a leak, or a read
volatile uint8_t seen = 0;
bool has(const char* fault) { return the_fault == fault; }

struct instance {
  vigie_plugin_t abi{};
  const vigie_host_t* host = nullptr;
  bool was_init_called = false, is_initialised = false, is_started = false, was_stopped = false;
  bool has_doomed_config = false;
  std::set<uint64_t> cameras;
  const vigie_frame_t* kept = nullptr;
  const void* extension(const char* id) const { return host->get_extension(host, id); }
};

instance& of(const vigie_plugin_t* plugin) { return *static_cast<instance*>(plugin->data); }
vigie_str_t text(std::string_view t) { return {t.data(), t.size()}; }
std::string_view view(vigie_str_t t) { return {t.data == nullptr ? "" : t.data, t.length}; }

vigie_status_t fail(vigie_error_t* error, vigie_status_t code, const char* why) {
  if (has("null_error")) error->code = code;
  if (error != nullptr && VIGIE_HAS(error, vigie_error_t, text)) {
    error->code = code;
    std::snprintf(error->text, sizeof error->text, "%s", why);
  }
  return code;
}

void say(const instance& self, const char* line) {
  const auto* log = static_cast<const vigie_log_t*>(self.extension(VIGIE_EXT_LOG));
  if (log != nullptr || has("needs_log")) log->write(self.host, VIGIE_LOG_INFO, text(line));
}

void leak(size_t bytes) { lost = std::malloc(bytes); }

vigie_status_t init(const vigie_plugin_t* plugin, vigie_str_t config, vigie_error_t* error) {
  auto& self = of(plugin);
  self.was_init_called = true;
  if (self.is_initialised && !has("init_twice")) return fail(error, VIGIE_E_STATE, "twice");
  const auto words = view(config);
  if (has("config_crash") && words.size() > 3000) std::abort();
  if (has("config_hang") && words.size() > 3000)
    for (std::atomic<bool> forever{true}; forever;) {}
  if (has("config_status") && words.size() > 3000) return fail(error, VIGIE_E_IO, "long");
  if (has("config_leak") && words.size() != 2) leak(32);
  if (words.find("no_such_key") != std::string_view::npos) {
    self.has_doomed_config = true;
    return fail(error, VIGIE_E_INVALID, "unknown key");
  }
  if (words.empty() || words.front() != '{')
    return fail(error, VIGIE_E_INVALID, "the configuration is no object");
  say(self, "initialised");
  self.is_initialised = true;
  return VIGIE_OK;
}

vigie_status_t start(const vigie_plugin_t* plugin, vigie_error_t* error) {
  auto& self = of(plugin);
  if (!self.is_initialised && !has("start_first")) return fail(error, VIGIE_E_STATE, "too early");
  if (self.is_started) return fail(error, VIGIE_E_STATE, "started already");
  if (has("no_restart") && self.was_stopped) return fail(error, VIGIE_E_IO, "once is enough");
  if (has("prints")) static_cast<void>(!::write(STDOUT_FILENO, "hello\n", 6));
  if (has("handler")) ::signal(SIGUSR1, [](int) {});
  if (has("reads_passwd")) ::close(::open("/etc/passwd", O_RDONLY));
  if (has("leak")) leak(64);
  if (has("descriptors")) static_cast<void>(::open("/dev/null", O_RDONLY));
  static bool has_thread = false;
  if (has("lost_thread") && !std::exchange(has_thread, true))
    std::thread{[] {
      while (true) ::poll(nullptr, 0, 1000);
    }}.detach();
  self.is_started = true;
  return VIGIE_OK;
}

void release(instance& self) {
  const auto* frames = static_cast<const vigie_frames_t*>(self.extension(VIGIE_EXT_FRAMES));
  if (self.kept != nullptr && frames != nullptr) frames->release(self.host, self.kept);
  self.kept = nullptr;
}

void stop(const vigie_plugin_t* plugin) {
  auto& self = of(plugin);
  if (has("slow_stop") && self.cameras.size() >= 8) ::poll(nullptr, 0, 60'000);
  if (self.is_started && !has("keeps_frame")) release(self);
  self.cameras.clear();
  self.is_started = false;
  self.was_stopped = true;
}

void destroy(const vigie_plugin_t* plugin) {
  auto* const self = &of(plugin);
  static int never_initialised = 0;
  if (!self->was_init_called && ++never_initialised == 2 && has("bare_destroy")) std::abort();
  if (self->has_doomed_config && has("failed_init")) std::abort();
  if (has("late_call")) say(*self, "farewell");
  delete self;
}

// -- protocol ----------------------------------------------------------------------------------

vigie_status_t attach(const vigie_plugin_t* plugin, const vigie_camera_t* camera,
                      vigie_error_t* error) {
  auto& self = of(plugin);
  if (!self.is_started && !has("early_attach")) return fail(error, VIGIE_E_STATE, "not started");
  if (has("throws") && view(camera->address).find("%n") != std::string_view::npos)
    throw std::runtime_error{"over the line"};
  if (camera->handle == 0 || view(camera->address).find("127.0.0.1") == std::string_view::npos)
    return fail(error, VIGIE_E_INVALID, "not an address of this plugin");
  if (has("few_cameras") && self.cameras.size() >= 8) return fail(error, VIGIE_E_BUSY, "full");
  self.cameras.insert(camera->handle);
  return VIGIE_OK;
}
void detach(const vigie_plugin_t* plugin, uint64_t camera) { of(plugin).cameras.erase(camera); }
vigie_status_t resolve(const vigie_plugin_t* plugin, uint64_t camera, vigie_stream_t* out,
                       vigie_error_t* error) {
  auto& self = of(plugin);
  if (!self.is_started) return fail(error, VIGIE_E_STATE, "not started");
  if (!self.cameras.contains(camera) && !(has("foreign_stream") && camera == 4711))
    return fail(error, VIGIE_E_NOT_FOUND, "no such camera");
  if (!VIGIE_HAS(out, vigie_stream_t, url)) return fail(error, VIGIE_E_INVALID, "no room");
  out->transport = VIGIE_STREAM_PUSHED;
  out->url[0] = '\0';
  return VIGIE_OK;
}
vigie_status_t open_stream(const vigie_plugin_t* plugin, uint64_t camera, vigie_error_t* error) {
  auto& self = of(plugin);
  if (!self.is_started) return fail(error, VIGIE_E_STATE, "not started");
  if (!self.cameras.contains(camera)) return fail(error, VIGIE_E_NOT_FOUND, "no such camera");
  return VIGIE_OK;
}
void close_stream(const vigie_plugin_t* plugin, uint64_t camera) {
  auto& self = of(plugin);
  static int closes = 0;
  if (!has("late_packet") || ++closes % 2 != 0) return;
  static const uint8_t picture[] = {0, 0, 0, 1, 0x65, 0x88};
  const vigie_packet_t packet = {
      sizeof packet, VIGIE_CODEC_H264,         VIGIE_PACKET_KEY, 1, 1000, 0,
      {nullptr, 0},  {picture, sizeof picture}};
  const auto* sink = static_cast<const vigie_packet_sink_t*>(self.extension(VIGIE_EXT_PACKET_SINK));
  sink->push(self.host, camera, &packet);
}
constexpr vigie_protocol_t protocol{
    sizeof(vigie_protocol_t), 0, nullptr, attach, detach, resolve, open_stream, close_stream};

// -- analytics ---------------------------------------------------------------------------------

vigie_status_t attach_seen(const vigie_plugin_t* plugin, const vigie_analytics_camera_t* camera,
                           vigie_error_t* error) {
  auto& self = of(plugin);
  if (!self.is_started) return fail(error, VIGIE_E_STATE, "not started");
  if (camera->handle == 0) return fail(error, VIGIE_E_INVALID, "no camera");
  self.cameras.insert(camera->handle);
  return VIGIE_OK;
}
vigie_status_t on_frame(const vigie_plugin_t* plugin, const vigie_frame_t* frame,
                        vigie_error_t* error) {
  auto& self = of(plugin);
  if (!self.is_started) return fail(error, VIGIE_E_STATE, "not started");
  if (!self.cameras.contains(frame->camera)) return fail(error, VIGIE_E_NOT_FOUND, "whose?");
  if (frame->plane_count == 0) return fail(error, VIGIE_E_INVALID, "no planes");
  const auto* luma = frame->planes[0].data;
  const size_t last = size_t{frame->planes[0].stride} * (frame->height - 1) + frame->width - 1;
  seen = luma[last];
  if (has("overread") && frame->width == 3) seen = luma[last + 1 + frame->planes[0].stride];
  if (has("scribbles") && frame->width == 3) *const_cast<uint8_t*>(luma) = 1;
  if (has("keeps_frame") && self.kept == nullptr) {
    const auto* frames = static_cast<const vigie_frames_t*>(self.extension(VIGIE_EXT_FRAMES));
    if (frames->retain(self.host, frame) == VIGIE_OK) self.kept = frame;
  }
  vigie_detection_t d{};
  d.size = sizeof d;
  d.event_type = VIGIE_EVENT_PICTURE_BLACK;
  d.camera = frame->camera;
  d.frame = frame->id;
  d.at_utc_us = frame->capture_utc_us;
  d.active = -1;
  d.score = 0.5;
  if (has("undeclared") && frame->id == 200) d.event_type = VIGIE_EVENT_FIRE;
  if (has("nan_score") && frame->id == 200) d.score = std::nan("");
  if (has("foreign_detection") && frame->id == 200) d.camera = 99;
  if (frame->id != 200) return VIGIE_OK;
  const auto* to = static_cast<const vigie_detections_t*>(self.extension(VIGIE_EXT_DETECTIONS));
  to->emit(self.host, &d);
  return VIGIE_OK;
}
constexpr vigie_analytics_t analytics{sizeof(vigie_analytics_t),
                                      VIGIE_CLASS_TECHNICAL,
                                      VIGIE_PIXEL_GRAY8,
                                      64,
                                      48,
                                      500,
                                      attach_seen,
                                      detach,
                                      on_frame};

// -- notifier ----------------------------------------------------------------------------------

void report(const instance& self, vigie_str_t key, vigie_str_t recipient, int32_t outcome) {
  vigie_delivery_report_t out{};
  out.size = sizeof out;
  out.outcome = outcome;
  out.key = key;
  out.recipient = recipient;
  const auto* to = static_cast<const vigie_delivery_t*>(self.extension(VIGIE_EXT_DELIVERY));
  to->report(self.host, &out);
}
vigie_status_t deliver(const vigie_plugin_t* plugin, const vigie_notification_t* what,
                       vigie_error_t* error) {
  auto& self = of(plugin);
  if (!self.is_started) return fail(error, VIGIE_E_STATE, "not started");
  if (what->key.length == 0 || what->status < 1 || what->status > 3)
    return fail(error, VIGIE_E_INVALID, "no notification");
  report(self, what->key, what->recipient,
         has("lies") ? VIGIE_DELIVERY_DELIVERED : VIGIE_DELIVERY_NEEDS_HUMAN);
  return VIGIE_OK;
}
vigie_status_t probe(const vigie_plugin_t* plugin, vigie_str_t recipient, vigie_error_t* error) {
  auto& self = of(plugin);
  if (!self.is_started) return fail(error, VIGIE_E_STATE, "not started");
  if (has("probe_reports")) report(self, text("probe"), recipient, VIGIE_DELIVERY_DELIVERED);
  if (has("probe_exits") && view(recipient) == "check-nobody") std::_Exit(0);
  return VIGIE_OK;
}
constexpr vigie_notifier_t notifier{sizeof(vigie_notifier_t), 0, deliver, probe};

// -- entry -------------------------------------------------------------------------------------

vigie_plugin_descriptor_t descriptor_of(int32_t kind) {
  return {sizeof(vigie_plugin_descriptor_t),
          kind,
          text("test.broken"),
          text("Broken"),
          text("Vigie"),
          text("1.0.0")};
}
const vigie_plugin_descriptor_t descriptors[] = {descriptor_of(VIGIE_KIND_PROTOCOL),
                                                 descriptor_of(VIGIE_KIND_ANALYTICS),
                                                 descriptor_of(VIGIE_KIND_NOTIFIER)};

bool is(const char* wanted, const char* id) {
  return has("prefix_ids") ? std::strncmp(wanted, id, std::strlen(id)) == 0
                           : std::strcmp(wanted, id) == 0;
}

template <int Kind>
const void* get_extension(const vigie_plugin_t* plugin, const char* id) {
  if (!of(plugin).is_initialised) return nullptr;
  if (Kind == VIGIE_KIND_PROTOCOL && is(id, VIGIE_EXT_PROTOCOL)) return &protocol;
  if (Kind == VIGIE_KIND_ANALYTICS && is(id, VIGIE_EXT_ANALYTICS)) return &analytics;
  if (Kind == VIGIE_KIND_NOTIFIER && is(id, VIGIE_EXT_NOTIFIER)) return &notifier;
  return nullptr;
}

template <int Kind>
const vigie_plugin_t* create(const vigie_host_t* host, vigie_str_t id) {
  if (view(id) != "test.broken" && !has("any_id")) return nullptr;
  if (has("host_2") && host->abi.major != VIGIE_ABI_MAJOR) std::abort();
  auto* const self = new instance;
  self->host = host;
  self->abi = {sizeof(vigie_plugin_t), 0, &descriptors[Kind - 1], self, init, start, stop, destroy,
               get_extension<Kind>};
  return &self->abi;
}

template <int Kind>
constexpr vigie_plugin_factory_t factory{
    sizeof(vigie_plugin_factory_t), 0, [] { return 1U; },
    [](uint32_t index) { return index == 0 ? &descriptors[Kind - 1] : nullptr; }, create<Kind>};

int entry_count = 0;

vigie_status_t entry_init(vigie_str_t path, vigie_error_t* error) {
  if (++entry_count > 1)
    return has("uncounted") ? fail(error, VIGIE_E_STATE, "only once") : VIGIE_OK;
  std::ifstream{std::string{view(path)} + "/fault"} >> the_fault;
  return VIGIE_OK;
}

const vigie_plugin_factory_t* get_factory(const char* id) {
  const std::string_view wanted{id};
  if (wanted == VIGIE_FACTORY_PROTOCOL) return &factory<VIGIE_KIND_PROTOCOL>;
  if (wanted == VIGIE_FACTORY_ANALYTICS) return &factory<VIGIE_KIND_ANALYTICS>;
  if (wanted == VIGIE_FACTORY_NOTIFIER) return &factory<VIGIE_KIND_NOTIFIER>;
  if (has("factory_2") && wanted == "vigie.factory.protocol/2")
    return &factory<VIGIE_KIND_PROTOCOL>;
  return nullptr;
}

}  // namespace

#ifndef BROKEN_ABI
#define BROKEN_ABI VIGIE_ABI_MAJOR
#endif
const vigie_plugin_entry_t vigie_plugin_entry{sizeof(vigie_plugin_entry_t),
                                              {BROKEN_ABI, 0, 0},
                                              entry_init,
                                              [] { --entry_count; },
                                              get_factory};

#ifdef BROKEN_EXPORTS
extern "C" VIGIE_EXPORT int vigie_plugin_helper() { return 1; }
#endif
#ifdef BROKEN_NEEDS
extern "C" int vigie_host_internal();
extern "C" int broken_use() { return vigie_host_internal(); }
#endif
