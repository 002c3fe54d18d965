// SPDX-License-Identifier: Apache-2.0
#include "gateway/live_queue.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vigie::gateway {
namespace {

/// Bounds what small messages can add up to: a minute of four-frame fragments.
constexpr std::size_t most_waiting = 256;
constexpr std::size_t spare_for_texts = 32;

}  // namespace

void live_queue::start(live_init_ptr init) {
  if (waiting_.size() >= most_waiting) {
    // Streams start over and over while this viewer reads nothing: only the newest is worth having.
    drop_waiting_media();
    waiting_.clear();
    waiting_bytes_ = 0;
    owes_drop_notice_ = true;
  }
  wants_key_ = true;
  waiting_bytes_ += init->bytes.size();
  live_message text;
  text.text = init->announcement;
  add(std::move(text));
  live_message bytes;
  bytes.init = std::move(init);
  add(std::move(bytes));
}

void live_queue::push(live_fragment_ptr fragment) {
  if (wants_key_ && !fragment->starts_with_key) {
    // After a drop, the rest of that GOP goes with it; before the first key frame nothing is lost.
    if (owes_drop_notice_) count_gop(fragment->gop);
    return;
  }
  if (waiting_bytes_ + fragment->size_bytes > capacity_bytes_ || waiting_.size() >= most_waiting) {
    drop_waiting_media();
    count_gop(fragment->gop);
    wants_key_ = true;
    owes_drop_notice_ = true;
    return;
  }
  wants_key_ = false;
  if (std::exchange(owes_drop_notice_, false))
    tell(fmt::format(R"({{"kind":"dropped","gops":{}}})", dropped_gops_));
  waiting_bytes_ += fragment->size_bytes;
  live_message message;
  message.fragment = std::move(fragment);
  add(std::move(message));
}

void live_queue::tell(std::string text) {
  if (waiting_.size() >= most_waiting + spare_for_texts) return;
  live_message message;
  message.text = std::move(text);
  add(std::move(message));
}

std::optional<live_message> live_queue::pop() {
  if (waiting_.empty()) return std::nullopt;
  auto message = std::move(waiting_.front());
  waiting_.pop_front();
  if (message.fragment) waiting_bytes_ -= message.fragment->size_bytes;
  if (message.init) waiting_bytes_ -= message.init->bytes.size();
  return message;
}

void live_queue::add(live_message message) {
  const bool was_empty = waiting_.empty();
  waiting_.push_back(std::move(message));
  if (was_empty && wake_) wake_();
}

void live_queue::drop_waiting_media() {
  for (const auto& message : waiting_) {
    if (!message.fragment) continue;
    waiting_bytes_ -= message.fragment->size_bytes;
    count_gop(message.fragment->gop);
  }
  std::erase_if(waiting_, [](const live_message& m) { return m.fragment != nullptr; });
}

void live_queue::count_gop(std::uint64_t gop) {
  if (gop <= last_counted_gop_) return;
  last_counted_gop_ = gop;
  ++dropped_gops_;
}

}  // namespace vigie::gateway
