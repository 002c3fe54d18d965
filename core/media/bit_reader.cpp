// SPDX-License-Identifier: Apache-2.0
#include "media/bit_reader.hpp"

#include <algorithm>
#include <cstdint>

namespace vigie::media {

std::vector<std::uint8_t> remove_emulation_prevention(byte_view nal) {
  std::vector<std::uint8_t> out;
  out.reserve(nal.size());
  unsigned zeros = 0;
  for (const std::uint8_t byte : nal) {
    if (zeros >= 2 && byte == 3) {
      zeros = 0;
      continue;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    out.push_back(byte);
  }
  return out;
}

std::uint32_t bit_reader::bits(unsigned count) noexcept {
  if (failed_ || count > 32 || count > bits_left()) {
    failed_ = true;
    return 0;
  }
  std::uint64_t value = 0;
  while (count > 0) {
    const unsigned offset = position_ & 7;
    const unsigned take = std::min(count, 8 - offset);
    const unsigned chunk = (bytes_[position_ >> 3] >> (8 - offset - take)) & ((1u << take) - 1);
    value = (value << take) | chunk;
    position_ += take;
    count -= take;
  }
  return static_cast<std::uint32_t>(value);
}

void bit_reader::skip(unsigned count) noexcept {
  if (failed_ || count > bits_left())
    failed_ = true;
  else
    position_ += count;
}

std::uint32_t bit_reader::exp_golomb() noexcept {
  unsigned zeros = 0;
  while (!failed_ && !flag()) {
    if (++zeros > 32) failed_ = true;
  }
  if (failed_) return 0;
  // 32 zeros would code 2^32 - 1 + suffix: only suffix 0 fits, and no syntax element is that large.
  if (zeros == 32) {
    failed_ = bits(32) != 0 || failed_;
    return failed_ ? 0 : 0xffffffffu;
  }
  const std::uint32_t suffix = bits(zeros);
  return failed_ ? 0 : (1u << zeros) - 1 + suffix;
}

std::int32_t bit_reader::signed_exp_golomb() noexcept {
  const std::uint32_t code = exp_golomb();
  const auto magnitude = static_cast<std::int64_t>((std::uint64_t{code} + 1) / 2);
  const std::int64_t value = (code & 1) != 0 ? magnitude : -magnitude;
  if (value > INT32_MAX || value < INT32_MIN) {
    failed_ = true;
    return 0;
  }
  return static_cast<std::int32_t>(value);
}

}  // namespace vigie::media
