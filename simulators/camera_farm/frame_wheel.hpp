// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace vigie::simulators {

/// Who is due when: thousands of cameras with pictures of their own rate, one tick. A picture
/// leaves at the first tick at or after its time, and each camera has its own place between two
/// pictures, so that they do not all send at once. Pure.
template <class Camera>
class frame_wheel {
 public:
  static constexpr mono_ns tick_ns = 10'000'000;

  /// Camera `index` (from 0) sends its pictures `fps` times a second, from now on.
  void add(Camera& camera, unsigned index, unsigned fps) {
    // Steps of the golden ratio: however many cameras there are, they are spread evenly.
    const double turn = 0.6180339887498949 * index;
    const double place = turn - static_cast<double>(static_cast<std::int64_t>(turn));
    const mono_ns phase = static_cast<mono_ns>(place * 1e9 / fps);
    put({&camera, 0, phase, fps});
  }

  /// Calls `send(camera, number, due)` for every picture due by the end of tick `tick`; `due` is in
  /// ns after the start. Ticks must come in order, none left out.
  template <class Send>
  void turn(std::uint64_t tick, Send send) {
    std::vector<entry>& here = slots_[tick % slots_.size()];
    now_.swap(here);
    for (entry& one : now_) {
      send(*one.camera, one.number, one.due());
      ++one.number;
      put(one);
    }
    now_.clear();
  }

 private:
  struct entry {
    Camera* camera;
    std::uint64_t number;
    mono_ns phase;
    unsigned fps;
    mono_ns due() const { return phase + static_cast<mono_ns>(number * 1'000'000'000 / fps); }
  };
  void put(const entry& one) {
    slots_[static_cast<std::uint64_t>(one.due() / tick_ns) % slots_.size()].push_back(one);
  }
  // One turn is longer than the longest interval, a second.
  std::array<std::vector<entry>, 128> slots_;
  std::vector<entry> now_;
};

}  // namespace vigie::simulators
