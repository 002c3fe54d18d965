// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dlfcn.h>

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/sdk.h"

/// Drives a built plugin through the C ABI alone, as a host in the same process would: one library,
/// one instance, everything it says kept for the test to look at.
namespace vigie::test {

inline vigie_str_t str(std::string_view text) { return {text.data(), text.size()}; }
inline std::string text_of(vigie_str_t text) {
  return text.length == 0 ? std::string{} : std::string{text.data, text.length};
}

struct pushed_packet {
  std::uint64_t camera;
  vigie_packet_t head;  ///< its byte members are void; see below
  std::vector<std::uint8_t> parameters, data;
};
struct ended_stream {
  std::uint64_t camera;
  vigie_status_t why;
  std::string text;
};
struct log_line {
  std::int32_t severity;
  std::string text;
};
struct delivery_line {
  std::int32_t outcome;
  std::string key, recipient, reference, text;
};

/// What a plugin said to its host.
struct host_record {
  std::vector<log_line> lines;
  std::vector<pushed_packet> packets;
  std::vector<ended_stream> ended;
  std::vector<vigie_device_event_t> events;
  std::vector<delivery_line> deliveries;
  std::vector<vigie_detection_t> detections;
};

/// The host side of the ABI. Thread-safe.
class harness_host {
 public:
  harness_host() {
    host_.size = sizeof host_;
    host_.abi = VIGIE_ABI_VERSION;
    host_.data = this;
    host_.name = str("vigie");
    host_.version = str("test");
    host_.get_extension = [](const vigie_host*, const char* id) -> const void* {
      return extension(id);
    };
  }
  harness_host(const harness_host&) = delete;
  harness_host& operator=(const harness_host&) = delete;

  const vigie_host_t* get() const { return &host_; }

  /// Looks at the record under its lock.
  template <class Look>
  auto with(Look look) const {
    const std::lock_guard hold{mutex_};
    return look(static_cast<const host_record&>(record_));
  }
  void clear() {
    const std::lock_guard hold{mutex_};
    record_ = {};
  }
  /// True as soon as `holds(record)` does, false after `limit`.
  bool wait(std::chrono::milliseconds limit,
            const std::function<bool(const host_record&)>& holds) const {
    std::unique_lock hold{mutex_};
    return changed_.wait_for(hold, limit, [&] { return holds(record_); });
  }
  /// What packet_sink.push answers from now on.
  void answer_pushes_with(vigie_status_t status) {
    const std::lock_guard hold{mutex_};
    push_answer_ = status;
  }

 private:
  static harness_host& of(const vigie_host* host) {
    return *static_cast<harness_host*>(host->data);
  }
  template <class Change>
  vigie_status_t record(Change change) {
    const std::lock_guard hold{mutex_};
    change(record_);
    changed_.notify_all();
    return VIGIE_OK;
  }

  static const void* extension(std::string_view id) {
    static const vigie_log_t log{
        sizeof log, 0, [](const vigie_host* host, std::int32_t severity, vigie_str_t text) {
          of(host).record([&](host_record& r) { r.lines.push_back({severity, text_of(text)}); });
        }};
    static const vigie_packet_sink_t sink{sizeof sink, 0, on_push, on_ended};
    static const vigie_device_events_t events{
        sizeof events, 0, [](const vigie_host* host, const vigie_device_event_t* event) {
          return of(host).record([&](host_record& r) { r.events.push_back(*event); });
        }};
    static const vigie_delivery_t delivery{
        sizeof delivery, 0, [](const vigie_host* host, const vigie_delivery_report_t* d) {
          return of(host).record([&](host_record& r) {
            r.deliveries.push_back({d->outcome, text_of(d->key), text_of(d->recipient),
                                    text_of(d->reference), text_of(d->text)});
          });
        }};
    if (id == VIGIE_EXT_LOG) return &log;
    if (id == VIGIE_EXT_PACKET_SINK) return &sink;
    if (id == VIGIE_EXT_DEVICE_EVENTS) return &events;
    static const vigie_detections_t detections{
        sizeof detections, 0, [](const vigie_host* host, const vigie_detection_t* found) {
          return of(host).record([&](host_record& r) { r.detections.push_back(*found); });
        }};
    if (id == VIGIE_EXT_DELIVERY) return &delivery;
    if (id == VIGIE_EXT_DETECTIONS) return &detections;
    return nullptr;
  }
  static vigie_status_t on_push(const vigie_host* host, std::uint64_t camera,
                                const vigie_packet_t* packet) {
    harness_host& self = of(host);
    const auto bytes = [](vigie_bytes_t b) {
      return std::vector<std::uint8_t>(b.data, b.data + b.length);
    };
    self.record([&](host_record& r) {
      r.packets.push_back({camera, *packet, bytes(packet->parameters), bytes(packet->data)});
    });
    const std::lock_guard hold{self.mutex_};
    return self.push_answer_;
  }
  static void on_ended(const vigie_host* host, std::uint64_t camera, vigie_status_t why,
                       vigie_str_t text) {
    of(host).record([&](host_record& r) { r.ended.push_back({camera, why, text_of(text)}); });
  }

