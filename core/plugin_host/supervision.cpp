// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/supervision.hpp"

#include <algorithm>

namespace vigie::plugin_host {
namespace {

/// `floor` doubled `times` times, at most `ceiling`.
mono_ns doubled(mono_ns floor, std::uint32_t times, mono_ns ceiling) noexcept {
  while (times-- > 0 && floor < ceiling) floor *= 2;
  return std::min(floor, ceiling);
}

}  // namespace

void supervision::forget(mono_ns now) noexcept {
  while (!faults_.empty() && now - faults_.front() > to_ns(policy_.fault_memory))
    faults_.pop_front();
  if (faults_.empty()) restarts_ = 0;
  if (last_fault_ != 0 && now - last_fault_ > to_ns(policy_.good_conduct)) quarantines_ = 0;
}

supervision_decision supervision::on_fault(fault f, mono_ns now, random_source& random) {
  forget(now);
  faults_.push_back(now);
  last_fault_ = now;
  if (faults_.size() >= policy_.faults_to_quarantine) {
    const auto length =
        doubled(to_ns(policy_.quarantine_floor), quarantines_++, to_ns(policy_.quarantine_ceiling));
    faults_.clear();
    restarts_ = 0;
    last_fault_ = now + length;  // time in quarantine is no good conduct
    return {remedy::quarantine, now + length};
  }
  if (!ends_instance(f)) return {};
  const auto floor = to_ns(policy_.restart_floor);
  const auto span = doubled(floor, restarts_, to_ns(policy_.restart_ceiling));
  // The first comes as soon as allowed; later ones are spread, so that many plugins that fell
  // together do not rise together.
  const auto jitter =
      restarts_ == 0 ? 0 : static_cast<mono_ns>(static_cast<double>(span) * random.unit());
  ++restarts_;
  return {remedy::restart, now + std::max(floor, jitter)};
}

void supervision::release() noexcept {
  faults_.clear();
  restarts_ = 0;
  quarantines_ = 0;
}

std::uint32_t supervision::recent_faults(mono_ns now) noexcept {
  forget(now);
  return static_cast<std::uint32_t>(faults_.size());
}

}  // namespace vigie::plugin_host
