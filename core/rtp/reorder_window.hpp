// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"

namespace vigie::rtp {

/// Puts the datagrams of one sender back in order (camera-quirk 65). A packet that is next goes
/// straight through, uncopied; one that is early waits for those before it, for 64 packets or 50
/// ms. Late ones go straight through too: who counts them tells a restarted sender by them, and
/// then calls `restart`. [ingest]
class reorder_window {
 public:
  static constexpr std::size_t size = 64;
  static constexpr std::chrono::milliseconds patience{50};
  /// A jump by more is another sequence, not a packet that came early (RFC 3550 A.1).
  static constexpr std::uint16_t max_jump = 3000;

  /// Calls `deliver(bytes, arrival_mono_ns, arrival_utc_us)` for each packet whose turn has come,
  /// in order. `bytes` is not retained beyond the call unless it has to wait: then it is copied.
  template <class Deliver>
  void push(std::uint16_t sequence, byte_view bytes, mono_ns mono, utc_us utc, Deliver&& deliver) {
    const auto ahead = static_cast<std::int16_t>(sequence - next_);
    if (!started_ || ahead > static_cast<std::int16_t>(max_jump)) {
      release_before(next_ + size, deliver);
      started_ = true;
      next_ = static_cast<std::uint16_t>(sequence + 1);
      return deliver(bytes, mono, utc);
    }
    if (ahead < 0) return deliver(bytes, mono, utc);
    if (ahead > 0) {
      // What is further ahead than the window is wide pushes the oldest gap out.
      if (ahead >= static_cast<std::int16_t>(size))
        release_before(static_cast<std::uint16_t>(sequence - size + 1), deliver);
      if (sequence != next_) return keep(sequence, bytes, mono, utc);
    }
    ++next_;
    deliver(bytes, mono, utc);
    release_ready(deliver);
  }

  /// Gives up on what the longest waiting packet waits for, once it waited long enough.
  template <class Deliver>
  void flush_due(mono_ns now, Deliver&& deliver) {
    while (held_ > 0 && now >= oldest() + to_ns(patience)) {
      while (!slot_of(next_).is_held) ++next_;
      release_ready(deliver);
    }
    if (held_ == 0) slots_.reset();  // reordering is rare: its memory must not stay
  }

  /// The sender goes on behind `sequence`; what waits is dropped.
  void restart(std::uint16_t sequence) noexcept {
    started_ = true;
    next_ = static_cast<std::uint16_t>(sequence + 1);
    drop();
  }
  /// Another sender: the next packet is the first.
  void reset() noexcept {
    started_ = false;
    drop();
  }

  /// When `flush_due` has something to do; nothing while no packet waits.
  std::optional<mono_ns> deadline() const noexcept {
    if (held_ == 0) return std::nullopt;
    return oldest() + to_ns(patience);
  }
  std::uint64_t reordered() const noexcept { return reordered_; }
  std::size_t held_bytes() const noexcept {
    std::size_t sum = 0;
    if (held_ > 0)
      for (const slot& one : *slots_) sum += one.is_held ? one.bytes.size() : 0;
    return sum;
  }

 private:
  struct slot {
    bool is_held = false;
    mono_ns mono = 0;
    utc_us utc = 0;
    std::vector<std::uint8_t> bytes;
  };
  /// May be called while a slot's bytes are being delivered: they stay.
  void drop() noexcept {
    held_ = 0;
    if (slots_)
      for (slot& one : *slots_) one.is_held = false;
  }
  slot& slot_of(std::uint16_t sequence) const noexcept { return (*slots_)[sequence % size]; }

  mono_ns oldest() const noexcept {
    mono_ns first = 0;
    bool is_found = false;
    for (const slot& one : *slots_) {
      if (!one.is_held || (is_found && one.mono >= first)) continue;
      first = one.mono;
      is_found = true;
    }
    return first;
  }

  void keep(std::uint16_t sequence, byte_view bytes, mono_ns mono, utc_us utc) {
    if (!slots_) slots_ = std::make_unique<std::array<slot, size>>();
    slot& place = slot_of(sequence);
    if (place.is_held) return;  // the same packet twice
    place.is_held = true;
    place.mono = mono;
    place.utc = utc;
    place.bytes.assign(bytes.begin(), bytes.end());
    ++held_;
    ++reordered_;
  }

  template <class Deliver>
  void give_out(slot& place, Deliver& deliver) {
    place.is_held = false;
    --held_;
    deliver(byte_view{place.bytes}, place.mono, place.utc);
  }

  /// `deliver` may restart the window: each step looks anew.
  template <class Deliver>
  void release_ready(Deliver& deliver) {
    while (held_ > 0 && slot_of(next_).is_held) give_out(slot_of(next_++), deliver);
  }

  template <class Deliver>
  void release_before(std::uint16_t sequence, Deliver& deliver) {
    while (next_ != sequence) {
      if (held_ == 0) {
        next_ = sequence;
        return;
      }
      slot& place = slot_of(next_++);
      if (place.is_held) give_out(place, deliver);
    }
    release_ready(deliver);
  }

  bool started_ = false;
  std::uint16_t next_ = 0;
  std::size_t held_ = 0;
  std::uint64_t reordered_ = 0;
  std::unique_ptr<std::array<slot, size>> slots_;
};

}  // namespace vigie::rtp
