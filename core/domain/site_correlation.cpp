// SPDX-License-Identifier: Apache-2.0
#include "domain/site_correlation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace vigie::domain {

namespace {

using facts = std::vector<site_fact>;

bool is_down(const site_camera& c) noexcept { return c.state == health_state::down; }

template <class Predicate>
std::size_t count(const site_health& site, Predicate p) {
  return static_cast<std::size_t>(std::count_if(site.cameras.begin(), site.cameras.end(), p));
}

site_fact fact_of(site_event_type type, const site_camera& c) {
  return {type, c.camera, c.cause, c.since_utc_us, c.detail, {}};
}

void announce(site_event_type type, site_camera& c, facts& told) {
  c.is_announced = type != site_event_type::camera_restored;
  c.excused_until.reset();
  told.push_back(fact_of(type, c));
}

// -- Window
// ----------------------------------------------------------------------------------------

void open_if_closed(site_health& site, instant now) {
  if (site.window) return;
  // The camera whose loss opens the window is already marked down: it counts as eligible too.
  const auto still_up = count(site, [](const site_camera& c) { return !is_down(c); });
  site.window = open_window{now.mono + to_ns(correlation_window), still_up + 1};
}

health_cause most_frequent_cause(const site_health& site) {
  std::array<std::size_t, 32> votes{};
  auto winner = health_cause::none;
  for (const auto& c : site.cameras) {
    if (!c.is_pending) continue;
    const auto mine = ++votes[static_cast<std::size_t>(c.cause)];
    if (winner == health_cause::none || mine > votes[static_cast<std::size_t>(winner)])
      winner = c.cause;
  }
  return winner;
}

void declare_outage_if_due(site_health& site, facts& told) {
  const auto lost = count(site, [](const site_camera& c) { return c.is_pending; });
  if (lost < outage_min_cameras || lost * 100 < outage_min_pct * site.window->eligible) return;

  site_fact fact{site_event_type::site_outage, {}, most_frequent_cause(site), 0, {}, {}};
  fact.detail =
      fmt::format("{} of {} cameras lost their frames together", lost, site.window->eligible);
  for (auto& c : site.cameras) {
    if (std::exchange(c.excused_until, std::nullopt)) c.is_member = true;
    if (!std::exchange(c.is_pending, false)) continue;
    c.is_member = true;
    fact.cameras.push_back(c.camera);
    if (fact.since_utc_us == 0 || c.since_utc_us < fact.since_utc_us)
      fact.since_utc_us = c.since_utc_us;
  }
  site.outage = open_outage{fact.cause, fact.since_utc_us, {}, 0};
  site.window.reset();
  told.push_back(std::move(fact));
}

void close_window(site_health& site, facts& told) {
  for (auto& c : site.cameras)
    if (std::exchange(c.is_pending, false)) announce(site_event_type::camera_down, c, told);
  site.window.reset();
}

// -- Outage
// ----------------------------------------------------------------------------------------

void weigh_restoration(site_health& site, instant now) {
  if (!site.outage) return;
  const auto members = count(site, [](const site_camera& c) { return c.is_member; });
  const auto back = count(site, [](const site_camera& c) { return c.is_member && !is_down(c); });
  if (back * 100 < restore_min_pct * members) {
    site.outage->restores_at.reset();
  } else if (!site.outage->restores_at) {
    site.outage->restores_at = now.mono + to_ns(restore_hold);
    site.outage->back_since_utc_us = now.utc;
  }
}

void end_outage(site_health& site, instant now, facts& told) {
  site_fact fact{site_event_type::site_restored, {}, site.outage->cause,
                 site.outage->back_since_utc_us, {}, {}};
  facts own_cause;
  std::size_t members = 0;
  for (auto& c : site.cameras) {
    if (!std::exchange(c.is_member, false)) continue;
    ++members;
    if (!is_down(c))
      fact.cameras.push_back(c.camera);
    else if (correlates(c.cause))
      c.excused_until = now.mono + to_ns(straggler_grace);
    else
      announce(site_event_type::camera_down, c, own_cause);
  }
  fact.detail = fmt::format("{} of {} cameras are back", fact.cameras.size(), members);
  site.outage.reset();
  told.push_back(std::move(fact));
  std::move(own_cause.begin(), own_cause.end(), std::back_inserter(told));
}

void tell_late_stragglers(site_health& site, instant now, facts& told) {
  for (auto& c : site.cameras)
    if (c.excused_until && now.mono >= *c.excused_until)
      announce(site_event_type::camera_down, c, told);
}

// -- Transitions of one camera
// ---------------------------------------------------------------------

void on_loss(site_health& site, site_camera& c, instant now, facts& told) {
  if (!correlates(c.cause)) {
    announce(site_event_type::camera_down, c, told);
  } else if (site.outage) {
    c.is_member = true;
    weigh_restoration(site, now);
  } else {
    c.is_pending = true;
    open_if_closed(site, now);
    declare_outage_if_due(site, told);
  }
}

/// `before` is what was last known of `c`.
void on_delivery(site_health& site, site_camera& c, const site_camera& before, instant now,
                 facts& told) {
  c.excused_until.reset();
  if (std::exchange(c.is_pending, false)) {
    told.push_back(fact_of(site_event_type::camera_down, before));
    c.is_announced = true;
  }
  if (c.state == health_state::degraded) {
    const bool is_new = before.state != c.state || before.cause != c.cause;
    if (is_new) announce(site_event_type::camera_degraded, c, told);
  } else if (c.is_announced) {
    announce(site_event_type::camera_restored, c, told);
  }
  if (c.is_member) weigh_restoration(site, now);
}

void pass_time(site_health& site, instant now, facts& told) {
  if (site.window && now.mono >= site.window->closes_at) close_window(site, told);
  if (site.outage && site.outage->restores_at && now.mono >= *site.outage->restores_at)
    end_outage(site, now, told);
  tell_late_stragglers(site, now, told);
}

}  // namespace

