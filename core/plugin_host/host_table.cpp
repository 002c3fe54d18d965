// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/host_table.hpp"

#include <vigie/sdk.h>

#include <atomic>
#include <mutex>
#include <unordered_map>

#include "plugin_host/abi_read.hpp"

namespace vigie::plugin_host {
namespace {

constexpr std::size_t longest_line = 1024;
constexpr std::size_t longest_text = 8 * 1024;
constexpr std::uint32_t most_retained_per_camera = 4;
constexpr std::uint32_t most_retained = 48;

thread_local const void* inside_table = nullptr;
thread_local host_table::tag inside_tag = host_table::tag::control;

bool is_text(vigie_str_t text, std::size_t longest) {
  return text.length == 0 || (text.data != nullptr && text.length <= longest);
}

std::string copy(vigie_str_t text) {
  return text.length == 0 ? std::string{}
                          : std::string{text.data, static_cast<std::size_t>(text.length)};
}

bool is_bytes(vigie_bytes_t bytes) {
  return bytes.length == 0 || (bytes.data != nullptr && bytes.length <= (5U << 20));
}

std::vector<std::uint8_t> copy(vigie_bytes_t bytes) {
  return bytes.length == 0 ? std::vector<std::uint8_t>{}
                           : std::vector<std::uint8_t>{bytes.data, bytes.data + bytes.length};
}

struct shown_frame {
  vigie_frame_t abi{};
  picture kept;
  std::uint32_t holders = 1;  ///< the call that shows it, and what the plugin retained
};

}  // namespace

struct host_table::state {
  state(std::uint8_t kind, std::vector<std::int32_t> events, const clock& clock_port,
        notice_sink notices)
      : judge{kind, std::move(events)}, time{clock_port}, sink{std::move(notices)} {}

  static state& of(const vigie_host_t* host) { return *static_cast<state*>(host->data); }

  std::int32_t say(notice said) {
    std::lock_guard lock{mutex};
    if (closed || !calls_allowed) return VIGIE_E_STATE;
    const auto now = time.mono();
    const auto verdict = judge.judge(said, now);
    if (verdict.fault) offend(*verdict.fault, verdict.why, camera_of(said), now);
    if (verdict.status == VIGIE_OK) sink(std::move(said));
    return verdict.status;
  }
  /// With the lock held.
  void offend(fault f, std::string_view why, std::uint64_t camera, mono_ns now) {
    if (closed || !judge.worth_telling(f, now)) return;
    sink(offence_notice{static_cast<std::uint8_t>(f), camera, std::string{why}});
  }
  std::int32_t offend(fault f, std::string_view why, std::int32_t status = VIGIE_E_INVALID) {
    std::lock_guard lock{mutex};
    offend(f, why, 0, time.mono());
    return status;
  }
  static std::uint64_t camera_of(const notice& said) {
    return std::visit(
        [](const auto& one) -> std::uint64_t {
          if constexpr (requires { one.camera; }) return one.camera;
          return 0;
        },
        said);
  }

