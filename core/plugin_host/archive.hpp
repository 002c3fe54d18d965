// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "plugin_host/messages.hpp"

// Packing of messages.hpp for the channel to a child: numbers in the machine's own byte order (one
// build, one machine), sizes before lists and texts. Unpacking trusts nothing: a size beyond what
// is there, or a variant that does not exist, ends it.
namespace vigie::plugin_host::archive {

// Fields of every struct that travels, in order; one list serves both directions.
template <class A>
void fields(A& a, attach_call& v) {
  a(v.camera, v.id, v.address, v.username, v.password, v.options_json);
}
template <class A>
void fields(A& a, detach_call& v) {
  a(v.camera);
}
template <class A>
void fields(A& a, discover_call& v) {
  a(v.budget_ms);
}
template <class A>
void fields(A& a, resolve_call& v) {
  a(v.camera);
}
template <class A>
void fields(A& a, open_call& v) {
  a(v.camera);
}
template <class A>
void fields(A& a, close_call& v) {
  a(v.camera);
}
template <class A>
void fields(A& a, describe_call& v) {
  a(v.camera);
}
template <class A>
void fields(A& a, clock_call& v) {
  a(v.camera);
}
template <class A>
void fields(A& a, ptz_move_call& v) {
  a(v.camera, v.pan, v.tilt, v.zoom, v.timeout_ms);
}
template <class A>
void fields(A& a, ptz_stop_call& v) {
  a(v.camera);
}
template <class A>
void fields(A& a, ptz_presets_call& v) {
  a(v.camera);
}
template <class A>
void fields(A& a, ptz_go_to_call& v) {
  a(v.camera, v.token);
}
template <class A>
void fields(A& a, list_masks_call& v) {
  a(v.camera);
}
template <class A>
void fields(A& a, set_mask_call& v) {
  a(v.camera, v.mask);
}
template <class A>
void fields(A& a, deliver_call& v) {
  a(v.what);
}
template <class A>
void fields(A& a, probe_call& v) {
  a(v.recipient);
}
template <class A>
void fields(A& a, frame_call& v) {
  a(v.camera, v.id);
}
template <class A>
void fields(A& a, privacy_mask& v) {
  a(v.token, v.points);
}
template <class A>
void fields(A& a, notification& v) {
  a(v.status, v.key, v.recipient, v.incident, v.event, v.headline, v.description, v.instruction);
  a(v.commune_insee, v.place, v.camera, v.operator_id, v.at, v.priority);
  a(v.latitude_microdeg, v.longitude_microdeg, v.attempt);
}
template <class A>
void fields(A& a, stream_place& v) {
  a(v.is_pushed, v.url);
}
template <class A>
void fields(A& a, discovered_device& v) {
  a(v.address, v.name, v.hardware);
}
template <class A>
void fields(A& a, device_facts& v) {
  a(v.manufacturer, v.model, v.firmware, v.serial);
}
template <class A>
void fields(A& a, ptz_preset& v) {
  a(v.token, v.name);
}
template <class A>
void fields(A& a, answer& v) {
  a(v.status, v.text, v.value);
}
template <class A>
void fields(A& a, pushed_packet& v) {
  a(v.codec, v.is_key, v.after_loss, v.stream_generation, v.media_pts_us, v.capture_utc_us);
  a(v.parameters, v.data);
}
template <class A>
void fields(A& a, device_event& v) {
  a(v.type, v.at, v.active, v.channel);
}
template <class A>
void fields(A& a, detection& v) {
  a(v.event_type, v.frame, v.at, v.active, v.count, v.score, v.left, v.top, v.right, v.bottom);
}
template <class A>
void fields(A& a, delivery_report& v) {
  a(v.outcome, v.key, v.recipient, v.reference, v.text, v.at);
}
template <class A>
void fields(A& a, packet_notice& v) {
  a(v.camera, v.packet);
}
template <class A>
void fields(A& a, ended_notice& v) {
  a(v.camera, v.why, v.text);
}
template <class A>
void fields(A& a, device_event_notice& v) {
  a(v.camera, v.event);
}
template <class A>
void fields(A& a, detection_notice& v) {
  a(v.camera, v.detection);
}
template <class A>
void fields(A& a, report_notice& v) {
  a(v.report);
}
template <class A>
void fields(A& a, log_notice& v) {
  a(v.severity, v.text);
}
template <class A>
void fields(A& a, offence_notice& v) {
  a(v.fault, v.camera, v.text);
}
template <class A>
void fields(A& a, start_order& v) {
  a(v.library, v.id, v.kind, v.events, v.config_json, v.may_use_network, v.files);
}
template <class A>
void fields(A& a, start_report& v) {
  a(v.status, v.text, v.has_wish, v.pixel_format, v.width, v.height, v.interval_ms);
}
template <class A>
void fields(A&, std::monostate&) {}

class packer {
 public:
  explicit packer(std::vector<std::uint8_t>& out) : out_{out} {}
  template <class... T>
  void operator()(T&... values) {
    (put(values), ...);
  }

