// SPDX-License-Identifier: Apache-2.0
#include "media/unit_bytes.hpp"

#include <algorithm>
#include <cstring>

namespace vigie::media {

void unit_builder::reserve(std::size_t more) {
  const auto needed = size_ + more;
  if (start_ + needed <= capacity_) return;
  const auto fresh_bytes = std::max(block_bytes, needed);
  auto fresh = std::make_shared_for_overwrite<std::uint8_t[]>(fresh_bytes);
  if (size_ > 0) std::memcpy(fresh.get(), data(), size_);
  block_ = std::move(fresh);
  capacity_ = fresh_bytes;
  start_ = 0;
}

void unit_builder::append(byte_view bytes) {
  if (bytes.empty()) return;
  // Beyond what was reserved: twice as much, so that a growing picture moves seldom.
  if (start_ + size_ + bytes.size() > capacity_) reserve(std::max(bytes.size(), size_));
  std::memcpy(data() + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
}

void unit_builder::clear() noexcept {
  size_ = 0;
  if (capacity_ <= block_bytes) return;
  block_.reset();
  capacity_ = 0;
  start_ = 0;
}

unit_bytes unit_builder::take() noexcept {
  unit_bytes taken{block_, view()};
  start_ += std::exchange(size_, 0);
  return taken;
}

}  // namespace vigie::media
