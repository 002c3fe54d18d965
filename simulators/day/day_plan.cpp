// SPDX-License-Identifier: Apache-2.0
#include "day/day_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace vigie::simulators {

namespace {

using namespace std::chrono_literals;

constexpr double new_year_factor = 20;

bool grows_at_new_year(day_kind k) {
  return k == day_kind::alarm || k == day_kind::offence || k == day_kind::live_transfer;
}

double factor_of(day_variant v, day_kind k, unsigned hour) {
  const bool is_the_night = hour >= 18 || hour < 4;
  return v == day_variant::new_year && is_the_night && grows_at_new_year(k) ? new_year_factor : 1;
}

/// Something with its share of cases.
template <class Value>
using share = std::pair<double, Value>;

/// One of them by chance; the last takes what is left of 1.
template <class Value, std::size_t N>
Value pick(const std::array<share<Value>, N>& from, random_source& random) {
  double left = random.unit();
  for (const auto& [part, value] : from)
    if ((left -= part) < 0) return value;
  return from.back().second;
}

std::string_view alarm_incident(random_source& random) {
  return pick(
      std::array<share<std::string_view>, 4>{
          {{0.86, "intrusion"}, {0.06, "fire"}, {0.04, "damage"}, {0.04, "tampering"}}},
      random);
}

std::string_view street_incident(random_source& random) {
  return pick(std::array<share<std::string_view>, 7>{{{0.30, "theft"},
                                                      {0.18, "assault"},
                                                      {0.18, "disturbance"},
                                                      {0.14, "damage"},
                                                      {0.08, "road_accident"},
                                                      {0.06, "waste_dumping"},
                                                      {0.06, "rescue"}}},
              random);
}

day_mood any_mood(random_source& random) {
  return pick(std::array<share<day_mood>, 6>{{{0.78, day_mood::normal},
                                              {0.08, day_mood::slow},
                                              {0.04, day_mood::mute},
                                              {0.04, day_mood::drop},
                                              {0.03, day_mood::busy},
                                              {0.03, day_mood::foreign_ack}}},
              random);
}

/// The sites of a centre, by what can happen there.
class places {
 public:
  explicit places(const centre_options& o) {
    for (unsigned s = 1; s <= o.sites; ++s) {
      all_.push_back(site_place_of(o, s));
      (all_.back().is_monitored ? monitored_ : streets_).push_back(s);
    }
    // A centre may be so small that it has no building or no street.
    if (monitored_.empty()) monitored_ = streets_;
    if (streets_.empty()) streets_ = monitored_;
  }
  const site_place& at(unsigned site) const { return all_[site - 1]; }
  unsigned count() const { return static_cast<unsigned>(all_.size()); }
  unsigned building(random_source& random) const { return any_of(monitored_, random); }
  unsigned street(random_source& random) const { return any_of(streets_, random); }
  unsigned any(random_source& random) const {
    return 1 + static_cast<unsigned>(random.next() % all_.size());
  }

