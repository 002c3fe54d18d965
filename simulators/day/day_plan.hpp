// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "centre_config/centre_config.hpp"
#include "day/arrivals.hpp"
#include "day/rates.hpp"

namespace vigie::simulators {

/// What makes a day unlike others.
enum class day_variant : unsigned char {
  ordinary = 1,
  new_year,   ///< from 18 h to 4 h alarms, offences and transfers come twenty times as often
  power_cut,  ///< a third of the sites loses its mains at 17:40, and gets it back
  fibre_cut,  ///< a whole commune is cut off at 10:15
};
result<day_variant> day_variant_from(std::string_view name);
std::string_view name_of(day_variant v) noexcept;

/// What is there when an operator looks.
enum class day_truth : unsigned char { nothing = 1, unclear, real };

/// Whom the operator would tell; who that is in that place and hour, routing says.
enum class day_told : unsigned char {
  nobody = 1,
  state_force,
  fire_rescue,
  municipal_police,
  guarding,
  contractor,
};

/// How the told one's system treats the message. The words are those of `behave`.
enum class day_mood : unsigned char { normal = 1, slow, mute, drop, busy, foreign_ack };

std::string_view name_of(day_truth t) noexcept;
std::string_view name_of(day_told t) noexcept;
std::string_view name_of(day_mood m) noexcept;

/// How long people take. All but `handle` is an operator's own time.
struct day_delays {
  day_time notice{0};  ///< until a free operator takes it
  day_time look{0};    ///< verification, or viewing
  day_time decide{0};  ///< from verdict to the approved notification
  day_time handle{0};  ///< until those who were told have been there, or the images were seen
  day_time write{0};   ///< the report
};

/// One thing of the day.
struct day_entry {
  unsigned number = 0;  ///< from 1, in order of time
  day_time at{0};
  day_kind kind = day_kind::alarm;
  std::string_view incident;  ///< the incident's kind: "intrusion", "fire", "panic" …; may be empty
  unsigned site = 0;          ///< from 1
  std::string insee;
  std::string site_id;
  unsigned camera = 0;  ///< from 1; 0: the whole site
  day_truth truth = day_truth::nothing;
  day_told told = day_told::nobody;
  day_mood mood = day_mood::normal;
  unsigned signals = 1;      ///< how often the same cause is signalled
  day_time lasts{0};         ///< of an outage
  day_time recorded_ago{0};  ///< how old the images are that are asked for
  day_delays delays;
};

/// The year's headings, as one day has them.
struct day_totals {
  unsigned live_transfers = 0;
  unsigned offences_reported = 0;
  unsigned viewings_after_complaint = 0;
  unsigned transmissions_on_requisition = 0;
  unsigned alarms_checked = 0;
  unsigned guard_dispatches = 0;
  unsigned municipal_police_calls = 0;
  unsigned panic_buttons = 0;
  unsigned camera_outages = 0;
  unsigned site_outages = 0;
  friend bool operator==(const day_totals&, const day_totals&) = default;
};

struct day_options {
  std::string profile = "strasbourg";
  day_variant variant = day_variant::ordinary;
  std::uint64_t seed = 1;
  double rate_factor = 1;  ///< more of everything but outages
  centre_options centre;   ///< whose sites and cameras it happens to
};

struct day_plan {
  day_options options;
  day_profile profile;
  std::vector<day_entry> entries;  ///< in order of time
};

/// The whole day, from its seed alone: each kind draws from a stream of its own, so that a change
/// of one leaves the others where they were. Errors: config_invalid.
result<day_plan> make_day_plan(const day_options& options);

day_totals totals_of(const std::vector<day_entry>& entries) noexcept;

/// The plan as JSON or TOML, for people and for whoever plays another part of the day.
std::string to_json(const day_plan& plan);
std::string to_toml(const day_plan& plan);

}  // namespace vigie::simulators
