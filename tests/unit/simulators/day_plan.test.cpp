// SPDX-License-Identifier: Apache-2.0
#include "day/day_plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace {

using namespace std::chrono_literals;
using namespace vigie::simulators;
using nlohmann::json;

day_options options_of(std::string_view profile, std::uint64_t seed,
                       day_variant variant = day_variant::ordinary) {
  day_options o;
  o.profile = profile;
  o.seed = seed;
  o.variant = variant;
  o.centre = sizes_of(profile).value();
  return o;
}

std::vector<day_entry> of_kind(const day_plan& plan, day_kind kind) {
  std::vector<day_entry> found;
  std::copy_if(plan.entries.begin(), plan.entries.end(), std::back_inserter(found),
               [&](const day_entry& e) { return e.kind == kind; });
  return found;
}

/// True when `counted` in `days` days is within five standard deviations of a Poisson process.
bool is_rate(double counted, double per_day, unsigned days) {
  const double expected = per_day * days;
  return std::abs(counted - expected) <= 5 * std::sqrt(expected);
}

TEST_CASE("day plan: the same seed is the same day, to the letter, and another is another") {
  const auto once = make_day_plan(options_of("oise", 7)).value();
  const auto again = make_day_plan(options_of("oise", 7)).value();
  const auto other = make_day_plan(options_of("oise", 8)).value();
  CHECK(to_json(once) == to_json(again));
  CHECK(to_toml(once) == to_toml(again));
  CHECK(to_json(once) != to_json(other));
}

TEST_CASE("day plan: over four hundred days every kind comes at its published rate") {
  constexpr unsigned days = 400;
  for (const char* profile : {"strasbourg", "oise"}) {
    std::map<day_kind, unsigned> counted;
    day_totals sum;
    double alarms_per_day = 0;
    for (unsigned seed = 1; seed <= days; ++seed) {
      const auto plan = make_day_plan(options_of(profile, seed)).value();
      for (const day_entry& e : plan.entries) ++counted[e.kind];
      const day_totals t = totals_of(plan.entries);
      sum.guard_dispatches += t.guard_dispatches;
      sum.municipal_police_calls += t.municipal_police_calls;
      alarms_per_day = plan.profile.rates[0].per_day;
    }
    const auto rates =
        day_profile_of(profile, sizes_of(profile)->cameras, sizes_of(profile)->sites);
    for (const day_rate& rate : rates->rates) {
      INFO(profile, " ", name_of(rate.kind), ": ", counted[rate.kind]);
      CHECK(is_rate(counted[rate.kind], rate.per_day, days));
    }
    CHECK(is_rate(sum.guard_dispatches, alarms_per_day * 1027 / 3139, days));
    CHECK(is_rate(sum.municipal_police_calls, alarms_per_day * 157 / 3139, days));
  }
}

TEST_CASE("day plan: Strasbourg's figures are those it published") {
  const auto profile = day_profile_of("strasbourg", 766, 260).value();
  const std::array expected{8.6, 0.3, 1.7, 15.6, 6.2, 3.5};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(profile.rates[i].per_day == doctest::Approx(expected[i]).epsilon(0.05));
    CHECK(profile.rates[i].is_published);
  }
  CHECK_FALSE(day_profile_of("paris", 1, 1).has_value());
}

TEST_CASE("day plan: offices ask by day, armed panels cry at night") {
  unsigned office = 0;
  unsigned office_at_night = 0;
  unsigned alarms_armed = 0;
  unsigned alarms_by_day = 0;
  for (unsigned seed = 1; seed <= 100; ++seed) {
    const auto plan = make_day_plan(options_of("strasbourg", seed)).value();
    for (const day_entry& e : plan.entries) {
      const unsigned hour = local_hour(e.at);
      if (e.kind == day_kind::requisition) ++(hour >= 7 && hour < 20 ? office : office_at_night);
      if (e.kind == day_kind::alarm) ++(hour >= 9 && hour < 17 ? alarms_by_day : alarms_armed);
    }
  }
  CHECK(office > 0);
  CHECK(office_at_night == 0);
  CHECK(alarms_armed > 3 * alarms_by_day);
}

TEST_CASE("day plan: entries are in order, within the day, at sites and cameras that exist") {
  const day_options options = options_of("oise", 3);
  const auto plan = make_day_plan(options).value();
  REQUIRE_FALSE(plan.entries.empty());
  for (std::size_t i = 0; i < plan.entries.size(); ++i) {
    const day_entry& e = plan.entries[i];
    CHECK(e.number == i + 1);
    CHECK(e.at >= day_time{0});
    CHECK(e.at < whole_day);
    if (i > 0) CHECK(plan.entries[i - 1].at <= e.at);
    const site_place place = site_place_of(options.centre, e.site);
    CHECK(e.site_id == place.site);
    CHECK(e.insee == place.insee);
    if (e.camera != 0) {
      CHECK(e.camera >= place.cameras.first);
      CHECK(e.camera <= place.cameras.last);
    }
    CHECK((e.camera == 0) == (e.kind == day_kind::site_outage));
    CHECK((e.told == day_told::nobody || e.truth == day_truth::real));
    if (e.kind == day_kind::alarm) CHECK(place.is_monitored);
    if (e.incident == "fire" && e.truth == day_truth::real) CHECK(e.told == day_told::fire_rescue);
    CHECK(e.delays.look > day_time{0});
  }
}

