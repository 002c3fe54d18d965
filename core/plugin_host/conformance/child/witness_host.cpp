// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/conformance/child/witness_host.hpp"

#include <string_view>

namespace vigie::plugin_host::conformance::child {
namespace {

constexpr std::size_t most_remembered = 64;

template <class T>
void remember(std::vector<T>& list, T item) {
  if (list.size() < most_remembered) list.push_back(std::move(item));
}

}  // namespace

/// The tables: each function notes the call, then lets the real host judge it.
struct witness_host::functions {
  using host = const vigie_host_t*;

  static void write(host h, std::int32_t severity, vigie_str_t text) {
    auto& self = of(h);
    if (!self.may_call("log.write")) return;
    self.real<vigie_log_t>(VIGIE_EXT_LOG)->write(self.inner_.abi(), severity, text);
  }
  static std::int32_t is_control(host h) {
    auto& self = of(h);
    return self.real<vigie_thread_check_t>(VIGIE_EXT_THREAD_CHECK)->is_control(self.inner_.abi());
  }
  static std::int32_t is_worker(host h) {
    auto& self = of(h);
    return self.real<vigie_thread_check_t>(VIGIE_EXT_THREAD_CHECK)->is_worker(self.inner_.abi());
  }
  static vigie_status_t push(host h, std::uint64_t camera, const vigie_packet_t* packet) {
    auto& self = of(h);
    if (!self.may_call("packet_sink.push")) return VIGIE_E_STATE;
    {
      std::lock_guard lock{self.mutex_};
      const auto stream = self.streams_.find(camera);
      if (stream != self.streams_.end() && !stream->second)
        remember(self.record_.late_packets, "camera " + std::to_string(camera));
    }
    return self.real<vigie_packet_sink_t>(VIGIE_EXT_PACKET_SINK)
        ->push(self.inner_.abi(), camera, packet);
  }
  static void ended(host h, std::uint64_t camera, vigie_status_t why, vigie_str_t text) {
    auto& self = of(h);
    if (!self.may_call("packet_sink.ended")) return;
    self.real<vigie_packet_sink_t>(VIGIE_EXT_PACKET_SINK)
        ->ended(self.inner_.abi(), camera, why, text);
  }
  static vigie_status_t emit_event(host h, const vigie_device_event_t* event) {
    auto& self = of(h);
    if (!self.may_call("device_events.emit")) return VIGIE_E_STATE;
    return self.real<vigie_device_events_t>(VIGIE_EXT_DEVICE_EVENTS)
        ->emit(self.inner_.abi(), event);
  }
  static vigie_status_t emit_detection(host h, const vigie_detection_t* detection) {
    auto& self = of(h);
    if (!self.may_call("detections.emit")) return VIGIE_E_STATE;
    return self.real<vigie_detections_t>(VIGIE_EXT_DETECTIONS)->emit(self.inner_.abi(), detection);
  }
  static vigie_status_t retain(host h, const vigie_frame_t* frame) {
    auto& self = of(h);
    if (!self.may_call("frames.retain")) return VIGIE_E_STATE;
    std::lock_guard lock{self.mutex_};
    const auto found = self.frames_.find(frame);
    if (found == self.frames_.end()) {
      remember(self.record_.offences, std::string{"retained a frame that is not there"});
      return VIGIE_E_INVALID;
    }
    if (self.record_.retained >= 4) return VIGIE_E_BUSY;
    ++found->second;
    ++self.record_.retained;
    return VIGIE_OK;
  }
  static void release(host h, const vigie_frame_t* frame) {
    auto& self = of(h);
    if (!self.may_call("frames.release")) return;
    std::lock_guard lock{self.mutex_};
    const auto found = self.frames_.find(frame);
    if (found == self.frames_.end() || found->second == 0) {
      remember(self.record_.offences, std::string{"released a frame it does not hold"});
      return;
    }
    --found->second;
    --self.record_.retained;
  }
  static vigie_status_t report(host h, const vigie_delivery_report_t* given) {
    auto& self = of(h);
    if (!self.may_call("delivery.report")) return VIGIE_E_STATE;
    {
      std::lock_guard lock{self.mutex_};
      ++self.record_.report_calls;
    }
    return self.real<vigie_delivery_t>(VIGIE_EXT_DELIVERY)->report(self.inner_.abi(), given);
  }
  static const void* get_extension(host h, const char* id) {
    static constexpr vigie_log_t log{sizeof(vigie_log_t), 0, &write};
    static constexpr vigie_thread_check_t threads{sizeof(vigie_thread_check_t), 0, &is_control,
                                                  &is_worker};
    static constexpr vigie_packet_sink_t packets{sizeof(vigie_packet_sink_t), 0, &push, &ended};
    static constexpr vigie_device_events_t events{sizeof(vigie_device_events_t), 0, &emit_event};
    static constexpr vigie_detections_t detections{sizeof(vigie_detections_t), 0, &emit_detection};
    static constexpr vigie_frames_t frames{sizeof(vigie_frames_t), 0, &retain, &release};
    static constexpr vigie_delivery_t delivery{sizeof(vigie_delivery_t), 0, &report};
    auto& self = of(h);
    const std::string_view name{id == nullptr ? "" : id};
    if (!self.may_call("get_extension") || self.offers_nothing_) return nullptr;
    if (name == VIGIE_EXT_LOG) return &log;
    if (name == VIGIE_EXT_THREAD_CHECK) return &threads;
    if (name == VIGIE_EXT_PACKET_SINK) return &packets;
    if (name == VIGIE_EXT_DEVICE_EVENTS) return &events;
    if (name == VIGIE_EXT_DETECTIONS) return &detections;
    if (name == VIGIE_EXT_FRAMES) return &frames;
    if (name == VIGIE_EXT_DELIVERY) return &delivery;
    return nullptr;
  }
};

witness_host::witness_host(std::uint8_t kind, std::vector<std::int32_t> events, const clock& time)
    : inner_{kind, std::move(events), time, [this](const notice& said) { take(said); }} {
  inner_.allow_calls();
  abi_ = *inner_.abi();
  abi_.data = this;
  abi_.get_extension = &functions::get_extension;
}

void witness_host::enter(std::string phase, bool may_call) {
  std::lock_guard lock{mutex_};
  phase_ = std::move(phase);
  may_call_ = may_call;
}

void witness_host::offer_nothing() { offers_nothing_ = true; }

bool witness_host::may_call(const char* what) {
  std::lock_guard lock{mutex_};
  if (!may_call_) remember(record_.untimely, std::string{what} + " was called " + phase_);
  return may_call_;
}

void witness_host::stream_opened(std::uint64_t camera) {
  std::lock_guard lock{mutex_};
  streams_[camera] = true;
}

void witness_host::stream_closed(std::uint64_t camera) {
  std::lock_guard lock{mutex_};
  streams_[camera] = false;
}

void witness_host::show(const vigie_frame_t* frame) {
  std::lock_guard lock{mutex_};
  frames_.emplace(frame, 0);
}

void witness_host::take(const notice& said) {
  std::lock_guard lock{mutex_};
  if (const auto* offence = std::get_if<offence_notice>(&said))
    remember(record_.offences,
             std::string{name_of(static_cast<fault>(offence->fault))} + ", " + offence->text);
  else if (const auto* report = std::get_if<report_notice>(&said))
    remember(record_.reports, report->report);
  else if (std::holds_alternative<packet_notice>(said))
    ++record_.packets;
  else if (std::holds_alternative<detection_notice>(said))
    ++record_.detections;
  else if (std::holds_alternative<log_notice>(said))
    ++record_.lines;
}

witness_host::record witness_host::seen() const {
  std::lock_guard lock{mutex_};
  return record_;
}

}  // namespace vigie::plugin_host::conformance::child
