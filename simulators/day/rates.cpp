// SPDX-License-Identifier: Apache-2.0
#include "day/rates.hpp"

#include <fmt/format.h>

namespace vigie::simulators {

namespace {

constexpr hour_shares normal(std::array<double, 24> weights) {
  double sum = 0;
  for (const double one : weights) sum += one;
  for (double& one : weights) one /= sum;
  return weights;
}

// Panels are armed when the last one leaves and disarmed by the first one in the morning, who
// sometimes forgets the code.
constexpr hour_shares armed_hours =
    normal({6, 6, 6, 6, 5, 5, 7, 8, 4, 2, 2, 2, 2, 2, 2, 2, 3, 4, 6, 7, 7, 7, 6, 6});
constexpr hour_shares public_hours =
    normal({1, 1, 1, 0, 0, 0, 1, 2, 5, 7, 7, 7, 6, 6, 8, 8, 8, 7, 5, 4, 3, 2, 2, 1});
constexpr hour_shares street_hours =
    normal({7, 6, 5, 4, 3, 2, 1, 2, 3, 3, 3, 3, 4, 4, 4, 5, 6, 7, 7, 7, 7, 8, 8, 8});
constexpr hour_shares office_hours =
    normal({0, 0, 0, 0, 0, 0, 0, 1, 6, 12, 13, 11, 4, 6, 12, 13, 11, 7, 3, 1, 0, 0, 0, 0});
// Works, mains and lightning: somewhat more by day.
constexpr hour_shares any_hours =
    normal({3, 3, 3, 3, 3, 3, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 4, 4, 4, 4, 3, 3});

constexpr double days_per_year = 365;
constexpr double camera_days_between_outages = 60;
constexpr double site_days_between_outages = 200;

constexpr std::string_view strasbourg_2016 = "Strasbourg 2016, activity report";
constexpr std::string_view assumed_like_strasbourg = "assumed: as in Strasbourg in 2016";

}  // namespace

std::string_view name_of(day_kind k) noexcept {
  switch (k) {
    case day_kind::alarm:
      return "alarm";
    case day_kind::panic_button:
      return "panic_button";
    case day_kind::offence:
      return "offence";
    case day_kind::live_transfer:
      return "live_transfer";
    case day_kind::complaint_viewing:
      return "complaint_viewing";
    case day_kind::requisition:
      return "requisition";
    case day_kind::camera_outage:
      return "camera_outage";
    case day_kind::site_outage:
      return "site_outage";
  }
  return "unknown";
}

const hour_shares& hours_of(day_kind k) noexcept {
  switch (k) {
    case day_kind::alarm:
      return armed_hours;
    case day_kind::panic_button:
      return public_hours;
    case day_kind::offence:
    case day_kind::live_transfer:
      return street_hours;
    case day_kind::complaint_viewing:
    case day_kind::requisition:
      return office_hours;
    case day_kind::camera_outage:
    case day_kind::site_outage:
      break;
  }
  return any_hours;
}

result<day_profile> day_profile_of(std::string_view name, unsigned cameras, unsigned sites) {
  // 2016, 570 cameras, 400 monitored sites: 3,139 alarm checks, 1,027 guard dispatches, 157 calls
  // to the municipal police, 106 panic buttons, 611 offences, 5,695 live transfers, 2,248 viewings
  // after a complaint. 2022: 1,260 requisitions.
  constexpr alarm_outcomes outcomes{1027.0 / 3139, 157.0 / 3139, 0.03, 0.08};
  const double camera_outages = cameras / camera_days_between_outages;
  const double site_outages = sites / site_days_between_outages;
  const day_rate cameras_fail{day_kind::camera_outage, camera_outages, false,
                              "assumed: each camera once in 60 days"};
  const day_rate sites_fail{day_kind::site_outage, site_outages, false,
                            "assumed: each site once in 200 days"};
  if (name == "strasbourg")
    return day_profile{"strasbourg",
                       {{{day_kind::alarm, 3139 / days_per_year, true, strasbourg_2016},
                         {day_kind::panic_button, 106 / days_per_year, true, strasbourg_2016},
                         {day_kind::offence, 611 / days_per_year, true, strasbourg_2016},
                         {day_kind::live_transfer, 5695 / days_per_year, true, strasbourg_2016},
                         {day_kind::complaint_viewing, 2248 / days_per_year, true, strasbourg_2016},
                         {day_kind::requisition, 1260 / days_per_year, true, "Strasbourg 2022"},
                         cameras_fail,
                         sites_fail}},
                       outcomes,
                       4};
  if (name == "oise")
    return day_profile{
        "oise",
        {{{day_kind::alarm, 36.0 / 7, true, "Oise: several dozen a week, taken as 36"},
          {day_kind::panic_button, 106 / days_per_year, false, assumed_like_strasbourg},
          {day_kind::offence, 611 / days_per_year, false, assumed_like_strasbourg},
          {day_kind::live_transfer, 5695 / days_per_year, false, assumed_like_strasbourg},
          {day_kind::complaint_viewing, 2248 / days_per_year, false, assumed_like_strasbourg},
          {day_kind::requisition, 30 / 30.4, true, "Oise: 30 a month"},
          cameras_fail,
          sites_fail}},
        outcomes,
        2};
  return fail(errc::config_invalid,
              fmt::format("--profile must be strasbourg or oise, not {}", name));
}

}  // namespace vigie::simulators
