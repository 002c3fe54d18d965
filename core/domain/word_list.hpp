// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

// The words of a closed list: an array in the order of an enumeration that counts from 1.
namespace vigie::domain::words {

template <class Words, class Value>
std::string_view name_of(const Words& list, Value value) noexcept {
  const auto at = static_cast<std::size_t>(value) - 1;
  return at < list.size() ? list[at] : std::string_view{"unknown"};
}

template <class Value, class Words>
std::optional<Value> value_of(const Words& list, std::string_view name) noexcept {
  const auto found = std::find(list.begin(), list.end(), name);
  if (found == list.end()) return std::nullopt;
  return static_cast<Value>(found - list.begin() + 1);
}

template <class Words>
std::vector<std::string_view> all_of(const Words& list) {
  return {list.begin(), list.end()};
}

}  // namespace vigie::domain::words
