// SPDX-License-Identifier: Apache-2.0
#include "rtp/sequence_tracker.hpp"

namespace vigie::rtp {
namespace {

constexpr std::uint16_t max_forward_jump = 3000;  // RFC 3550 A.1, MAX_DROPOUT
constexpr std::uint16_t max_late = 100;           // RFC 3550 A.1, MAX_MISORDER
constexpr std::uint32_t max_late_in_a_row = 64;

}  // namespace

sequence_tracker::step sequence_tracker::restart(std::uint16_t sequence_number) noexcept {
  extended_ = (extended_ & 0xffff0000u) + 0x10000u + sequence_number;
  late_in_a_row_ = 0;
  jumped_back_ = false;
  ++received_;
  return {verdict::restarted, 0};
}

sequence_tracker::step sequence_tracker::push(std::uint16_t sequence_number) noexcept {
  if (!started_) {
    started_ = true;
    extended_ = sequence_number;
    ++received_;
    return {verdict::in_order, 0};
  }
  const auto last = static_cast<std::uint16_t>(extended_);
  const auto forward = static_cast<std::uint16_t>(sequence_number - last);
  if (forward == 0) return {verdict::duplicate, 0};
  if (forward < 0x8000) {
    if (forward > max_forward_jump) return restart(sequence_number);
    const std::uint32_t missing = forward - 1u;
    extended_ += forward;
    late_in_a_row_ = 0;
    jumped_back_ = false;
    ++received_;
    lost_ += missing;
    return {verdict::in_order, missing};
  }
  const auto back = static_cast<std::uint16_t>(last - sequence_number);
  const bool follows_jump = jumped_back_ && sequence_number == after_backward_jump_;
  if (++late_in_a_row_ >= max_late_in_a_row || follows_jump) return restart(sequence_number);
  jumped_back_ = back > max_late;
  after_backward_jump_ = static_cast<std::uint16_t>(sequence_number + 1);
  return {verdict::late, 0};
}

}  // namespace vigie::rtp