 private:
  static unsigned any_of(const std::vector<unsigned>& from, random_source& random) {
    return from[random.next() % from.size()];
  }
  std::vector<site_place> all_;
  std::vector<unsigned> monitored_;
  std::vector<unsigned> streets_;
};

void put_at(day_entry& e, const places& where, unsigned site, bool wants_camera,
            random_source& random) {
  const site_place& place = where.at(site);
  e.site = site;
  e.insee = place.insee;
  e.site_id = place.site;
  const unsigned count = place.cameras.last - place.cameras.first + 1;
  if (wants_camera) e.camera = place.cameras.first + static_cast<unsigned>(random.next() % count);
}

void judge_alarm(day_entry& e, const alarm_outcomes& o, random_source& random) {
  e.told =
      pick(std::array<share<day_told>, 4>{{{o.guard_dispatch, day_told::guarding},
                                           {o.municipal_police_call, day_told::municipal_police},
                                           {o.state_force, day_told::state_force},
                                           {1, day_told::nobody}}},
           random);
  // Guards and municipal police are sent to look after burglar alarms, not to fires.
  const bool is_local = e.told == day_told::guarding || e.told == day_told::municipal_police;
  e.incident = is_local ? "intrusion" : alarm_incident(random);
  // A panel that triggers often triggers again before anybody can be there.
  e.signals = 1 + static_cast<unsigned>(random.unit() * random.unit() * 6);
  if (e.told != day_told::nobody) {
    e.truth = day_truth::real;
    if (e.incident == "fire") e.told = day_told::fire_rescue;
  } else if (random.unit() <
             o.inconclusive / (1 - o.guard_dispatch - o.municipal_police_call - o.state_force)) {
    e.truth = day_truth::unclear;
  }
}

/// What is there and who will be told.
void fill(day_entry& e, const day_profile& profile, const places& where, random_source& random) {
  switch (e.kind) {
    case day_kind::alarm:
      put_at(e, where, where.building(random), true, random);
      judge_alarm(e, profile.outcomes, random);
      break;
    case day_kind::panic_button:
      put_at(e, where, where.building(random), true, random);
      e.incident = "panic";
      // Most are pressed by mistake or by the cleaning.
      e.truth = random.unit() < 0.15 ? day_truth::real : day_truth::nothing;
      if (e.truth == day_truth::real) e.told = day_told::state_force;
      break;
    case day_kind::offence:
      put_at(e, where, where.street(random), true, random);
      e.incident = street_incident(random);
      e.truth = day_truth::real;
      e.told = e.incident == "rescue" ? day_told::fire_rescue : day_told::state_force;
      break;
    case day_kind::live_transfer:
      put_at(e, where, where.street(random), true, random);
      e.incident = street_incident(random);
      e.truth = day_truth::real;
      break;
    case day_kind::complaint_viewing:
    case day_kind::requisition:
      put_at(e, where, where.street(random), true, random);
      e.recorded_ago = day_time{static_cast<std::int64_t>(
          random.unit() * static_cast<double>(day_time{std::chrono::hours{24 * 14}}.count()))};
      break;
    case day_kind::camera_outage:
      put_at(e, where, where.any(random), true, random);
      e.lasts = human_delay(40min, 3, random);
      break;
    case day_kind::site_outage:
      put_at(e, where, where.any(random), false, random);
      e.lasts = human_delay(15min, 2.5, random);
      break;
  }
  if (e.told != day_told::nobody) e.mood = any_mood(random);
  e.delays.notice = human_delay(e.kind == day_kind::panic_button ? 6s : 14s, 1.8, random);
  e.delays.look = human_delay(e.kind == day_kind::requisition ? 1500s : 75s, 1.9, random);
  e.delays.decide = human_delay(12s, 1.7, random);
  e.delays.handle = human_delay(e.told == day_told::nobody ? 240s : 900s, 1.8, random);
  e.delays.write = human_delay(90s, 1.7, random);
}

void add_site_cut(std::vector<day_entry>& entries, const places& where, unsigned site, day_time at,
                  day_time lasts) {
  day_entry e;
  e.kind = day_kind::site_outage;
  e.at = at;
  e.lasts = lasts;
  e.site = site;
  e.insee = where.at(site).insee;
  e.site_id = where.at(site).site;
  entries.push_back(std::move(e));
}

constexpr day_time at_clock(std::chrono::minutes clock) {
  return clock - std::chrono::hours{first_hour};
}

/// The mains of a third of the sites, all on one side of the department, within two seconds; they
/// come back one transformer after the other.
void cut_power(std::vector<day_entry>& entries, const places& where, random_source& random) {
  const unsigned first = where.any(random);
  for (unsigned i = 0; i < std::max(where.count() / 3, 1U); ++i) {
    const unsigned site = 1 + (first - 1 + i) % where.count();
    const day_time jitter{static_cast<std::int64_t>(random.unit() * 2000)};
    add_site_cut(entries, where, site, at_clock(17h + 40min) + jitter,
                 25min + day_time{static_cast<std::int64_t>(random.unit() * 600'000)});
  }
}

void cut_fibre(std::vector<day_entry>& entries, const places& where, random_source& random) {
  const unsigned commune = where.at(where.any(random)).commune;
  for (unsigned site = 1; site <= where.count(); ++site)
    if (where.at(site).commune == commune)
      add_site_cut(entries, where, site, at_clock(10h + 15min), 70min);
}

}  // namespace

result<day_plan> make_day_plan(const day_options& options) {
  const centre_options& centre = options.centre;
  if (centre.communes < 1 || centre.communes > most_communes(centre.where) ||
      centre.sites < centre.communes || centre.cameras < centre.sites)
    return fail(errc::config_invalid, "the centre needs communes ≤ sites ≤ cameras");
  if (!(options.rate_factor > 0 && options.rate_factor <= 1000))
    return fail(errc::config_invalid, "the factor of the rates is above 0 and at most 1000");
  auto profile = day_profile_of(options.profile, centre.cameras, centre.sites);
  if (!profile) return tl::unexpected{profile.error()};
  const places where{centre};
  std::vector<day_entry> entries;
  for (const day_rate& rate : profile->rates) {
    const auto stream = static_cast<std::uint64_t>(rate.kind) << 32U;
    seeded_random random{options.seed ^ stream};
    const bool is_outage =
        rate.kind == day_kind::camera_outage || rate.kind == day_kind::site_outage;
    const auto arrivals = poisson_arrivals(
        rate.per_day * (is_outage ? 1 : options.rate_factor), hours_of(rate.kind),
        [&](unsigned hour) { return factor_of(options.variant, rate.kind, hour); }, random);
    for (const day_time at : arrivals) {
      day_entry e;
      e.at = at;
      e.kind = rate.kind;
      fill(e, *profile, where, random);
      entries.push_back(std::move(e));
    }
  }
  seeded_random random{options.seed ^ 0xffff'0000'0000'0000U};
  if (options.variant == day_variant::power_cut) cut_power(entries, where, random);
  if (options.variant == day_variant::fibre_cut) cut_fibre(entries, where, random);
  std::stable_sort(entries.begin(), entries.end(),
                   [](const day_entry& a, const day_entry& b) { return a.at < b.at; });
  for (std::size_t i = 0; i < entries.size(); ++i) entries[i].number = static_cast<unsigned>(i + 1);
  return day_plan{options, *profile, std::move(entries)};
}

day_totals totals_of(const std::vector<day_entry>& entries) noexcept {
  day_totals t;
  for (const day_entry& e : entries) {
    if (e.told == day_told::guarding) ++t.guard_dispatches;
    if (e.told == day_told::municipal_police) ++t.municipal_police_calls;
    switch (e.kind) {
      case day_kind::alarm:
        ++t.alarms_checked;
        break;
      case day_kind::panic_button:
        ++t.panic_buttons;
        break;
      case day_kind::offence:
        ++t.offences_reported;
        break;
      case day_kind::live_transfer:
        ++t.live_transfers;
        break;
      case day_kind::complaint_viewing:
        ++t.viewings_after_complaint;
        break;
      case day_kind::requisition:
        ++t.transmissions_on_requisition;
        break;
      case day_kind::camera_outage:
        ++t.camera_outages;
        break;
      case day_kind::site_outage:
        ++t.site_outages;
        break;
    }
  }
  return t;
}

}  // namespace vigie::simulators
