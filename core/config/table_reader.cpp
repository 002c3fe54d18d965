// SPDX-License-Identifier: Apache-2.0
#include "config/detail/table_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vigie::config::detail {
namespace {

std::string_view word_for(toml::node_type type) noexcept {
  switch (type) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "text";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a decimal number";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time:
      return "a date or time";
    case toml::node_type::none:
      break;
  }
  return "nothing";
}

}  // namespace

place place_of(const toml::source_region& region) noexcept {
  return {region.begin.line, region.begin.column};
}

table_reader::table_reader(const toml::table& table, std::string title, findings_log& log)
    : table_{table}, title_{std::move(title)}, log_{log} {}

place table_reader::here() const noexcept { return place_of(table_.source()); }

const toml::node* table_reader::ask(std::string_view key) {
  asked_.push_back(key);
  return table_.get(key);
}

void table_reader::wrong_type(const toml::node& node, std::string_view key,
                              std::string_view expected, std::string_view example) {
  log_.add(place_of(node.source()),
           fmt::format("{} in {} is {}, not {}", key, title_, word_for(node.type()), expected),
           fmt::format("write {}", example));
}

std::optional<written<std::string>> table_reader::text(std::string_view key) {
  const toml::node* const node = ask(key);
  if (node == nullptr) return std::nullopt;
  const auto* const value = node->as_string();
  if (value == nullptr) {
    wrong_type(*node, key, "text", fmt::format("{} = \"…\", in quotes", key));
    return std::nullopt;
  }
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  if (std::any_of(value->get().begin(), value->get().end(), is_control)) {
    log_.add(place_of(node->source()),
             fmt::format("{} in {} holds a control character", key, title_),
             "write it on one line, without tabs");
    return std::nullopt;
  }
  return written<std::string>{value->get(), place_of(node->source())};
}

std::optional<written<std::int64_t>> table_reader::any_number(std::string_view key) {
  const toml::node* const node = ask(key);
  if (node == nullptr) return std::nullopt;
  const auto* const value = node->as_integer();
  if (value == nullptr) {
    wrong_type(*node, key, "a whole number", fmt::format("{} = 1, without quotes", key));
    return std::nullopt;
  }
  return written<std::int64_t>{value->get(), place_of(node->source())};
}

std::optional<written<std::int64_t>> table_reader::number(std::string_view key, std::int64_t lowest,
                                                          std::int64_t highest) {
  const auto value = any_number(key);
  if (value && (value->value < lowest || value->value > highest)) {
    log_.add(value->at, fmt::format("{} = {} in {} is out of range", key, value->value, title_),
             fmt::format("write a number from {} to {}", lowest, highest));
    return std::nullopt;
  }
  return value;
}

std::optional<written<bool>> table_reader::flag(std::string_view key) {
  const toml::node* const node = ask(key);
  if (node == nullptr) return std::nullopt;
  const auto* const value = node->as_boolean();
  if (value == nullptr) {
    wrong_type(*node, key, "true or false", fmt::format("{} = true or {} = false", key, key));
    return std::nullopt;
  }
  return written<bool>{value->get(), place_of(node->source())};
}

std::optional<written<std::vector<written<std::string>>>> table_reader::texts(
    std::string_view key) {
  const toml::node* const node = ask(key);
  if (node == nullptr) return std::nullopt;
  const auto example = fmt::format("{} = [\"…\", \"…\"]", key);
  const auto* const list = node->as_array();
  if (list == nullptr) {
    wrong_type(*node, key, "a list of texts", example);
    return std::nullopt;
  }
  written<std::vector<written<std::string>>> out{{}, place_of(node->source())};
  for (const toml::node& item : *list) {
    const auto* const value = item.as_string();
    if (value == nullptr) {
      wrong_type(item, key, "a list of texts", example);
      return std::nullopt;
    }
    out.value.push_back({value->get(), place_of(item.source())});
  }
  return out;
}

const toml::table* table_reader::table(std::string_view key) {
  const toml::node* const node = ask(key);
  if (node == nullptr) return nullptr;
  if (!node->is_table()) wrong_type(*node, key, "a table", fmt::format("[{}]", key));
  return node->as_table();
}

std::vector<const toml::table*> table_reader::tables(std::string_view key,
                                                     std::string_view header) {
  std::vector<const toml::table*> out;
  const toml::node* const node = ask(key);
  if (node == nullptr) return out;
  const auto* const list = node->as_array();
  if (list == nullptr) {
    wrong_type(*node, key, "a list of tables", fmt::format("{} with two brackets", header));
    return out;
  }
  for (const toml::node& item : *list) {
    if (item.is_table())
      out.push_back(item.as_table());
    else
      wrong_type(item, key, "a table", std::string{header});
  }
  return out;
}

std::optional<place> table_reader::key_place(std::string_view key) {
  asked_.push_back(key);
  const auto found = table_.find(key);
  if (found == table_.end()) return std::nullopt;
  return place_of(found->first.source());
}

void table_reader::finish() {
  std::sort(asked_.begin(), asked_.end());
  asked_.erase(std::unique(asked_.begin(), asked_.end()), asked_.end());
  for (const auto& [key, node] : table_) {
    const std::string_view name = key.str();
    if (std::binary_search(asked_.begin(), asked_.end(), name)) continue;
    const auto meant = nearest(name, asked_);
    log_.add(place_of(key.source()), fmt::format("{} is unknown in {}", name, title_),
             meant.empty() ? fmt::format("remove it; known here: {}", joined(asked_))
                           : fmt::format("did you mean {}?", meant));
  }
}

}  // namespace vigie::config::detail
