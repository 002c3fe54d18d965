// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace vigie::media {

/// The bytes of one coded picture: its own, or a part of a block that it shares with the pictures
/// before and after it. Immutable; a copy shares them. [thread-safe]
class unit_bytes {
 public:
  unit_bytes() = default;
  unit_bytes(std::vector<std::uint8_t> own) {
    auto kept = std::make_shared<const std::vector<std::uint8_t>>(std::move(own));
    bytes_ = *kept;
    keeper_ = std::move(kept);
  }
  /// `bytes` live as long as `keeper`.
  unit_bytes(std::shared_ptr<const void> keeper, byte_view bytes) noexcept
      : keeper_{std::move(keeper)}, bytes_{bytes} {}

  const std::uint8_t* data() const noexcept { return bytes_.data(); }
  std::size_t size() const noexcept { return bytes_.size(); }
  bool empty() const noexcept { return bytes_.empty(); }
  const std::uint8_t* begin() const noexcept { return bytes_.data(); }
  const std::uint8_t* end() const noexcept { return bytes_.data() + bytes_.size(); }
  const std::uint8_t& operator[](std::size_t at) const noexcept { return bytes_[at]; }
  friend bool operator==(const unit_bytes& a, const unit_bytes& b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  std::shared_ptr<const void> keeper_;
  byte_view bytes_;
};

/// Puts the pictures of one feed together, one behind the other in blocks of memory. A picture of
/// its own allocation each would be freed by another thread than the one that made it: with
/// thousands of cameras that costs an eighth of the processor time, and leaves as much memory in
/// holes as in pictures. A block is gone with its last picture. One owner. [ingest]
class unit_builder {
 public:
  /// Larger pictures have a block of their own; what a block has left is at most wasted.
  static constexpr std::size_t block_bytes = 16 * 1024;

  std::size_t size() const noexcept { return size_; }
  /// Of the picture being built; until the next call that adds to it.
  std::uint8_t* data() noexcept { return block_.get() + start_; }
  byte_view view() const noexcept { return {block_.get() + start_, size_}; }

  /// Room for so many bytes more, so that they need not be moved later.
  void reserve(std::size_t more);
  void append(byte_view bytes);
  /// Forgets what is beyond `size`.
  void cut(std::size_t size) noexcept { size_ = std::min(size_, size); }
  /// Forgets the picture being built, and the memory of an unusually large one.
  void clear() noexcept;
  /// The picture is complete; another one begins.
  unit_bytes take() noexcept;

 private:
  std::shared_ptr<std::uint8_t[]> block_;
  std::size_t capacity_ = 0;
  std::size_t start_ = 0;  ///< of the picture being built
  std::size_t size_ = 0;
};

}  // namespace vigie::media
