// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <variant>
#include <vector>

#include "plugin_host/archive.hpp"

// The channel between the centre and a plugin's child: a stream socket with length-prefixed,
// bounded messages (archive.hpp), descriptors beside them. Neither end trusts the other's lengths.
namespace vigie::plugin_host::wire {

struct numbered_call {
  std::uint64_t number = 0;
  plugin_host::call call;
};
/// A shared memory object comes with this message; the child maps it for reading only.
struct pool_offer {
  std::uint32_t pool = 0;
  std::uint64_t bytes = 0;
};
struct frame_offer {
  std::uint64_t number = 0, camera = 0, id = 0;
  std::int32_t pixel_format = 0;
  std::uint32_t width = 0, height = 0;
  std::int64_t capture_utc_us = 0;
  std::uint32_t pool = 0, slot = 0;
  std::uint64_t offset = 0;
};
struct stop_order {};

/// The child's first words; the descriptor of its audited system calls comes with it.
struct hello {
  std::uint32_t sandbox_layers = 0;
  bool has_audit = false;
};
struct numbered_answer {
  std::uint64_t number = 0;
  plugin_host::answer answer;
};
struct slot_return {
  std::uint32_t pool = 0, slot = 0;
};
struct stopped {};

using to_child = std::variant<start_order, numbered_call, pool_offer, frame_offer, stop_order>;
using from_child = std::variant<hello, start_report, numbered_answer, notice, slot_return, stopped>;

template <class A>
void fields(A& a, numbered_call& v) {
  a(v.number, v.call);
}
template <class A>
void fields(A& a, pool_offer& v) {
  a(v.pool, v.bytes);
}
template <class A>
void fields(A& a, frame_offer& v) {
  a(v.number, v.camera, v.id, v.pixel_format, v.width, v.height, v.capture_utc_us, v.pool, v.slot,
    v.offset);
}
template <class A>
void fields(A&, stop_order&) {}
template <class A>
void fields(A& a, hello& v) {
  a(v.sandbox_layers, v.has_audit);
}
template <class A>
void fields(A& a, numbered_answer& v) {
  a(v.number, v.answer);
}
template <class A>
void fields(A& a, slot_return& v) {
  a(v.pool, v.slot);
}
template <class A>
void fields(A&, stopped&) {}

inline constexpr std::size_t max_message_bytes = 5U << 20;

enum class io : std::uint8_t { done = 1, again, closed };
enum class taken : std::uint8_t { one = 1, none, broken };

/// One end of the channel; the socket belongs to somebody else. Not thread-safe.
class channel {
 public:
  explicit channel(int socket) noexcept : socket_{socket} {}
  ~channel();
  channel(const channel&) = delete;
  channel& operator=(const channel&) = delete;

  /// Appends a message to what is to be sent; `descriptor` (kept by the caller until it was sent)
  /// goes with its first byte.
  template <class Message>
  void put(Message& message, int descriptor = -1) {
    auto& bytes = chunk_for(descriptor);
    const auto at = bytes.size();
    bytes.resize(at + sizeof(std::uint32_t));
    archive::packer pack{bytes};
    pack(message);
    seal(bytes, at);
  }
  std::size_t waiting_bytes() const noexcept;
  /// Sends what it can.
  io flush();
  /// Reads what is there, at most 256 KiB, and the descriptors that came along.
  io fill();
  template <class Message>
  taken take(Message& into) {
    byte_view body;
    const auto state = next_body(body);
    if (state != taken::one) return state;
    archive::unpacker unpack{body};
    unpack(into);
    return unpack.complete() ? taken::one : taken::broken;
  }
  /// The oldest descriptor that came along, now the caller's; -1: none.
  int take_descriptor() noexcept;

 private:
  struct chunk {
    std::vector<std::uint8_t> bytes;
    std::size_t sent = 0;
    int descriptor = -1;
  };
  std::vector<std::uint8_t>& chunk_for(int descriptor);
  static void seal(std::vector<std::uint8_t>& bytes, std::size_t at);
  taken next_body(byte_view& body);

  int socket_;
  std::deque<chunk> out_;
  std::vector<std::uint8_t> in_;  ///< room; [used_, filled_) was read and not taken
  std::size_t used_ = 0, filled_ = 0;
  std::deque<int> descriptors_;
};

}  // namespace vigie::plugin_host::wire
