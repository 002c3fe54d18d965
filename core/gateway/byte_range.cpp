// SPDX-License-Identifier: Apache-2.0
#include "gateway/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace vigie::gateway {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_bytes_unit(std::string_view unit) {
  constexpr std::string_view bytes = "bytes";
  return std::equal(unit.begin(), unit.end(), bytes.begin(), bytes.end(),
                    [](char a, char b) { return (a | 0x20) == b; });
}

}  // namespace

byte_range parse_range(std::string_view field, std::uint64_t size) {
  const byte_range whole{range_outcome::whole, 0, size};
  const byte_range none{range_outcome::unsatisfiable, 0, 0};
  const auto equals = field.find('=');
  if (equals == std::string_view::npos || !is_bytes_unit(field.substr(0, equals))) return whole;
  const auto set = trimmed(field.substr(equals + 1));
  const auto dash = set.find('-');
  if (dash == std::string_view::npos || set.find(',') != std::string_view::npos) return whole;
  const auto first_text = set.substr(0, dash);
  const auto last_text = set.substr(dash + 1);

  if (first_text.empty()) {  // the last n bytes
    const auto count = number(last_text);
    if (!count) return whole;
    if (*count == 0 || size == 0) return none;
    const auto length = std::min(*count, size);
    return {range_outcome::part, size - length, length};
  }
  const auto first = number(first_text);
  if (!first) return whole;
  auto last = size == 0 ? 0 : size - 1;
  if (!last_text.empty()) {
    const auto asked = number(last_text);
    if (!asked || *asked < *first) return whole;
    last = std::min(last, *asked);
  }
  if (*first >= size) return none;
  return {range_outcome::part, *first, last - *first + 1};
}

}  // namespace vigie::gateway