  vigie_host_t host_{};
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  host_record record_;
  vigie_status_t push_answer_ = VIGIE_OK;
};

/// One loaded library and one instance of one of its plugins. Throws std::runtime_error when the
/// plugin cannot be made; stops and destroys it at the end. The library stays loaded.
class plugin_harness {
 public:
  /// `factory_id`: VIGIE_FACTORY_…; `id`: the descriptor's.
  plugin_harness(const std::filesystem::path& library, const char* factory_id,
                 std::string_view id) {
    void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle) throw std::runtime_error{::dlerror()};
    entry_ = static_cast<const vigie_plugin_entry_t*>(::dlsym(handle, "vigie_plugin_entry"));
    if (!entry_) throw std::runtime_error{"no vigie_plugin_entry"};
    const std::string folder = library.parent_path().string();
    if (entry_->init(str(folder), &error_) != VIGIE_OK) throw std::runtime_error{"entry.init"};
    const vigie_plugin_factory_t* factory = entry_->get_factory(factory_id);
    if (factory) plugin_ = factory->create(host_.get(), str(id));
    if (!plugin_) {
      entry_->deinit();
      throw std::runtime_error{"no plugin of that factory and id"};
    }
  }
  ~plugin_harness() {
    stop();
    plugin_->destroy(plugin_);
    entry_->deinit();
  }
  plugin_harness(const plugin_harness&) = delete;
  plugin_harness& operator=(const plugin_harness&) = delete;

  vigie_status_t init(std::string_view config_json = "{}") {
    return plugin_->init(plugin_, str(config_json), fresh_error());
  }
  vigie_status_t start() {
    const vigie_status_t status = plugin_->start(plugin_, fresh_error());
    started_ = status == VIGIE_OK;
    return status;
  }
  void stop() {
    if (started_) plugin_->stop(plugin_);
    started_ = false;
  }
  /// A table of the plugin by its C type; null when it has none.
  template <class Table>
  const Table* extension(const char* id) const {
    return static_cast<const Table*>(plugin_->get_extension(plugin_, id));
  }
  const vigie_protocol_t& protocol() const {
    return *extension<vigie_protocol_t>(VIGIE_EXT_PROTOCOL);
  }
  const vigie_notifier_t& notifier() const {
    return *extension<vigie_notifier_t>(VIGIE_EXT_NOTIFIER);
  }

  const vigie_analytics_t& analytics() const {
    return *extension<vigie_analytics_t>(VIGIE_EXT_ANALYTICS);
  }
  vigie_status_t attach_analytics(std::uint64_t handle, std::string_view id) {
    const vigie_analytics_camera_t camera{sizeof camera, 0, handle, str(id), str("{}")};
    return analytics().attach(plugin_, &camera, fresh_error());
  }
  /// Shows one picture of luma, lines without gaps.
  vigie_status_t show(std::uint64_t camera, std::uint64_t frame_id, vigie_utc_us_t at,
                      const std::vector<std::uint8_t>& luma, std::uint32_t width) {
    vigie_frame_t frame{};
    frame.size = sizeof frame;
    frame.pixel_format = VIGIE_PIXEL_GRAY8;
    frame.id = frame_id;
    frame.camera = camera;
    frame.capture_utc_us = at;
    frame.width = width;
    frame.height = static_cast<std::uint32_t>(luma.size() / width);
    frame.plane_count = 1;
    frame.planes[0] = {luma.data(), width, frame.height};
    return analytics().on_frame(plugin_, &frame, fresh_error());
  }

  struct camera_words {
    std::uint64_t handle = 1;
    std::string id = "cam-0001", address = {}, username = {}, password = {}, options = "{}";
  };
  vigie_status_t attach(const camera_words& c) {
    const vigie_camera_t camera{
        sizeof camera, 0, c.handle, str(c.id), str(c.address), str(c.username), str(c.password),
        str(c.options)};
    return protocol().attach(plugin_, &camera, fresh_error());
  }
  /// The stream's url; empty with `status` set when it could not be had or is pushed.
  std::string resolve(std::uint64_t camera, vigie_status_t* status = nullptr,
                      std::int32_t* transport = nullptr) {
    vigie_stream_t out{};
    out.size = sizeof out;
    const vigie_status_t got = protocol().resolve_stream(plugin_, camera, &out, fresh_error());
    if (status) *status = got;
    if (transport) *transport = out.transport;
    return got == VIGIE_OK ? out.url : "";
  }

  const vigie_plugin_t* get() const { return plugin_; }
  harness_host& host() { return host_; }
  /// An error slot for the next call, and what the last call left in it.
  vigie_error_t* fresh_error() {
    error_ = {};
    error_.size = sizeof error_;
    return &error_;
  }
  const vigie_error_t& error() const { return error_; }

 private:
  harness_host host_;
  const vigie_plugin_entry_t* entry_ = nullptr;
  const vigie_plugin_t* plugin_ = nullptr;
  vigie_error_t error_{sizeof(vigie_error_t), 0, {}};
  bool started_ = false;
};

}  // namespace vigie::test
