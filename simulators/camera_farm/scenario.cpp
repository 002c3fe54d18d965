// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/scenario.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <optional>
#include <sstream>

#include "base/random.hpp"
#include "camera_farm/fleet.hpp"

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
  if (!value || !(*value >= 0 && *value <= 1e7)) return std::nullopt;  // nor what is no number
  return value;
}

/// A whole number, written as one: toml++ 3.3 turns 1e300 into an integer that C++ does not define.
template <class Node>
std::optional<std::int64_t> whole_at(const Node& node) {
  return node.template value_exact<std::int64_t>();
}

std::chrono::milliseconds to_ms(double seconds) {
  return std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)};
}

constexpr std::string_view known_keys[] = {
    "at_s",    "cameras", "communes", "sites",        "percent", "pick",    "fault",
    "seconds", "faults",  "jitter_s", "clock_step_s", "every_s", "repeats", "random_communes"};

result<void> check_keys(const toml::table& table) {
  for (const auto& [key, value] : table)
    if (std::find(std::begin(known_keys), std::end(known_keys), std::string_view{key}) ==
        std::end(known_keys)) {
      std::string known;
      for (const std::string_view one : known_keys)
        known.append(known.empty() ? "" : ", ").append(one);
      return tl::unexpected{wrong(
          value, fmt::format("a step has no \"{}\"; known are {}", std::string_view{key}, known))};
    }
  return {};
}

// "cameras" in a step: "all", an id, a range, or a list of those.
std::vector<std::string> names_in(const toml::table& table, std::string_view key) {
  std::vector<std::string> named;
  if (const auto one = table[key].value<std::string>()) {
    named.push_back(*one);
  } else if (const toml::array* list = table[key].as_array()) {
    for (const toml::node& item : *list)
      if (const auto name = item.value<std::string>()) named.push_back(*name);
  }
  return named;
}

// Numbers of communes or sites, from 1 to `most`.
result<std::vector<unsigned>> numbers_in(const toml::table& table, std::string_view key,
                                         unsigned most) {
  std::vector<unsigned> numbers;
  const toml::array* list = table[key].as_array();
  if (list == nullptr) return numbers;
  for (const toml::node& item : *list) {
    const auto number = whole_at(item);
    if (!number || *number < 1 || *number > most)
      return tl::unexpected{
          wrong(item, fmt::format("{} are numbers from 1 to {}, see [fleet]", key, most))};
    numbers.push_back(static_cast<unsigned>(*number));
  }
  return numbers;
}

// Keeps `count` of `from`, by chance, in order.
void keep_some(std::vector<unsigned>& from, std::size_t count, seeded_random& random) {
  for (std::size_t i = 0; i < count; ++i)
    std::swap(from[i], from[i + random.next() % (from.size() - i)]);
  from.resize(count);
  std::sort(from.begin(), from.end());
}

result<std::vector<unsigned>> who(const toml::table& table, const fleet& all,
                                  seeded_random& random) {
  std::vector<unsigned> indexes;
  const auto add = [&](index_range range) {
    for (unsigned i = range.first; i <= range.last; ++i) indexes.push_back(i);
  };
  auto communes = numbers_in(table, "communes", all.communes);
  if (!communes) return communes;
  if (const auto count = whole_at(table["random_communes"])) {
    if (*count < 1 || *count > all.communes)
      return tl::unexpected{wrong(table, "random_communes is more than the fleet has, or none")};
    communes->resize(all.communes);
    std::iota(communes->begin(), communes->end(), 1U);
    keep_some(*communes, static_cast<std::size_t>(*count), random);
  }
  for (const unsigned one : *communes) add(cameras_of_commune(all, one));
  const auto sites = numbers_in(table, "sites", all.sites);
  if (!sites) return sites;
  for (const unsigned one : *sites) add(cameras_of_site(all, one));
  auto named = names_in(table, "cameras");
  if (named.empty() && indexes.empty())
    return tl::unexpected{wrong(table,
                                "cameras must be \"all\" or a list of ids and ranges; or say "
                                "communes, sites or random_communes")};
  const auto cameras = cameras_named(named, all.cameras);
  if (!cameras) return tl::unexpected{wrong(table, cameras.error().detail)};
  indexes.insert(indexes.end(), cameras->begin(), cameras->end());
  std::sort(indexes.begin(), indexes.end());
  indexes.erase(std::unique(indexes.begin(), indexes.end()), indexes.end());

  std::size_t count = indexes.size();
  if (const toml::node* node = table.get("percent")) {
    const auto percent = node->value<double>();
    if (!percent || !(*percent > 0 && *percent <= 100))
      return tl::unexpected{wrong(*node, "percent is a share of the step's cameras, up to 100")};
    count = std::max<std::size_t>(
        1, static_cast<std::size_t>(static_cast<double>(indexes.size()) * *percent / 100 + 0.5));
  }
  if (const toml::node* node = table.get("pick")) {
    const auto pick = whole_at(*node);
    if (!pick || *pick < 1 || static_cast<std::size_t>(*pick) > indexes.size())
      return tl::unexpected{wrong(*node, "pick is how many of the step's cameras fail: 1 or more")};
    count = static_cast<std::size_t>(*pick);
  }
  if (count < indexes.size()) keep_some(indexes, count, random);
  return indexes;
}

