// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace vigie::simulators::onvif {

struct ptz_position {
  double pan = 0, tilt = 0, zoom = 0;
};

/// A head that moves by its own clock: a full speed crosses the plane (-1..1) in two seconds.
class ptz_head {
 public:
  using clock = std::chrono::steady_clock;

  void move(ptz_position speed, std::chrono::milliseconds timeout, clock::time_point now) {
    from_ = position(now);
    speed_ = speed;
    began_ = now;
    ends_ = now + timeout;
    ++moves;
  }
  void stop(clock::time_point now) {
    from_ = position(now);
    ends_ = now;
    began_ = now;
    ++stops;
  }
  void jump(ptz_position to, clock::time_point now) {
    from_ = to;
    began_ = ends_ = now;
  }
  bool is_moving(clock::time_point now) const { return now < ends_; }
  ptz_position position(clock::time_point now) const {
    const double s = std::chrono::duration<double>(std::min(now, ends_) - began_).count();
    const auto go = [s](double from, double speed, double least) {
      return std::clamp(from + speed * s, least, 1.0);
    };
    return {go(from_.pan, speed_.pan, -1), go(from_.tilt, speed_.tilt, -1),
            go(from_.zoom, speed_.zoom, 0)};
  }

  std::uint64_t moves = 0, stops = 0;
  std::string last_preset;
  struct preset {
    std::string name;
    ptz_position where;
  };
  std::map<std::string, preset> presets{{"1", {"Entrée", {-0.5, 0, 0}}},
                                        {"2", {"Parking & cour", {0.5, -0.2, 0.3}}}};

 private:
  ptz_position from_, speed_;
  clock::time_point began_{}, ends_{};
};

}  // namespace vigie::simulators::onvif
