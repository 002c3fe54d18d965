// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/scenario.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>

#include "base/random.hpp"

namespace vigie::simulators {

namespace {

error wrong(const toml::node& where, const std::string& what) {
  return {errc::config_invalid, fmt::format("line {}: {}", where.source().begin.line, what)};
}

// Seconds as a number; `fallback` when absent; nothing when it is something else or negative.
std::optional<double> seconds_at(const toml::table& step, std::string_view key, double fallback) {
  const toml::node* node = step.get(key);
  if (node == nullptr) return fallback;
  const auto value = node->value<double>();
  if (!value || *value < 0 || *value > 1e7) return std::nullopt;
  return value;
}

std::chrono::milliseconds to_ms(double seconds) {
  return std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)};
}

result<scenario_step> parse_step(const toml::table& table, unsigned cameras,
                                 seeded_random& random) {
  constexpr std::string_view known[] = {"at_s", "cameras", "fault", "seconds", "pick", "jitter_s"};
  for (const auto& [key, value] : table)
    if (std::find(std::begin(known), std::end(known), std::string_view{key}) == std::end(known))
      return tl::unexpected{
          wrong(value, fmt::format("a step has no \"{}\"; known are at_s, cameras, fault, seconds, "
                                   "pick and jitter_s",
                                   std::string_view{key}))};
  scenario_step step;
  std::vector<std::string> named;
  if (const auto one = table["cameras"].value<std::string>()) {
    named.push_back(*one);
  } else if (const toml::array* list = table["cameras"].as_array()) {
    for (const toml::node& item : *list)
      if (const auto id = item.value<std::string>()) named.push_back(*id);
  }
  if (named.empty())
    return tl::unexpected{wrong(table, "cameras must be \"all\" or a list of ids and ranges")};
  auto indexes = cameras_named(named, cameras);
  if (!indexes) return tl::unexpected{wrong(table, indexes.error().detail)};
  step.cameras = std::move(*indexes);

  const auto what = fault_from(table["fault"].value_or(std::string{}));
  if (!what) return tl::unexpected{wrong(table, "fault is missing or none that a camera has")};
  step.what = *what;
  const auto at = seconds_at(table, "at_s", -1);
  const auto lasts = seconds_at(table, "seconds", 0);
  const auto jitter = seconds_at(table, "jitter_s", 0);
  if (!at || *at < 0 || !lasts || !jitter)
    return tl::unexpected{wrong(table,
                                "at_s, seconds and jitter_s are seconds, 0 or more; at_s "
                                "must be there")};
  step.at = to_ms(*at + (*jitter > 0 ? *jitter * random.unit() : 0));
  step.heal_after = to_ms(*lasts);

  if (const toml::node* node = table.get("pick")) {
    const auto pick = node->value<std::int64_t>();
    if (!pick || *pick < 1 || static_cast<std::size_t>(*pick) > step.cameras.size())
      return tl::unexpected{wrong(*node, "pick is how many of the step's cameras fail: 1 or more")};
    for (std::size_t i = 0; i < static_cast<std::size_t>(*pick); ++i)
      std::swap(step.cameras[i], step.cameras[i + random.next() % (step.cameras.size() - i)]);
    step.cameras.resize(static_cast<std::size_t>(*pick));
    std::sort(step.cameras.begin(), step.cameras.end());
  }
  return step;
}

}  // namespace

result<std::vector<scenario_step>> parse_scenario(std::string_view text, unsigned cameras) {
  toml::table root;
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& e) {
    return fail(errc::config_invalid,
                fmt::format("line {}: {}", e.source().begin.line, e.description()));
  }
  seeded_random random{static_cast<std::uint64_t>(root["seed"].value_or(std::int64_t{1}))};
  std::vector<scenario_step> steps;
  const toml::array* list = root["step"].as_array();
  if (list == nullptr) return fail(errc::config_invalid, "there is no [[step]]");
  for (const toml::node& node : *list) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return tl::unexpected{wrong(node, "write steps as [[step]] tables")};
    auto step = parse_step(*table, cameras, random);
    if (!step) return tl::unexpected{step.error()};
    steps.push_back(std::move(*step));
  }
  std::stable_sort(steps.begin(), steps.end(),
                   [](const scenario_step& a, const scenario_step& b) { return a.at < b.at; });
  return steps;
}

result<std::vector<scenario_step>> load_scenario(const std::string& file, unsigned cameras) {
  std::ifstream in{file};
  std::ostringstream text;
  if (!in || !(text << in.rdbuf()))
    return fail(errc::not_found, fmt::format("cannot read scenario {}", file));
  auto steps = parse_scenario(text.str(), cameras);
  if (!steps) return fail(steps.error().code, fmt::format("{}: {}", file, steps.error().detail));
  return steps;
}

}  // namespace vigie::simulators