result<std::vector<trouble>> what(const toml::table& table) {
  auto names = names_in(table, "faults");
  if (names.empty()) names = names_in(table, "fault");
  std::vector<trouble> troubles;
  for (const std::string& name : names) {
    const auto one = trouble_from(name);
    if (!one)
      return tl::unexpected{wrong(table, fmt::format("no camera has a fault \"{}\"", name))};
    troubles.push_back(*one);
  }
  if (troubles.empty() && table.get("clock_step_s") == nullptr)
    return tl::unexpected{wrong(table, "fault is missing or none that a camera has")};
  return troubles;
}

struct timing {
  double at_s = 0, lasts_s = 0, jitter_s = 0, every_s = 0, clock_step_s = 0;
  std::int64_t repeats = 1;
};

result<timing> when(const toml::table& table) {
  const auto at = seconds_at(table, "at_s", -1);
  const auto lasts = seconds_at(table, "seconds", 0);
  const auto jitter = seconds_at(table, "jitter_s", 0);
  const auto every = seconds_at(table, "every_s", 0);
  if (!at || *at < 0 || !lasts || !jitter || !every)
    return tl::unexpected{wrong(table,
                                "at_s, seconds, jitter_s and every_s are seconds, 0 or more; at_s "
                                "must be there")};
  timing t{*at,
           *lasts,
           *jitter,
           *every,
           table["clock_step_s"].value_or(0.0),
           whole_at(table["repeats"]).value_or(1)};
  if (t.repeats < 1 || t.repeats > 10'000 || (t.repeats > 1 && t.every_s <= 0))
    return tl::unexpected{wrong(table, "repeats is 1 to 10,000, and needs every_s")};
  if (!(std::abs(t.clock_step_s) <= 1e7))
    return tl::unexpected{wrong(table, "clock_step_s is out of range")};
  return t;
}

result<void> add_step(const toml::table& table, const fleet& all, seeded_random& random,
                      std::vector<scenario_step>& steps) {
  if (auto keys = check_keys(table); !keys) return keys;
  const auto times = when(table);
  if (!times) return tl::unexpected{times.error()};
  const auto troubles = what(table);
  if (!troubles) return tl::unexpected{troubles.error()};
  for (std::int64_t round = 0; round < times->repeats; ++round) {
    auto cameras = who(table, all, random);
    if (!cameras) return tl::unexpected{cameras.error()};
    scenario_step step;
    step.at = to_ms(times->at_s + static_cast<double>(round) * times->every_s +
                    (times->jitter_s > 0 ? times->jitter_s * random.unit() : 0));
    step.heal_after = to_ms(times->lasts_s);
    if (troubles->empty()) {
      step.cameras = std::move(*cameras);
      step.clock_step =
          std::chrono::milliseconds{static_cast<std::int64_t>(times->clock_step_s * 1000)};
      steps.push_back(std::move(step));
      continue;
    }
    for (std::size_t i = 0; i < troubles->size(); ++i) {
      scenario_step one = step;
      one.what = (*troubles)[i];
      for (std::size_t c = i; c < cameras->size(); c += troubles->size())
        one.cameras.push_back((*cameras)[c]);
      if (!one.cameras.empty()) steps.push_back(std::move(one));
    }
  }
  return {};
}

result<fleet> read_fleet(const toml::table& root, unsigned cameras) {
  fleet all{cameras, 1, 1};
  if (const toml::table* table = root["fleet"].as_table()) {
    const auto communes = whole_at((*table)["communes"]).value_or(0);
    const auto sites = whole_at((*table)["sites"]).value_or(0);
    if (communes < 1 || sites < communes || cameras < sites)
      return tl::unexpected{
          wrong(*table, "[fleet] needs communes and sites: communes ≤ sites ≤ cameras")};
    all.communes = static_cast<unsigned>(communes);
    all.sites = static_cast<unsigned>(sites);
  }
  return all;
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
  seeded_random random{static_cast<std::uint64_t>(whole_at(root["seed"]).value_or(1))};
  std::vector<scenario_step> steps;
  const auto all = read_fleet(root, cameras);
  if (!all) return tl::unexpected{all.error()};
  const toml::array* list = root["step"].as_array();
  if (list == nullptr) return fail(errc::config_invalid, "there is no [[step]]");
  for (const toml::node& node : *list) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return tl::unexpected{wrong(node, "write steps as [[step]] tables")};
    if (auto added = add_step(*table, *all, random, steps); !added)
      return tl::unexpected{added.error()};
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
