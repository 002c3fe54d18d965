// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace vigie::rtp {

/// Gives pictures that come in decoding order, with the times at which they are shown (RFC 6184
/// §5.1: the RTP timestamp), times at which to decode them: the same times in ascending order, as
/// many pictures later as the stream may reorder. Without reordering both are the same.
/// A plain value; ticks of any clock. [ingest]
class decode_order {
 public:
  /// At most so many pictures precede another in decoding and follow it in display: what the
  /// sequence parameter set says, 16 at most (H.264 §E.2.1, H.265 §7.4.3.2.1).
  void expect(std::size_t depth) noexcept {
    depth_ = std::min(depth, most);
    count_ = 0;
  }
  std::size_t depth() const noexcept { return depth_; }

  /// When to decode the next picture, shown at `shown_at`. `interval`: usual distance of pictures,
  /// for the first ones, before which nothing was shown. Never later than `shown_at` in a stream
  /// that reorders no more than expected.
  std::int64_t push(std::int64_t shown_at, std::int64_t interval) noexcept {
    if (depth_ == 0) return shown_at;
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count_);
    const auto place = std::upper_bound(waiting_.begin(), end, shown_at);
    std::move_backward(place, end, end + 1);
    *place = shown_at;
    if (++count_ <= depth_) {
      const auto early = static_cast<std::int64_t>(depth_ + 1 - count_);
      return waiting_.front() - early * interval;
    }
    const auto first = waiting_.front();
    std::move(waiting_.begin() + 1, end + 1, waiting_.begin());
    --count_;
    return first;
  }

 private:
  static constexpr std::size_t most = 16;

  std::size_t depth_ = 0;
  std::size_t count_ = 0;                         ///< at most depth_ between two calls
  std::array<std::int64_t, most + 1> waiting_{};  ///< the first `count_`, ascending
};

}  // namespace vigie::rtp
