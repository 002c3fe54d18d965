// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "domain/incident.hpp"

namespace vigie::domain {

/// What signals must share to be one incident: place and kind, and the source unless several
/// detectors of one site see the same thing (an intrusion, a fire, a flood, a site's outage).
struct root_cause {
  commune_id commune;
  site_id site;
  incident_kind kind = incident_kind::other;
  std::string source;  ///< empty: the site as a whole
};

/// True when all sources of a site share one incident of this kind. [thread-safe]
bool groups_by_site(incident_kind k) noexcept;

/// How often a growing count is worth telling.
inline constexpr std::chrono::seconds count_told_every{1};

/// What to do with one signal.
struct grouped_signal {
  incident_id incident;          ///< the one it belongs to
  bool is_new = false;           ///< raise it; else add the signal to it
  std::uint64_t count = 1;       ///< signals of this incident so far
  bool is_worth_telling = true;  ///< false: publish nothing, the next one within a second will do
};

/// Turns a storm of signals into few incidents. One look-up per signal, no allocation for a signal
/// that joins, memory for one entry per open root cause: at most one per kind and configured
/// source, since sources are authenticated and kinds are a closed list. Signals wait for nobody:
/// there is no queue in here. Not synchronised. [control]
class incident_grouping {
 public:
  incident_grouping() = default;
  incident_grouping(const incident_grouping&) = delete;
  incident_grouping& operator=(const incident_grouping&) = delete;

  /// `fresh` is the id a new incident gets.
  grouped_signal take(const alarm_signal& signal, const incident_id& fresh, mono_ns now);
  /// An incident that was open before this start, or is again: its cause raises no other.
  void resume(const incident& open, mono_ns now);
  /// The incident is closed: the next signal of its cause raises another. False: not known.
  bool forget(const incident& closed);
  /// The open incident of the signal's cause; empty: there is none.
  std::optional<incident_id> find(const alarm_signal& signal) const;
  std::size_t open_causes() const noexcept { return causes_.size(); }
  /// Comparisons of root causes since the start: the work done, for measurement.
  std::uint64_t comparisons() const noexcept { return comparisons_; }

 private:
  struct cause_view {
    const commune_id& commune;
    const site_id& site;
    incident_kind kind;
    std::string_view source;
  };
  struct cause_less {
    using is_transparent = void;
    std::uint64_t* counted;
    template <class Left, class Right>
    bool operator()(const Left& a, const Right& b) const {
      ++*counted;
      const std::string_view a_source{a.source};
      const std::string_view b_source{b.source};
      return std::tie(a.commune, a.site, a.kind, a_source) <
             std::tie(b.commune, b.site, b.kind, b_source);
    }
  };
  struct open_cause {
    incident_id incident;
    std::uint64_t count = 1;
    mono_ns told_at = 0;
  };

  std::uint64_t comparisons_ = 0;
  std::map<root_cause, open_cause, cause_less> causes_{cause_less{&comparisons_}};
};

}  // namespace vigie::domain
