// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "analytics/decoder_wire.hpp"
#include "analytics/picture_order.hpp"
#include "analytics/sampling.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"

namespace vigie::analytics {

/// What one key frame is decoded for.
struct sampled_for {
  bool is_measured = false;
  std::vector<picture_order> orders;  ///< at most wire::max_views
};

/// Who wants to see one camera, and how often. [thread-safe]; the lock is taken once per key frame.
class camera_sampling {
 public:
  camera_sampling(camera_id id, std::uint32_t index,
                  std::optional<std::chrono::nanoseconds> measured_every)
      : camera{std::move(id)}, camera_index{index} {
    if (measured_every) measures_.emplace(*measured_every);
  }

  /// What the node's load leaves room for.
  struct leave {
    double stretch = 1;  ///< of the measured interval
    bool orders = true;
    bool measures = true;
  };

  /// Nothing when this key frame is of no use to anybody.
  std::optional<sampled_for> takes(mono_ns arrival, leave given = {1, true, true}) {
    std::lock_guard lock{mutex_};
    sampled_for out;
    out.is_measured = given.measures && measures_ && measures_->takes(arrival, given.stretch);
    if (!given.orders) return out.is_measured ? std::optional{std::move(out)} : std::nullopt;
    // Those served go to the back of the line: with more than fit, everybody has a turn.
    std::vector<subscriber> line, served;
    for (auto& each : subscribers_) {
      const bool has_turn = out.orders.size() < wire::max_views && each.pace.takes(arrival);
      if (has_turn) out.orders.push_back(each.order);
      (has_turn ? served : line).push_back(std::move(each));
    }
    std::move(served.begin(), served.end(), std::back_inserter(line));
    subscribers_ = std::move(line);
    if (!out.is_measured && out.orders.empty()) return std::nullopt;
    return out;
  }

  void subscribe(const std::string& who, picture_order wanted) {
    std::lock_guard lock{mutex_};
    std::erase_if(subscribers_, [&](const auto& each) { return each.who == who; });
    sampling pace{wanted.wish.interval};
    subscribers_.push_back({who, std::move(wanted), pace});
  }
  void unsubscribe(const std::string& who) {
    std::lock_guard lock{mutex_};
    std::erase_if(subscribers_, [&](const auto& each) { return each.who == who; });
  }

  const camera_id camera;
  const std::uint32_t camera_index;

 private:
  struct subscriber {
    std::string who;
    picture_order order;
    sampling pace;
  };
  std::mutex mutex_;
  std::optional<sampling> measures_;
  std::vector<subscriber> subscribers_;
};

}  // namespace vigie::analytics
