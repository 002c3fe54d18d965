// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/conformance/config_mutator.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "plugin_host/conformance/catalogue.hpp"

using namespace vigie::plugin_host::conformance;

namespace {

constexpr const char* base = R"({"url": "https://x", "recipients": {"a": {"n": 1}}, "on": true})";

}  // namespace

TEST_CASE("config mutator: the same seed and number give the same text, others another") {
  std::set<std::string> seen;
  for (std::size_t number = 0; number < 300; ++number) {
    const auto text = mutated_config(base, 42, number);
    CHECK(text == mutated_config(base, 42, number));
    CHECK(text.size() <= 128 * 1024);
    seen.insert(text);
  }
  CHECK(seen.size() > 250);
  CHECK(mutated_config(base, 1, 0) != mutated_config(base, 2, 0));
}

TEST_CASE("config mutator: both valid and broken JSON come, from a configuration and from none") {
  for (const char* from : {base, "{}", ""}) {
    int valid = 0, broken = 0, objects = 0;
    for (std::size_t number = 0; number < 300; ++number) {
      const auto json = nlohmann::json::parse(mutated_config(from, 9, number), nullptr, false);
      (json.is_discarded() ? broken : valid)++;
      objects += json.is_object() ? 1 : 0;
    }
    CHECK(valid > 20);
    CHECK(broken > 20);
    CHECK(objects > 10);
  }
}

TEST_CASE("catalogue: names are unique, every case is for a kind and has a remedy") {
  std::set<std::string_view> names;
  for (const auto& one : all_cases()) {
    CHECK(names.insert(one.name).second);
    CHECK_FALSE(one.what.empty());
    CHECK_FALSE(one.remedy.empty());
    CHECK(one.kinds != 0);
    CHECK(find_case(one.name) == &one);
  }
  CHECK(find_case("nothing") == nullptr);
}
