// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace vigie::rtp {

/// Follows the sequence numbers of one sender over TCP: packets come in order or not at all, so
/// nothing is buffered (camera-quirks 64 and 65).
class sequence_tracker {
 public:
  enum class verdict : std::uint8_t {
    in_order = 1,  ///< use it; `lost` packets are missing before it
    duplicate,     ///< drop it
    late,          ///< drop it: older than what was used
    restarted,     ///< use it; the sender started a new sequence, how many are missing is unknown
  };
  struct step {
    verdict what = verdict::in_order;
    std::uint32_t lost = 0;
  };

  /// A jump forward by more than 3,000 (RFC 3550 A.1), two packets in sequence more than 100 back,
  /// or 64 late packets in a row are a restart. [ingest]
  step push(std::uint16_t sequence_number) noexcept;

  /// Forgets the sender; the next packet is the first.
  void reset() noexcept { *this = sequence_tracker{}; }

  bool started() const noexcept { return started_; }
  /// Cycles in the upper 16 bits, as receiver reports want it.
  std::uint32_t extended_highest() const noexcept { return extended_; }
  std::uint64_t received() const noexcept { return received_; }
  std::uint64_t lost() const noexcept { return lost_; }

 private:
  step restart(std::uint16_t sequence_number) noexcept;

  bool started_ = false;
  std::uint32_t extended_ = 0;
  std::uint16_t after_backward_jump_ = 0;  ///< what a restarted sender would send next
  bool jumped_back_ = false;
  std::uint32_t late_in_a_row_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace vigie::rtp
