// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <iterator>
#include <nlohmann/json.hpp>

#include "camera_farm/faults.hpp"
#include "day/day_plan.hpp"

namespace vigie::simulators {

namespace {

constexpr std::array all_variants{day_variant::ordinary, day_variant::new_year,
                                  day_variant::power_cut, day_variant::fibre_cut};

/// "06:00:00.000": the local time of the day's clock, which begins at `first_hour`.
std::string clock_of(day_time at) {
  const auto ms = at.count() + std::chrono::milliseconds{std::chrono::hours{first_hour}}.count();
  return fmt::format("{:02}:{:02}:{:02}.{:03}", ms / 3'600'000 % 24, ms / 60'000 % 60,
                     ms / 1000 % 60, ms % 1000);
}

double seconds(day_time t) { return static_cast<double>(t.count()) / 1000; }

/// The words and numbers of one entry, in order; `put` takes a name and a text or number.
template <class Put>
void tell(const day_entry& e, const Put& put) {
  put("number", e.number);
  put("at_s", seconds(e.at));
  put("clock", clock_of(e.at));
  put("kind", name_of(e.kind));
  put("commune", e.insee);
  put("site", e.site_id);
  if (e.camera != 0) put("camera", camera_id_of(e.camera));
  if (e.lasts.count() != 0) put("lasts_s", seconds(e.lasts));
  if (e.kind == day_kind::camera_outage || e.kind == day_kind::site_outage) return;
  if (!e.incident.empty()) {
    put("incident", e.incident);
    put("truth", name_of(e.truth));
    put("told", name_of(e.told));
    put("signals", e.signals);
  }
  if (e.told != day_told::nobody) put("mood", name_of(e.mood));
  if (e.recorded_ago.count() != 0) put("recorded_ago_s", seconds(e.recorded_ago));
  put("notice_s", seconds(e.delays.notice));
  put("look_s", seconds(e.delays.look));
  put("decide_s", seconds(e.delays.decide));
  put("handle_s", seconds(e.delays.handle));
  put("write_s", seconds(e.delays.write));
}

template <class Put>
void tell(const day_totals& t, const Put& put) {
  put("live_transfers", t.live_transfers);
  put("offences_reported", t.offences_reported);
  put("viewings_after_complaint", t.viewings_after_complaint);
  put("transmissions_on_requisition", t.transmissions_on_requisition);
  put("alarms_checked", t.alarms_checked);
  put("guard_dispatches", t.guard_dispatches);
  put("municipal_police_calls", t.municipal_police_calls);
  put("panic_buttons", t.panic_buttons);
  put("camera_outages", t.camera_outages);
  put("site_outages", t.site_outages);
}

template <class Put>
void tell(const day_plan& plan, const Put& put) {
  put("profile", plan.profile.name);
  put("variant", name_of(plan.options.variant));
  put("seed", plan.options.seed);
  put("rate_factor", plan.options.rate_factor);
  put("first_hour", first_hour);
  put("operators_on_duty", plan.profile.operators_on_duty);
}

/// Writes `name = value` lines; texts here hold nothing that TOML would want escaped.
class toml_lines {
 public:
  explicit toml_lines(std::string& out) : out_{&out} {}
  template <class Value>
  void operator()(std::string_view name, const Value& value) const {
    if constexpr (std::is_convertible_v<const Value&, std::string_view>)
      fmt::format_to(std::back_inserter(*out_), "{} = \"{}\"\n", name, std::string_view{value});
    else
      fmt::format_to(std::back_inserter(*out_), "{} = {}\n", name, value);
  }

 private:
  std::string* out_;
};

class json_members {
 public:
  explicit json_members(nlohmann::ordered_json& out) : out_{&out} {}
  template <class Value>
  void operator()(std::string_view name, const Value& value) const {
    (*out_)[std::string{name}] = value;
  }

 private:
  nlohmann::ordered_json* out_;
};

}  // namespace

result<day_variant> day_variant_from(std::string_view name) {
  for (const day_variant v : all_variants)
    if (name_of(v) == name) return v;
  return fail(errc::config_invalid,
              fmt::format("--variant is ordinary, new_year, power_cut or fibre_cut, not {}", name));
}

std::string_view name_of(day_variant v) noexcept {
  constexpr std::array<std::string_view, 4> names{"ordinary", "new_year", "power_cut", "fibre_cut"};
  return names[static_cast<std::size_t>(v) - 1];
}

std::string_view name_of(day_truth t) noexcept {
  constexpr std::array<std::string_view, 3> names{"nothing", "unclear", "real"};
  return names[static_cast<std::size_t>(t) - 1];
}

std::string_view name_of(day_told t) noexcept {
  constexpr std::array<std::string_view, 6> names{"nobody",           "state_force", "fire_rescue",
                                                  "municipal_police", "guarding",    "contractor"};
  return names[static_cast<std::size_t>(t) - 1];
}

std::string_view name_of(day_mood m) noexcept {
  constexpr std::array<std::string_view, 6> names{"normal", "slow", "mute",
                                                  "drop",   "busy", "foreign_ack"};
  return names[static_cast<std::size_t>(m) - 1];
}

std::string to_json(const day_plan& plan) {
  nlohmann::ordered_json out;
  tell(plan, json_members{out});
  nlohmann::ordered_json rates = nlohmann::ordered_json::array();
  for (const day_rate& rate : plan.profile.rates)
    rates.push_back({{"kind", name_of(rate.kind)},
                     {"per_day", rate.per_day},
                     {"published", rate.is_published},
                     {"basis", rate.basis}});
  out["rates"] = std::move(rates);
  nlohmann::ordered_json totals;
  tell(totals_of(plan.entries), json_members{totals});
  out["totals"] = std::move(totals);
  nlohmann::ordered_json entries = nlohmann::ordered_json::array();
  for (const day_entry& e : plan.entries) {
    nlohmann::ordered_json one;
    tell(e, json_members{one});
    entries.push_back(std::move(one));
  }
  out["entries"] = std::move(entries);
  return out.dump(1);
}

std::string to_toml(const day_plan& plan) {
  std::string out;
  const toml_lines lines{out};
  tell(plan, lines);
  for (const day_rate& rate : plan.profile.rates) {
    out += "\n[[rate]]\n";
    lines("kind", name_of(rate.kind));
    lines("per_day", rate.per_day);
    lines("published", rate.is_published);
    lines("basis", rate.basis);
  }
  out += "\n[totals]\n";
  tell(totals_of(plan.entries), lines);
  for (const day_entry& e : plan.entries) {
    out += "\n[[entry]]\n";
    tell(e, lines);
  }
  return out;
}

}  // namespace vigie::simulators