  std::mutex mutex;
  screen judge;
  const clock& time;
  const notice_sink sink;
  bool closed = false;
  std::atomic<bool> calls_allowed{false};
  std::unordered_map<const vigie_frame_t*, std::unique_ptr<shown_frame>> frames;
  std::unordered_map<std::uint64_t, std::uint32_t> retained_of;  ///< by camera
  std::uint32_t retained = 0;
  vigie_host_t abi{};
};

namespace {

using state_of_host = const vigie_host_t*;

}  // namespace

// -- the tables; captureless functions over the host's own data ---------------------------------
// A template on the private state keeps these out of the header.
template <class State>
struct host_functions {
  static void write(state_of_host host, std::int32_t severity, vigie_str_t text) {
    if (text.length > 0 && text.data == nullptr) return;
    const auto length =
        static_cast<std::size_t>(std::min<std::uint64_t>(text.length, longest_line));
    State::of(host).say(log_notice{
        severity, printable({text.data == nullptr ? "" : text.data, length}, longest_line)});
  }
  static std::int32_t is_control(state_of_host host) {
    return inside_table == host && inside_tag == host_table::tag::control ? 1 : 0;
  }
  static std::int32_t is_worker(state_of_host host) {
    return inside_table == host && inside_tag == host_table::tag::worker ? 1 : 0;
  }
  static vigie_status_t push(state_of_host host, std::uint64_t camera,
                             const vigie_packet_t* given) {
    auto& self = State::of(host);
    const auto packet = read_abi(given);
    if (!packet || !is_bytes(packet->data) || !is_bytes(packet->parameters))
      return self.offend(fault::bad_packet, "pushed a packet struct that makes no sense");
    return self.say(
        packet_notice{camera,
                      {packet->codec, (packet->flags & VIGIE_PACKET_KEY) != 0,
                       (packet->flags & VIGIE_PACKET_AFTER_LOSS) != 0, packet->stream_generation,
                       packet->media_pts_us,
                       packet->capture_utc_us != 0 ? packet->capture_utc_us : self.time.utc(),
                       copy(packet->parameters), copy(packet->data)}});
  }
  static void ended(state_of_host host, std::uint64_t camera, vigie_status_t why,
                    vigie_str_t text) {
    auto& self = State::of(host);
    if (!is_text(text, longest_text)) {
      self.offend(fault::bad_event, "ended a stream with a text that makes no sense");
      return;
    }
    self.say(ended_notice{camera, why, printable(copy(text), longest_line)});
  }
  static vigie_status_t emit_event(state_of_host host, const vigie_device_event_t* given) {
    auto& self = State::of(host);
    const auto event = read_abi(given);
    if (!event)
      return self.offend(fault::bad_event, "told a device event struct that makes no sense");
    return self.say(device_event_notice{
        event->camera, {event->type, event->at_utc_us, event->active, event->channel}});
  }
  static vigie_status_t emit_detection(state_of_host host, const vigie_detection_t* given) {
    auto& self = State::of(host);
    const auto d = read_abi(given);
    if (!d) return self.offend(fault::bad_detection, "gave a detection struct that makes no sense");
    return self.say(detection_notice{d->camera,
                                     {d->event_type, d->frame, d->at_utc_us, d->active, d->count,
                                      d->score, d->left, d->top, d->right, d->bottom}});
  }
  static vigie_status_t report(state_of_host host, const vigie_delivery_report_t* given) {
    auto& self = State::of(host);
    const auto r = read_abi(given);
    if (!r || !is_text(r->key, longest_text) || !is_text(r->recipient, longest_text) ||
        !is_text(r->reference, longest_text) || !is_text(r->text, longest_text))
      return self.offend(fault::bad_event, "gave a delivery report struct that makes no sense");
    return self.say(report_notice{{r->outcome, copy(r->key), copy(r->recipient),
                                   printable(copy(r->reference), longest_text), copy(r->text),
                                   r->at_utc_us != 0 ? r->at_utc_us : self.time.utc()}});
  }
  static vigie_status_t retain(state_of_host host, const vigie_frame_t* frame) {
    auto& self = State::of(host);
    std::lock_guard lock{self.mutex};
    const auto found = self.frames.find(frame);
    if (found == self.frames.end()) {
      self.offend(fault::kept_frames, "retained a frame that is not there", 0, self.time.mono());
      return VIGIE_E_INVALID;
    }
    auto& of_camera = self.retained_of[found->second->abi.camera];
    if (of_camera >= most_retained_per_camera || self.retained >= most_retained) {
      self.offend(fault::kept_frames, "keeps more frames than it may", found->second->abi.camera,
                  self.time.mono());
      return VIGIE_E_BUSY;
    }
    ++of_camera;
    ++self.retained;
    ++found->second->holders;
    return VIGIE_OK;
  }
  static void release(state_of_host host, const vigie_frame_t* frame) {
    auto& self = State::of(host);
    std::lock_guard lock{self.mutex};
    const auto found = self.frames.find(frame);
    auto* const of_camera =
        found == self.frames.end() ? nullptr : &self.retained_of[found->second->abi.camera];
    if (of_camera == nullptr || *of_camera == 0) {
      self.offend(fault::kept_frames, "released a frame it does not hold", 0, self.time.mono());
      return;
    }
    --*of_camera;
    --self.retained;
    if (--found->second->holders == 0) self.frames.erase(found);
  }
  static const void* get_extension(state_of_host host, const char* id) {
    static constexpr vigie_log_t log{sizeof(vigie_log_t), 0, &write};
    static constexpr vigie_thread_check_t threads{sizeof(vigie_thread_check_t), 0, &is_control,
                                                  &is_worker};
    static constexpr vigie_packet_sink_t packets{sizeof(vigie_packet_sink_t), 0, &push, &ended};
    static constexpr vigie_device_events_t events{sizeof(vigie_device_events_t), 0, &emit_event};
    static constexpr vigie_detections_t detections{sizeof(vigie_detections_t), 0, &emit_detection};
    static constexpr vigie_frames_t frames{sizeof(vigie_frames_t), 0, &retain, &release};
    static constexpr vigie_delivery_t delivery{sizeof(vigie_delivery_t), 0, &report};
    if (id == nullptr) return nullptr;
    auto& self = State::of(host);
    if (!self.calls_allowed) {
      self.offend(fault::wrong_thread, "called the host from create");
      return nullptr;
    }
    const std::string_view name{id};
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

host_table::host_table(std::uint8_t kind, std::vector<std::int32_t> events, const clock& time,
                       notice_sink sink)
    : state_{std::make_unique<state>(kind, std::move(events), time, std::move(sink))} {
  constexpr std::string_view name = "vigie";
  constexpr std::string_view version = "0.1.0";
  auto& abi = state_->abi;
  abi.size = sizeof abi;
  abi.abi = VIGIE_ABI_VERSION;
  abi.data = state_.get();
  abi.name = {name.data(), name.size()};
  abi.version = {version.data(), version.size()};
  abi.get_extension = &host_functions<state>::get_extension;
}

host_table::~host_table() = default;

const vigie_host_t* host_table::abi() const noexcept { return &state_->abi; }

void host_table::tell_screen(const std::function<void(screen&)>& change) {
  std::lock_guard lock{state_->mutex};
  change(state_->judge);
}

void host_table::close() {
  std::lock_guard lock{state_->mutex};
  state_->closed = true;
}

void host_table::allow_calls() { state_->calls_allowed = true; }

host_table::inside::inside(const host_table& table, tag which) noexcept
    : earlier_table_{inside_table}, earlier_tag_{inside_tag} {
  inside_table = table.abi();
  inside_tag = which;
}

host_table::inside::~inside() {
  inside_table = earlier_table_;
  inside_tag = earlier_tag_;
}

std::int32_t host_table::show_frame(const frame_call& what,
                                    const std::function<std::int32_t(const vigie_frame&)>& look) {
  const auto& frame = what.frame;
  auto shown = std::make_unique<shown_frame>();
  shown->kept = frame;
  auto& abi = shown->abi;
  abi.size = sizeof abi;
  abi.pixel_format = frame.pixel_format;
  abi.id = what.id;
  abi.camera = what.camera;
  abi.capture_utc_us = frame.capture_utc_us;
  abi.width = frame.width;
  abi.height = frame.height;
  const auto half_width = (frame.width + 1) / 2, half_height = (frame.height + 1) / 2;
  const auto* const luma = frame.pixels.data();
  abi.planes[0] = {luma, frame.width, frame.height};
  abi.plane_count = 1;
  if (frame.pixel_format == VIGIE_PIXEL_I420) {
    const auto* const u = luma + std::size_t{frame.width} * frame.height;
    abi.planes[1] = {u, half_width, half_height};
    abi.planes[2] = {u + std::size_t{half_width} * half_height, half_width, half_height};
    abi.plane_count = 3;
  }
  const vigie_frame_t* const key = &abi;
  {
    std::lock_guard lock{state_->mutex};
    state_->judge.frame_given(what.id);
    state_->frames.emplace(key, std::move(shown));
  }
  const auto status = look(*key);
  std::lock_guard lock{state_->mutex};
  const auto found = state_->frames.find(key);
  if (found != state_->frames.end() && --found->second->holders == 0) state_->frames.erase(found);
  return status;
}

}  // namespace vigie::plugin_host
