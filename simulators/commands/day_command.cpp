// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <utility>
#include <vector>

#include "commands/commands.hpp"
#include "day/day_plan.hpp"
#include "day/day_run.hpp"

namespace vigie::simulators {

namespace {

struct day_line {
  day_options day;
  std::string variant = "ordinary";
  std::string format = "json";
  bool is_plan_only = false;
  day_run_options run;
  std::vector<std::string> operators;
  std::string password_env = "VIGIE_DAY_PASSWORD";
  int most_s = 0;
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

// "name" takes its password from the environment, "name=file" from the first line of a file.
result<std::vector<day_person>> people_of(const day_line& line) {
  std::vector<day_person> people;
  for (const std::string& one : line.operators) {
    const std::size_t sign = one.find('=');
    std::string password;
    if (sign != std::string::npos) {
      std::ifstream in{one.substr(sign + 1)};
      if (!std::getline(in, password))
        return fail(errc::not_found, fmt::format("no password in {}", one.substr(sign + 1)));
    } else if (const char* given = std::getenv(line.password_env.c_str())) {
      password = given;
    }
    people.push_back({one.substr(0, sign), secret{password}});
  }
  return people;
}

int play(const day_line& line) {
  const auto plan = planned(line);
  if (!plan) return complain(plan.error());
  day_run_options options = line.run;
  auto people = people_of(line);
  if (!people) return complain(people.error());
  options.operators = std::move(*people);
  options.most = std::chrono::seconds{line.most_s};
  const auto account = run_day(*plan, options);
  if (!account) return complain(account.error());
  fmt::print("{}\n", *account);
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
  auto* plan = day->add_flag("--plan", line->is_plan_only, "Print the plan and end");
  day->add_option("--format", line->format, "Of the plan")
      ->check(CLI::IsMember({"json", "toml"}))
      ->capture_default_str();
  auto* bus = day->add_option("--bus", line->run.bus_url, "Of the centre")->capture_default_str();
  plan->excludes(bus);
  day->add_option("--operator", line->operators,
                  "Who acts: name, or name=file with the password; again for each one on duty");
  day->add_option("--password-env", line->password_env, "Where an operator has no file")
      ->capture_default_str();
  day->add_option("--speed", line->run.speed, "Simulated seconds in a second")
      ->check(CLI::Range(0.1, 100'000.0))
      ->capture_default_str();
  day->add_flag("--skip-quiet", line->run.skips_quiet, "Leave out hours in which nothing is due");
  day->add_option("--recipients", line->run.recipients,
                  "Control door of vigie-sim recipients, to give them their moods");
  day->add_option("--farm", line->run.farm, "Control door of vigie-sim farm, to let cameras fail");
  day->add_option("--for", line->most_s, "End after so many seconds, over or not");
  day->footer(
      "Examples:\n"
      "  vigie-sim day --profile oise --seed 7 --variant new_year --plan\n"
      "  vigie-sim day --profile strasbourg --speed 100 --bus nats://127.0.0.1:4222 \\\n"
      "    --operator op-1=/run/op-1.password --farm 127.0.0.1:8555 --recipients 127.0.0.1:8655");
  return {day, [line] { return line->is_plan_only ? print_plan(*line) : play(*line); }};
}

}  // namespace vigie::simulators
