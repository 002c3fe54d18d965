// SPDX-License-Identifier: Apache-2.0
#include "recording/camera_sink.hpp"

#include <algorithm>

namespace vigie::recording {
namespace {

/// No camera buffers longer before it sends; a picture that claims to be older, or to come from the
/// future, has a wrong clock behind it, and must not be filed where its expiry (LEG-30) is not.
constexpr utc_us oldest_arrival_us = 60'000'000;

std::size_t size_of(const segment_command& command) {
  if (const auto* open = std::get_if<open_segment>(&command)) return open->init.size();
  const auto* fragment = std::get_if<append_fragment>(&command);
  if (fragment == nullptr) return 0;
  std::size_t bytes = fragment->header.size();
  for (const auto& unit : fragment->units) bytes += unit->data.size();
  return bytes;
}

}  // namespace

utc_us camera_sink::filing_time(const media::access_unit& unit) const noexcept {
  const auto now = time_.utc();
  return std::clamp(unit.capture_utc_us, now - oldest_arrival_us, now);
}

void camera_sink::on_access_unit(const media::access_unit_ptr& unit) noexcept {
  if (lane_->start_anew.exchange(false)) segmenter_.abandon();
  const auto filed = filing_time(*unit);
  // The key frame that completed a fragment which did not fit begins the next try.
  if (!submit(segmenter_.push(unit, filed)) && unit->is_key) segmenter_.push(unit, filed);
}

void camera_sink::on_end_of_session() noexcept { submit(segmenter_.end()); }

/// False when there was no room: everything up to the next key frame is given up.
bool camera_sink::submit(std::vector<segment_command> commands) {
  if (commands.empty()) return true;
  write_item item{lane_, std::move(commands), 0};
  for (const auto& command : item.commands) item.bytes += size_of(command);
  if (lane_->queued_bytes + item.bytes <= camera_queue_bytes_ && queue_->push(std::move(item)))
    return true;
  give_up();
  return false;
}

/// The rest of this GOP is lost; the file ends at its last fragment, the next key frame starts one.
void camera_sink::give_up() {
  lane_->count_dropped_gop();
  segmenter_.abandon();
  write_item closing{lane_, {}, 0};
  closing.commands.emplace_back(close_segment{});
  queue_->push(std::move(closing));
}

}  // namespace vigie::recording
