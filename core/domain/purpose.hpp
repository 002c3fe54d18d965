// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace vigie::domain {

/// The purposes the law lists for public-road cameras (CSI L251-2), and the one for premises open
/// to the public. A camera without one is refused (LEG-10).
enum class purpose : std::uint8_t {
  public_buildings_protection = 1,
  national_defence_installations,
  transport_flow_regulation,
  traffic_offence_recording,
  persons_and_property_safety,
  terrorism_prevention,
  natural_technological_risk_prevention,
  rescue_and_fire,
  amusement_park_safety,
  motor_insurance_obligation,
  waste_dumping_offences,
  open_to_public_safety,
};

/// The legal regime a camera stands under; it decides who may see (LEG-04, LEG-06, LEG-08).
enum class regime : std::uint8_t {
  public_road = 1,
  open_to_public,
  not_open_to_public,
  shop_frontage,
};

std::string_view name_of(purpose p) noexcept;
std::string_view name_of(regime r) noexcept;
std::optional<purpose> purpose_from(std::string_view name) noexcept;
std::optional<regime> regime_from(std::string_view name) noexcept;

}  // namespace vigie::domain
