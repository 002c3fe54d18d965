// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "zone_intrusion/zone_setup.hpp"

namespace vigie::zone_intrusion {

/// The size the rule works in; detail beyond it is noise to it.
inline constexpr int grid_width = 160;
inline constexpr int grid_height = 90;

/// One grey picture, not owned.
struct grey_view {
  const std::uint8_t* data = nullptr;
  std::size_t stride = 0;
  int width = 0;
  int height = 0;
};

/// Something entered the zone, or nothing is in it any more. It says where something is, not what
/// or who (LEG-52).
struct zone_change {
  bool is_entered = false;
  double score = 0;  ///< 0..1, how much larger than the smallest thing that counts
  int left = 0, top = 0, right = 0, bottom = 0;  ///< thousandths of the picture; 0 when it left
};

/// Watches one camera's zone: a slow background of each point and how much it usually varies; what
/// differs in one piece for two pictures running, within the armed hours, entered. A change of
/// light of the whole picture is taken out; a picture that is another one altogether (moved camera,
/// switched lamp, restarted stream) is learnt anew and signals nothing. Pure; one thread at a time.
class zone_core {
 public:
  explicit zone_core(zone_setup setup);

  /// Looks at the next picture, taken at `utc_us`. Pictures of any size of at least 16 by 9.
  std::optional<zone_change> observe(const grey_view& picture, std::int64_t utc_us);

 private:
  struct point {
    float mean = 0;
    float spread = 0;  ///< usual distance from the mean
  };
  struct blob {
    int points = 0;
    int left = grid_width, top = grid_height, right = -1, bottom = -1;
  };
  void shrink(const grey_view& picture);
  float light_change() const;
  void learn(float light);
  blob find_in_zone(float light);
  std::optional<zone_change> judge(const blob& found, bool is_armed);

  const zone_setup setup_;
  std::vector<std::uint8_t> in_zone_;  ///< of the grid, 1: inside
  int zone_points_ = 0;
  std::vector<float> now_;
  std::vector<point> usual_;
  std::vector<std::uint8_t> differs_;
  int differing_ = 0;  ///< points of the whole picture
  int learnt_ = 0;     ///< pictures since it began anew
  int strange_ = 0;    ///< pictures running that are another picture altogether
  int seen_in_ = 0;    ///< pictures running with something in the zone
  int seen_out_ = 0;   ///< and without
  bool is_inside_ = false;
};

}  // namespace vigie::zone_intrusion