TEST_CASE("day plan: the places are those that vigie-sim config writes") {
  const centre_options options = sizes_of("strasbourg").value();
  const std::string text = make_centre_config(options).value();
  std::set<std::string> sites;
  for (unsigned s = 1; s <= options.sites; ++s) {
    const site_place place = site_place_of(options, s);
    sites.insert(place.site);
    CHECK(text.find("id = \"" + place.site + "\"\n") != std::string::npos);
    CHECK(text.find("insee = \"" + place.insee + "\"") != std::string::npos);
  }
  CHECK(sites.size() == options.sites);
}

TEST_CASE("day plan: more alarms leave calls, orders and outages where they were") {
  auto options = options_of("strasbourg", 11);
  const auto calm = make_day_plan(options).value();
  options.variant = day_variant::new_year;
  const auto wild = make_day_plan(options).value();
  for (const day_kind kind : {day_kind::panic_button, day_kind::complaint_viewing,
                              day_kind::requisition, day_kind::camera_outage}) {
    const auto a = of_kind(calm, kind);
    const auto b = of_kind(wild, kind);
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i].at == b[i].at);
  }
}

TEST_CASE("day plan: in the new year's night alarms come twenty times as often, by day as ever") {
  constexpr unsigned days = 60;
  const auto night = [](const day_entry& e) {
    return local_hour(e.at) >= 18 || local_hour(e.at) < 4;
  };
  double counted = 0;
  double by_day = 0;
  for (unsigned seed = 1; seed <= days; ++seed)
    for (const day_entry& e :
         of_kind(make_day_plan(options_of("strasbourg", seed, day_variant::new_year)).value(),
                 day_kind::alarm))
      ++(night(e) ? counted : by_day);
  double share = 0;
  for (unsigned hour = 0; hour < 24; ++hour)
    if (hour >= 18 || hour < 4) share += hours_of(day_kind::alarm)[hour];
  const double per_day = 3139.0 / 365;
  CHECK(is_rate(counted, per_day * share * 20, days));
  CHECK(is_rate(by_day, per_day * (1 - share), days));
}

TEST_CASE("day plan: the power cut takes a third of the sites within two seconds and ends") {
  const auto calm = make_day_plan(options_of("oise", 5)).value();
  const auto dark = make_day_plan(options_of("oise", 5, day_variant::power_cut)).value();
  CHECK(dark.entries.size() - calm.entries.size() == 1000 / 3);
  std::set<unsigned> sites;
  for (const day_entry& e : of_kind(dark, day_kind::site_outage))
    if (e.at >= 11h + 40min && e.at < 11h + 40min + 2s && e.lasts >= 25min && e.lasts < 35min)
      sites.insert(e.site);
  CHECK(sites.size() >= 333);
}

TEST_CASE("day plan: the fibre cut takes one whole commune at the same moment") {
  const auto options = options_of("oise", 5, day_variant::fibre_cut);
  std::set<std::string> communes;
  std::set<unsigned> sites;
  for (const day_entry& e : of_kind(make_day_plan(options).value(), day_kind::site_outage))
    if (e.at == 4h + 15min) {
      communes.insert(e.insee);
      sites.insert(e.site);
    }
  REQUIRE(communes.size() == 1);
  unsigned expected = 0;
  for (unsigned s = 1; s <= options.centre.sites; ++s)
    if (site_place_of(options.centre, s).insee == *communes.begin()) ++expected;
  CHECK(sites.size() == expected);
}

TEST_CASE("day plan: what is printed says the same as the plan, rates and their basis included") {
  const auto plan = make_day_plan(options_of("oise", 2)).value();
  const json told = json::parse(to_json(plan));
  CHECK(told["entries"].size() == plan.entries.size());
  CHECK(told["totals"]["alarms_checked"] == totals_of(plan.entries).alarms_checked);
  CHECK(told["rates"].size() == all_day_kinds.size());
  CHECK(told["rates"][0]["published"] == true);
  CHECK(told["rates"][1]["published"] == false);
  CHECK(to_toml(plan).find("[totals]\nlive_transfers = ") != std::string::npos);
}

TEST_CASE("day plan: a centre that cannot be, or a factor that means nothing, is refused") {
  auto options = options_of("oise", 1);
  options.rate_factor = 0;
  CHECK_FALSE(make_day_plan(options).has_value());
  options.rate_factor = std::nan("");
  CHECK_FALSE(make_day_plan(options).has_value());
  options = options_of("oise", 1);
  options.centre.sites = 2;
  CHECK_FALSE(make_day_plan(options).has_value());
}

TEST_CASE("arrivals: human delays have the median they should, and no end without end") {
  vigie::seeded_random random{4};
  std::vector<day_time> drawn;
  for (int i = 0; i < 4001; ++i) drawn.push_back(human_delay(60s, 1.8, random));
  std::sort(drawn.begin(), drawn.end());
  CHECK(drawn[2000] > 54s);
  CHECK(drawn[2000] < 66s);
  CHECK(drawn.front() > 0ms);
  CHECK(drawn.back() <= 1200s);
}

}  // namespace
