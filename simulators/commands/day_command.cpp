// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "commands/commands.hpp"
#include "day/day_plan.hpp"

namespace vigie::simulators {

namespace {

struct day_line {
  day_options day;
  std::string variant = "ordinary";
  std::string format = "json";
  bool is_plan_only = false;
  unsigned cameras = 0;
  unsigned communes = 0;
  unsigned sites = 0;
};

result<day_plan> planned(const day_line& line) {
  day_options options = line.day;
  const auto variant = day_variant_from(line.variant);
  if (!variant) return tl::unexpected{variant.error()};
  options.variant = *variant;
  const auto sizes = sizes_of(options.profile);
  if (!sizes) return tl::unexpected{sizes.error()};
  options.centre = *sizes;
  if (line.cameras != 0) options.centre.cameras = line.cameras;
  if (line.communes != 0) options.centre.communes = line.communes;
  if (line.sites != 0) options.centre.sites = line.sites;
  return make_day_plan(options);
}

int print_plan(const day_line& line) {
  const auto plan = planned(line);
  if (!plan) return complain(plan.error());
  fmt::print("{}\n", line.format == "toml" ? to_toml(*plan) : to_json(*plan));
  return 0;
}

}  // namespace

command add_day(CLI::App& app) {
  const auto line = std::make_shared<day_line>();
  auto* day = app.add_subcommand(
      "day", "A seeded day of alarms, calls and operators at the published rates");
  day->add_option("--profile", line->day.profile, "strasbourg or oise")
      ->check(CLI::IsMember({"strasbourg", "oise"}))
      ->capture_default_str();
  day->add_option("--variant", line->variant, "What makes it unlike other days")
      ->check(CLI::IsMember({"ordinary", "new_year", "power_cut", "fibre_cut"}))
      ->capture_default_str();
  day->add_option("--seed", line->day.seed, "The same seed is always the same day")
      ->capture_default_str();
  day->add_option("--rate-factor", line->day.rate_factor, "More of everything but outages")
      ->capture_default_str();
  day->add_option("--cameras", line->cameras, "Instead of the profile's")
      ->check(CLI::Range(1, 10'000));
  day->add_option("--communes", line->communes, "Instead of the profile's");
  day->add_option("--sites", line->sites, "Instead of the profile's");
  day->add_flag("--plan", line->is_plan_only, "Print the plan and end")->required();
  day->add_option("--format", line->format, "Of the plan")
      ->check(CLI::IsMember({"json", "toml"}))
      ->capture_default_str();
  return {day, [line] { return print_plan(*line); }};
}

}  // namespace vigie::simulators
