// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "media/access_unit.hpp"

namespace vigie::test {

/// Makes the access units of an imaginary camera: 12 frames a second, a key frame every `gop`.
class unit_maker {
 public:
  explicit unit_maker(int gop = 12, std::size_t bytes = 100) : gop_{gop}, bytes_{bytes} {
    new_generation();
  }
  void new_generation() {
    auto p = std::make_shared<media::codec_parameters>();
    p->sps = {0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x00, 0xa0};
    p->pps = {0x68, 0xce, 0x38, 0x80};
    p->width_px = 640;
    p->height_px = 360;
    p->codecs = "avc1.42c01e";
    parameters_ = p;
    ++generation_;
    in_gop_ = 0;
    pts_us_ = 0;
  }
  media::access_unit_ptr next(std::int64_t interval_us = 83'333) {
    auto unit = std::make_shared<media::access_unit>();
    unit->sequence = ++sequence_;
    unit->stream_generation = generation_;
    unit->is_key = in_gop_ == 0;
    in_gop_ = (in_gop_ + 1) % gop_;
    unit->media_pts_us = pts_us_;
    unit->capture_utc_us = 1'700'000'000'000'000 + pts_us_;
    pts_us_ += interval_us;
    unit->parameters = parameters_;
    unit->data = std::vector<std::uint8_t>(bytes_, static_cast<std::uint8_t>(sequence_));
    return unit;
  }

 private:
  const int gop_;
  const std::size_t bytes_;
  media::codec_parameters_ptr parameters_;
  std::uint32_t generation_ = 0;
  std::uint64_t sequence_ = 0;
  int in_gop_ = 0;
  std::int64_t pts_us_ = 0;
};

/// Plays the thread that owns a hub: tasks wait until `run`.
class task_queue {
 public:
  std::function<void(std::function<void()>)> post() {
    return [this](std::function<void()> task) { tasks_.push_back(std::move(task)); };
  }
  std::size_t waiting() const { return tasks_.size(); }
  void run() {
    while (!tasks_.empty()) {
      auto task = std::move(tasks_.front());
      tasks_.pop_front();
      task();
    }
  }

 private:
  std::deque<std::function<void()>> tasks_;
};

}  // namespace vigie::test
