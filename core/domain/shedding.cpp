// SPDX-License-Identifier: Apache-2.0
#include "domain/shedding.hpp"

#include <algorithm>

namespace vigie::domain {

std::string_view name_of(sheddable service) noexcept {
  switch (service) {
    case sheddable::analyses:
      return "analyses";
    case sheddable::picture_measures:
      return "picture_measures";
    case sheddable::extra_live_views:
      return "extra_live_views";
    case sheddable::replay:
      return "replay";
  }
  return "?";
}

double load_signs::worst() const noexcept {
  return std::max({writer_queue, ingest_delay, camera_memory});
}

bool shedding::sheds(sheddable service) const noexcept {
  const auto at = std::find(shedding_order.begin(), shedding_order.end(), service);
  return at != shedding_order.end() &&
         static_cast<std::size_t>(at - shedding_order.begin()) < count;
}

shedding step(shedding so_far, const load_signs& load, mono_ns now) noexcept {
  const auto since = now - so_far.changed_at;
  const double worst = load.worst();
  const auto set = [&](std::size_t count) {
    so_far.count = count;
    so_far.changed_at = now;
  };
  if (worst >= shedding::critical) {
    set(shedding_order.size());
  } else if (worst >= shedding::high) {
    if (so_far.count == 0 || since >= to_ns(shedding::step_up_every))
      set(std::min(so_far.count + 1, shedding_order.size()));
  } else if (worst > shedding::low) {
    so_far.changed_at = now;  // neither way: calm is counted from its end
  } else if (so_far.count > 0 && since >= to_ns(shedding::step_down_every)) {
    set(so_far.count - 1);
  }
  return so_far;
}

bool admits_live_view(const shedding& now, std::size_t open_views) noexcept {
  return !now.sheds(sheddable::extra_live_views) || open_views < kept_live_views;
}

}  // namespace vigie::domain
