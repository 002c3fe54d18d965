// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vigie/sdk.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

// Hidden: two plugins in one process must never share an inline function or a static of this layer.
#pragma GCC visibility push(hidden)
namespace vigie::sdk {

enum class status : int32_t {
  ok = VIGIE_OK,
  internal = VIGIE_E_INTERNAL,
  invalid = VIGIE_E_INVALID,
  state = VIGIE_E_STATE,
  unsupported = VIGIE_E_UNSUPPORTED,
  not_found = VIGIE_E_NOT_FOUND,
  denied = VIGIE_E_DENIED,
  auth = VIGIE_E_AUTH,
  io = VIGIE_E_IO,
  timeout = VIGIE_E_TIMEOUT,
  busy = VIGIE_E_BUSY,
};

/// Thrown by a plugin to fail a call with a status of its choice. The text reaches the centre's
/// log: no secret in it.
class failure : public std::runtime_error {
 public:
  failure(status code, const std::string& text) : std::runtime_error(text), code_(code) {}
  [[nodiscard]] status code() const noexcept { return code_; }

 private:
  status code_;
};

/// The host's name for a camera, unique per instance, never 0.
using camera_handle = uint64_t;

/// UTC in microseconds; the epoch itself means "unknown".
using utc_time = std::chrono::sys_time<std::chrono::microseconds>;

/// Whether something began, ended, or was an instant without length.
enum class phase : int32_t { began = 1, ended = 0, instant = -1 };

namespace detail {

inline std::string_view view(vigie_str_t text) noexcept {
  return text.data == nullptr ? std::string_view{}
                              : std::string_view{text.data, static_cast<size_t>(text.length)};
}

inline vigie_str_t str(std::string_view text) noexcept { return {text.data(), text.size()}; }

inline vigie_bytes_t bytes(std::span<const uint8_t> data) noexcept {
  return {data.data(), data.size()};
}

inline utc_time from_us(vigie_utc_us_t time) noexcept {
  return utc_time{std::chrono::microseconds{time}};
}

inline vigie_utc_us_t to_us(utc_time time) noexcept { return time.time_since_epoch().count(); }

/// For times that may not be unknown: the clock's when none was given.
inline vigie_utc_us_t to_us_or_now(utc_time time) noexcept {
  using std::chrono::floor, std::chrono::microseconds, std::chrono::system_clock;
  return to_us(time != utc_time{} ? time : floor<microseconds>(system_clock::now()));
}

/// A copy of a struct of the host in which what its maker did not know is zero.
template <class Struct>
Struct read(const Struct* source) {
  if (source == nullptr || source->size < sizeof(source->size))
    throw failure(status::invalid, "a struct without a size");
  Struct copy{};
  std::memcpy(static_cast<void*>(&copy), source, std::min<size_t>(source->size, sizeof(Struct)));
  return copy;
}

/// Fills a struct of the caller with as much as its `size` says it has room for.
template <class Struct>
void fill(Struct* target, Struct values) {
  if (target == nullptr || target->size < sizeof(target->size))
    throw failure(status::invalid, "a struct without a size");
  values.size = target->size;
  std::memcpy(static_cast<void*>(target), &values, std::min<size_t>(target->size, sizeof(Struct)));
}

/// Longest prefix of `text` that fits in `room` bytes and does not cut a UTF-8 character.
inline std::string_view cut(std::string_view text, size_t room) noexcept {
  if (text.size() <= room) return text;
  while (room > 0 && (static_cast<uint8_t>(text[room]) & 0xC0u) == 0x80u) --room;
  return text.substr(0, room);
}

template <size_t Size>
void copy_text(char (&target)[Size], std::string_view text) noexcept {
  text = cut(text, Size - 1);
  std::memcpy(target, text.data(), text.size());
  std::memset(target + text.size(), 0, Size - text.size());
}

inline vigie_status_t fail(vigie_error_t* error, status code, std::string_view text) noexcept {
  const auto number = static_cast<vigie_status_t>(code);
  if (error == nullptr || !VIGIE_HAS(error, vigie_error_t, code)) return number;
  error->code = number;
  const size_t room = std::min<size_t>(error->size, sizeof(*error)) - offsetof(vigie_error_t, text);
  if (room > 0) {
    text = cut(text, room - 1);
    std::memcpy(error->text, text.data(), text.size());
    error->text[text.size()] = '\0';
  }
  return number;
}

}  // namespace detail
}  // namespace vigie::sdk
#pragma GCC visibility pop