bool correlates(health_cause cause) noexcept {
  switch (cause) {
    case health_cause::refused:
    case health_cause::unreachable:
    case health_cause::reset:
    case health_cause::closed:
    case health_cause::silence:
    case health_cause::rtcp_only:
    case health_cause::drip:
    case health_cause::protocol:
      return true;
    default:
      return false;
  }
}

site_step step(site_health site, const camera_id& camera, const camera_status& status,
               instant now) {
  facts told;
  pass_time(site, now, told);
  const auto found =
      std::find_if(site.cameras.begin(), site.cameras.end(),
                   [&](const site_camera& candidate) { return candidate.camera == camera; });
  if (found == site.cameras.end() || status.state == health_state::starting)
    return {std::move(site), std::move(told)};

  auto& c = *found;
  const auto before = c;
  c.state = status.state;
  c.cause = status.cause;
  c.since_utc_us = status.since_utc_us;
  c.detail = status.detail;
  if (!is_down(c))
    on_delivery(site, c, before, now, told);
  else if (!is_down(before))
    on_loss(site, c, now, told);
  else if (c.excused_until && !correlates(c.cause))
    announce(site_event_type::camera_down, c, told);
  return {std::move(site), std::move(told)};
}

site_step step(site_health site, instant now) {
  facts told;
  pass_time(site, now, told);
  return {std::move(site), std::move(told)};
}

std::optional<mono_ns> next_deadline(const site_health& site) noexcept {
  std::optional<mono_ns> due;
  const auto consider = [&due](std::optional<mono_ns> at) {
    if (at && (!due || *at < *due)) due = at;
  };
  if (site.window) consider(site.window->closes_at);
  if (site.outage) consider(site.outage->restores_at);
  for (const auto& c : site.cameras) consider(c.excused_until);
  return due;
}

site_step set_cameras(site_health site, const std::vector<camera_id>& cameras, instant now) {
  facts told;
  pass_time(site, now, told);
  std::vector<site_camera> kept;
  kept.reserve(cameras.size());
  for (const auto& id : cameras) {
    const auto known = std::find_if(site.cameras.begin(), site.cameras.end(),
                                    [&](const site_camera& c) { return c.camera == id; });
    if (known != site.cameras.end())
      kept.push_back(std::move(*known));
    else
      kept.emplace_back().camera = id;
  }
  site.cameras = std::move(kept);
  if (site.outage && count(site, [](const site_camera& c) { return c.is_member; }) == 0) {
    site.outage->back_since_utc_us = now.utc;
    end_outage(site, now, told);
  }
  if (site.outage) weigh_restoration(site, now);
  return {std::move(site), std::move(told)};
}

}  // namespace vigie::domain
