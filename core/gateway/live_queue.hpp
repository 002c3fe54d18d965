// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "gateway/live_fragment.hpp"

namespace vigie::gateway {

/// What a viewer is sent next: a text message, or bytes of the track.
struct live_message {
  std::string text;            ///< when set, a JSON text message and nothing else
  live_init_ptr init;          ///< an init segment
  live_fragment_ptr fragment;  ///< a fragment
};

/// What one viewer has waiting. Bounded in bytes: a viewer that does not keep up loses whole GOPs,
/// counted and told to it, and goes on at a key frame; nobody else notices. Pure, one owner.
class live_queue {
 public:
  live_queue(std::size_t capacity_bytes, std::function<void()> wake)
      : capacity_bytes_{capacity_bytes}, wake_{std::move(wake)} {}

  /// A new stream: announced as text, then as bytes. Media waits for the next key fragment.
  void start(live_init_ptr init);
  /// Ignored until the first key fragment after `start` and after a drop.
  void push(live_fragment_ptr fragment);
  /// A small JSON message; ignored when the queue is full of messages.
  void tell(std::string text);

  std::optional<live_message> pop();
  std::uint64_t dropped_gops() const noexcept { return dropped_gops_; }
  std::size_t waiting_bytes() const noexcept { return waiting_bytes_; }

 private:
  void add(live_message message);
  void drop_waiting_media();
  void count_gop(std::uint64_t gop);

  const std::size_t capacity_bytes_;
  std::function<void()> wake_;
  std::deque<live_message> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool wants_key_ = true;
  std::uint64_t dropped_gops_ = 0;
  std::uint64_t last_counted_gop_ = 0;
  bool owes_drop_notice_ = false;
};

}  // namespace vigie::gateway
