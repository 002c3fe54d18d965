// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"

namespace vigie::media {

/// A NAL unit's payload without the emulation prevention bytes: 00 00 03 becomes 00 00
/// (ITU-T H.264 §7.4.1.1, H.265 §7.4.2). [thread-safe]
std::vector<std::uint8_t> remove_emulation_prevention(byte_view nal);

/// Reads bits, most significant first, from bytes it does not own. Reading past the end gives zeros
/// and makes `failed()` true for good, so that a parser checks once, at its end.
class bit_reader {
 public:
  explicit bit_reader(byte_view bytes) noexcept : bytes_{bytes} {}

  /// `count` bits as an unsigned number, 0 to 32 bits.
  std::uint32_t bits(unsigned count) noexcept;
  bool flag() noexcept { return bits(1) != 0; }
  void skip(unsigned count) noexcept;
  /// Exp-Golomb, unsigned: ue(v) of H.264 §9.1. More than 32 leading zeros fail.
  std::uint32_t exp_golomb() noexcept;
  /// Exp-Golomb, signed: se(v) of H.264 §9.1.1.
  std::int32_t signed_exp_golomb() noexcept;

  bool failed() const noexcept { return failed_; }
  std::size_t bits_left() const noexcept { return bytes_.size() * 8 - position_; }

 private:
  byte_view bytes_;
  std::size_t position_ = 0;
  bool failed_ = false;
};

}  // namespace vigie::media
