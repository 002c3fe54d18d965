// SPDX-License-Identifier: Apache-2.0
#include "domain/viewing.hpp"

#include <algorithm>

namespace vigie::domain {
namespace {

/// LEG-02, LEG-08: whose agreement the person needs for this camera.
std::optional<access_refusal> permit_obstacle(const person& who, const viewing_place& place,
                                              utc_us now) {
  const auto& designated = who.designations;
  if (place.camera.legal_regime == regime::open_to_public &&
      std::find(designated.begin(), designated.end(), place.site) == designated.end())
    return access_refusal::not_designated;
  if (place.camera.legal_regime == regime::open_to_public) return std::nullopt;
  if (!needs_approval(who.role)) return std::nullopt;
  return approval_obstacle(who.approval, place.commune.id, now);
}

std::optional<access_refusal> window_obstacle(const commune_entry& commune, alarm_proof alarm,
                                              utc_us now) {
  if (!commune.viewing_windows || is_open(*commune.viewing_windows, now)) return std::nullopt;
  if (!commune.has_alarm_exception || alarm == alarm_proof::none_named)
    return access_refusal::outside_window;
  if (alarm == alarm_proof::unknown) return access_refusal::alarm_unknown;
  return std::nullopt;
}

}  // namespace

std::string_view name_of(viewing_kind k) noexcept {
  switch (k) {
    case viewing_kind::live:
      return "live";
    case viewing_kind::replay:
      return "replay";
  }
  return {};
}

std::optional<access_refusal> viewing_obstacle(const person* who, viewing_kind kind,
                                               const view_claim& claim, const viewing_place& place,
                                               alarm_proof alarm, utc_us now) {
  if (claim.reason.find_first_not_of(" \t\r\n") == std::string::npos)
    return access_refusal::reason_missing;
  const bool is_live = kind == viewing_kind::live;
  if (const auto refused = obstacle(who, is_live ? act::view_live : act::view_replay))
    return refused;
  if (is_live && !who->has_live_right) return access_refusal::no_live_right;
  if (!is_live && !who->has_replay_right) return access_refusal::no_replay_right;
  if (needs_approval(who->role) && !who->is_on_duty) return access_refusal::off_duty;
  if (place.camera.legal_regime == regime::shop_frontage && !needs_approval(who->role))
    return access_refusal::owner_sees_nothing;
  if (const auto refused = permit_obstacle(*who, place, now)) return refused;
  if (!handles(*who, place.commune.id)) return access_refusal::other_commune;
  if (claim.authority != place.commune.id) return access_refusal::wrong_authority;
  const auto stated = purpose_from(claim.purpose);
  const auto& lawful = place.camera.purposes;
  if (!stated || std::find(lawful.begin(), lawful.end(), *stated) == lawful.end())
    return access_refusal::purpose_not_authorised;
  if (is_live && needs_approval(who->role)) return window_obstacle(place.commune, alarm, now);
  return std::nullopt;
}

}  // namespace vigie::domain
