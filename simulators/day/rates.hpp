// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace vigie::simulators {

/// What happens in a supervision centre's day. The first six are the headings under which
/// Strasbourg publishes its year; guard dispatches and calls to the municipal police follow from
/// alarms.
enum class day_kind : unsigned char {
  alarm = 1,          ///< a panel or detector of a monitored site; an operator checks it
  panic_button,       ///< somebody presses one
  offence,            ///< an operator sees it and reports it to a force
  live_transfer,      ///< a force asks for live images
  complaint_viewing,  ///< recorded images are looked at after a complaint
  requisition,        ///< recorded images are handed over by a judicial order
  camera_outage,
  site_outage,
};
inline constexpr std::array all_day_kinds{
    day_kind::alarm,         day_kind::panic_button,      day_kind::offence,
    day_kind::live_transfer, day_kind::complaint_viewing, day_kind::requisition,
    day_kind::camera_outage, day_kind::site_outage};
std::string_view name_of(day_kind k) noexcept;

/// Shares of a kind's day in each hour from 0 h to 24 h, local time; they sum to 1.
using hour_shares = std::array<double, 24>;

/// How often something happens, and who says so.
struct day_rate {
  day_kind kind = day_kind::alarm;
  double per_day = 0;
  bool is_published = false;  ///< else assumed: nobody publishes it
  std::string_view basis;     ///< one line
};

/// What becomes of checked alarms, as shares; the rest are false alarms.
struct alarm_outcomes {
  double guard_dispatch = 0;
  double municipal_police_call = 0;
  double state_force = 0;
  double inconclusive = 0;
};

/// A centre's life in figures.
struct day_profile {
  std::string_view name;
  std::array<day_rate, all_day_kinds.size()> rates;  ///< in the order of all_day_kinds
  alarm_outcomes outcomes;
  unsigned operators_on_duty = 1;
};

/// `strasbourg` or `oise`; outages follow the number of cameras and sites, for which nobody
/// publishes a rate. Errors: config_invalid.
result<day_profile> day_profile_of(std::string_view name, unsigned cameras, unsigned sites);

/// When in the day it happens. Nobody publishes curves: these follow the hours of offices, of the
/// street and of alarm systems that are armed at night.
const hour_shares& hours_of(day_kind k) noexcept;

}  // namespace vigie::simulators
