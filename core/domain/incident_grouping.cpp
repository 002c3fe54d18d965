// SPDX-License-Identifier: Apache-2.0
#include "domain/incident_grouping.hpp"

#include <algorithm>
#include <limits>

namespace vigie::domain {

bool groups_by_site(incident_kind k) noexcept {
  return k == incident_kind::intrusion || k == incident_kind::fire || k == incident_kind::flood ||
         k == incident_kind::site_outage;
}

grouped_signal incident_grouping::take(const alarm_signal& signal, const incident_id& fresh,
                                       mono_ns now) {
  const cause_view cause{
      signal.commune, signal.site, signal.kind,
      groups_by_site(signal.kind) ? std::string_view{} : std::string_view{signal.source}};
  const auto found = causes_.find(cause);
  if (found == causes_.end()) {
    causes_.emplace(root_cause{signal.commune, signal.site, signal.kind, std::string{cause.source}},
                    open_cause{fresh, signal.times, now});
    return {fresh, true, signal.times, true};
  }
  auto& open = found->second;
  open.count += std::min(signal.times, std::numeric_limits<std::uint64_t>::max() - open.count);
  const bool is_due = now - open.told_at >= to_ns(count_told_every);
  if (is_due) open.told_at = now;
  return {open.incident, false, open.count, is_due};
}

void incident_grouping::resume(const incident& open, mono_ns now) {
  causes_.emplace(root_cause{open.commune, open.site, open.kind,
                             groups_by_site(open.kind) ? std::string{} : open.source},
                  open_cause{open.id, open.signals, now});
}

std::optional<incident_id> incident_grouping::find(const alarm_signal& signal) const {
  const auto found = causes_.find(cause_view{
      signal.commune, signal.site, signal.kind,
      groups_by_site(signal.kind) ? std::string_view{} : std::string_view{signal.source}});
  if (found == causes_.end()) return std::nullopt;
  return found->second.incident;
}

bool incident_grouping::forget(const incident& closed) {
  const cause_view cause{
      closed.commune, closed.site, closed.kind,
      groups_by_site(closed.kind) ? std::string_view{} : std::string_view{closed.source}};
  const auto found = causes_.find(cause);
  if (found == causes_.end() || found->second.incident != closed.id) return false;
  causes_.erase(found);
  return true;
}

}  // namespace vigie::domain