 private:
  void raw(const void* bytes, std::size_t size) {
    if (size == 0) return;
    const auto at = out_.size();
    out_.resize(at + size);
    std::memcpy(out_.data() + at, bytes, size);
  }
  template <class T>
  void put(T& value) {
    if constexpr (std::is_arithmetic_v<T>) {
      raw(&value, sizeof value);
    } else {
      fields(*this, value);
    }
  }
  void put(std::string& text) { put_list(text); }
  template <class T>
  void put(std::vector<T>& list) {
    if constexpr (std::is_arithmetic_v<T>) {
      put_list(list);
    } else {
      const auto count = static_cast<std::uint32_t>(list.size());
      raw(&count, sizeof count);
      for (auto& item : list) put(item);
    }
  }
  template <class... T>
  void put(std::variant<T...>& value) {
    const auto index = static_cast<std::uint8_t>(value.index());
    raw(&index, sizeof index);
    std::visit([this](auto& item) { this->put(item); }, value);
  }
  template <class List>
  void put_list(List& list) {
    const auto count = static_cast<std::uint32_t>(list.size());
    raw(&count, sizeof count);
    raw(list.data(), list.size() * sizeof(typename List::value_type));
  }
  std::vector<std::uint8_t>& out_;
};

class unpacker {
 public:
  explicit unpacker(byte_view in) : in_{in} {}
  template <class... T>
  void operator()(T&... values) {
    (get(values), ...);
  }
  bool ok() const noexcept { return ok_; }
  /// All well, and nothing left over.
  bool complete() const noexcept { return ok_ && in_.empty(); }

 private:
  bool raw(void* bytes, std::size_t size) {
    if (!ok_ || size > in_.size()) return ok_ = false;
    if (size > 0) std::memcpy(bytes, in_.data(), size);
    in_ = in_.subspan(size);
    return true;
  }
  template <class T>
  void get(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      std::uint8_t byte = 0;
      raw(&byte, 1);
      value = byte != 0;
    } else if constexpr (std::is_arithmetic_v<T>) {
      raw(&value, sizeof value);
    } else {
      fields(*this, value);
    }
  }
  void get(std::string& text) { get_list(text); }
  template <class T>
  void get(std::vector<T>& list) {
    if constexpr (std::is_arithmetic_v<T>) {
      get_list(list);
    } else {
      std::uint32_t count = 0;
      if (!raw(&count, sizeof count)) return;
      // Every item takes a byte at least: a lying count ends here, not in the allocator.
      if (count > in_.size()) {
        ok_ = false;
        return;
      }
      for (std::uint32_t i = 0; i < count && ok_; ++i) get(list.emplace_back());
    }
  }
  template <class... T>
  void get(std::variant<T...>& value) {
    std::uint8_t index = 0;
    if (!raw(&index, 1)) return;
    if (index >= sizeof...(T)) {
      ok_ = false;
      return;
    }
    std::size_t at = 0;
    ((at++ == index ? get(value.template emplace<T>()) : void()), ...);
  }
  template <class List>
  void get_list(List& list) {
    using item = typename List::value_type;
    std::uint32_t count = 0;
    if (!raw(&count, sizeof count)) return;
    if (std::size_t{count} * sizeof(item) > in_.size()) {
      ok_ = false;
      return;
    }
    list.resize(count);
    raw(list.data(), std::size_t{count} * sizeof(item));
  }
  byte_view in_;
  bool ok_ = true;
};

}  // namespace vigie::plugin_host::archive
