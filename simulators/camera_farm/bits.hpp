// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace vigie::simulators {

using bytes = std::vector<std::uint8_t>;
using byte_span = std::span<const std::uint8_t>;

/// Writes an H.264 raw byte sequence payload, most significant bit first (H.264 §7.2, §9.1).
class bit_writer {
 public:
  void reserve(std::size_t size) { out_.reserve(size); }
  void bits(std::uint32_t value, unsigned count) {
    for (unsigned i = count; i-- > 0;) {
      pending_ = static_cast<std::uint8_t>((pending_ << 1) | ((value >> i) & 1U));
      if (++filled_ == 8) flush();
    }
  }
  void flag(bool value) { bits(value ? 1 : 0, 1); }
  /// Unsigned Exp-Golomb, ue(v).
  void ue(std::uint32_t value) {
    unsigned length = 0;
    while (((value + 1) >> (length + 1)) != 0) ++length;
    bits(0, length);
    bits(value + 1, length + 1);
  }
  /// Signed Exp-Golomb, se(v).
  void se(std::int32_t value) {
    ue(value > 0 ? static_cast<std::uint32_t>(value) * 2 - 1
                 : static_cast<std::uint32_t>(-static_cast<std::int64_t>(value)) * 2);
  }
  void align_with_zeros() {
    while (filled_ != 0) bits(0, 1);
  }
  /// Only when aligned.
  void append(byte_span whole) { out_.insert(out_.end(), whole.begin(), whole.end()); }
  /// rbsp_trailing_bits(): a one, then zeros up to the byte.
  bytes finish() {
    bits(1, 1);
    align_with_zeros();
    return std::move(out_);
  }

 private:
  void flush() {
    out_.push_back(pending_);
    pending_ = 0;
    filled_ = 0;
  }
  bytes out_;
  std::uint8_t pending_ = 0;
  unsigned filled_ = 0;
};

/// Reads what `bit_writer` writes. Past the end it reads zeros and `overrun()` tells.
class bit_reader {
 public:
  explicit bit_reader(byte_span data) : data_{data} {}
  std::uint32_t bits(unsigned count) {
    std::uint32_t value = 0;
    while (count-- > 0) {
      const std::size_t byte = position_ / 8;
      const unsigned bit = byte < data_.size() ? (data_[byte] >> (7 - position_ % 8)) & 1U : 0U;
      value = (value << 1) | bit;
      ++position_;
    }
    return value;
  }
  bool flag() { return bits(1) != 0; }
  std::uint32_t ue() {
    unsigned zeros = 0;
    while (!flag() && zeros < 32 && !overrun()) ++zeros;
    if (zeros >= 32) return 0;
    return ((1U << zeros) - 1) + bits(zeros);
  }
  std::int32_t se() {
    const std::uint32_t code = ue();
    const auto half = static_cast<std::int32_t>((code + 1) / 2);
    return (code & 1U) != 0 ? half : -half;
  }
  bool overrun() const { return position_ > data_.size() * 8; }
  std::size_t position() const { return position_; }
  /// Bits before the trailing one of rbsp_trailing_bits().
  std::size_t payload_end() const {
    std::size_t last = data_.size();
    while (last > 0 && data_[last - 1] == 0) --last;
    if (last == 0) return 0;
    unsigned zeros = 0;
    while (((data_[last - 1] >> zeros) & 1U) == 0) ++zeros;
    return last * 8 - zeros - 1;
  }
  /// Copies everything from here to the trailing bits.
  void copy_rest(bit_writer& out) {
    const std::size_t end = payload_end();
    while (position_ + 8 <= end) out.bits(bits(8), 8);
    while (position_ < end) out.bits(bits(1), 1);
  }

 private:
  byte_span data_;
  std::size_t position_ = 0;
};

/// NAL unit from header byte and payload, emulation prevention added (H.264 §7.4.1).
bytes make_nal(std::uint8_t header, byte_span rbsp);
/// Payload of a NAL unit without its header byte, emulation prevention removed.
bytes rbsp_of(byte_span nal);

}  // namespace vigie::simulators
