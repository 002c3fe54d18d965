// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>

#include "base/clock.hpp"

namespace vigie::domain {

/// What the centre stops doing when it cannot do everything, in the order in which it stops.
/// Recording, alarms and the journal are not in the list: they are never shed, whatever the load.
enum class sheddable : unsigned char {
  analyses = 1,      ///< pictures for analytics plugins
  picture_measures,  ///< black and frozen pictures, of cameras that give no reason for doubt
  extra_live_views,  ///< live views beyond the first `kept_live_views` of the node
  replay,            ///< recorded images, and their load on the disk
};

inline constexpr std::array shedding_order{sheddable::analyses, sheddable::picture_measures,
                                           sheddable::extra_live_views, sheddable::replay};
/// An incident under way stays on the screen, however loaded the node is.
inline constexpr std::size_t kept_live_views = 4;

std::string_view name_of(sheddable service) noexcept;

/// Signs of load of one node, each 0 when it rests and 1 when frames are about to be lost.
struct load_signs {
  double writer_queue = 0;   ///< of the room for what waits for the disk
  double ingest_delay = 0;   ///< by how much the shards are late, of what a socket can hold back
  double camera_memory = 0;  ///< held by all cameras together, of what is set apart for them
  double worst() const noexcept;
};

/// How many services of `shedding_order` are shed. Goes up one service at a time, a second apart,
/// while a sign of load is high, all at once when it is critical, and comes back one at a time, ten
/// seconds apart, so that what was given up is not taken back into the same overload. A plain
/// value; starts with nothing shed.
struct shedding {
  static constexpr double high = 0.5;
  static constexpr double critical = 0.9;
  static constexpr double low = 0.25;
  static constexpr std::chrono::seconds step_up_every{1};
  static constexpr std::chrono::seconds step_down_every{10};

  std::size_t count = 0;
  mono_ns changed_at = 0;

  bool sheds(sheddable service) const noexcept;
};

/// The next state. `now` never goes back. [thread-safe]
shedding step(shedding so_far, const load_signs& load, mono_ns now) noexcept;

/// Whether one more live view may be opened while `open_views` are. [thread-safe]
bool admits_live_view(const shedding& now, std::size_t open_views) noexcept;

}  // namespace vigie::domain
