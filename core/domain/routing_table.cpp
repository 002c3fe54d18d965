// SPDX-License-Identifier: Apache-2.0
#include "domain/routing_table.hpp"

#include "domain/word_list.hpp"

namespace vigie::domain {
namespace {

using namespace std::string_view_literals;

// In the order of the enumerators, which count from 1.
constexpr std::array force_words{"police"sv, "gendarmerie"sv};

}  // namespace

std::string_view name_of(state_force f) noexcept { return words::name_of(force_words, f); }
std::optional<state_force> state_force_from(std::string_view name) noexcept {
  return words::value_of<state_force>(force_words, name);
}
std::vector<std::string_view> state_force_names() { return words::all_of(force_words); }

bool contradict(const jurisdiction_zone& a, const jurisdiction_zone& b) noexcept {
  if (a.force == b.force || a.commune != b.commune || !a.valid.meets(b.valid)) return false;
  if (a.area.empty() != b.area.empty()) return false;  // a part goes before the whole
  return a.area.empty() || overlap(a.area, b.area);
}

}  // namespace vigie::domain
