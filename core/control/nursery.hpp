// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "control/caf_compat.hpp"
#include "control/restart_policy.hpp"

namespace vigie::control {

/// A parent's children: who lives, who crashed how often. Used inside one actor only. [control]
template <class Id, class Handle>
class nursery {
 public:
  struct loss {
    Id id;
    restart_decision decision;
  };

  /// Adds or replaces a child and watches it.
  template <class Self>
  void adopt(Self* self, const Id& id, Handle actor) {
    self->monitor(actor);
    children_[id].actor = std::move(actor);
  }

  /// Whose death this is, and what to do. Empty for somebody already let go.
  std::optional<loss> lost(const caf::actor_addr& who, mono_ns now, random_source& random) {
    const auto dead = std::find_if(children_.begin(), children_.end(), [&](const auto& entry) {
      return entry.second.actor.address() == who;
    });
    if (dead == children_.end()) return std::nullopt;
    dead->second.actor = Handle{};
    return loss{dead->first, on_crash(dead->second.history, now, random)};
  }

  /// True for a child that crashed and was not replaced yet.
  bool is_missing(const Id& id) const {
    const auto found = children_.find(id);
    return found != children_.end() && !found->second.actor;
  }

  bool holds(const Id& id) const { return children_.count(id) != 0; }

  /// Ends a child in order and forgets it.
  void let_go(const Id& id) {
    const auto found = children_.find(id);
    if (found == children_.end()) return;
    if (found->second.actor) dismiss(found->second.actor);
    children_.erase(found);
  }

  void let_all_go() {
    for (auto& [id, child] : children_)
      if (child.actor) dismiss(child.actor);
    children_.clear();
  }

  /// `f(id, handle)` for every living child.
  template <class F>
  void for_each(F f) const {
    for (const auto& [id, child] : children_)
      if (child.actor) f(id, child.actor);
  }

  /// Ends every child whose id `keep` does not want.
  template <class Keep>
  void retain(Keep keep) {
    for (auto child = children_.begin(); child != children_.end();) {
      const auto id = (child++)->first;
      if (!keep(id)) let_go(id);
    }
  }

 private:
  struct member {
    Handle actor;
    crash_history history;
  };
  std::map<Id, member> children_;
};

}  // namespace vigie::control
