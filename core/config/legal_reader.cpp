// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <map>

#include "config/detail/findings.hpp"
#include "config/detail/readers.hpp"
#include "config/detail/table_reader.hpp"
#include "config/legal_bases.hpp"

namespace vigie::config {
namespace {

using detail::findings_log;
using detail::place;
using detail::table_reader;

/// "LOI-2023-380-ART10": capitals, digits, and - _ . / between them.
bool is_basis_id(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 100 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"-_./"}.find(c) != std::string_view::npos;
  });
}

/// Reads a list of words that `from` knows.
template <class Value, class From>
std::vector<Value> take_words(table_reader& table, std::string_view key, std::string_view what,
                              From from, const std::vector<std::string_view>& known,
                              findings_log& log) {
  std::vector<Value> out;
  const auto list = table.texts(key);
  if (!list) return out;
  for (const auto& word : list->value) {
    const auto value = from(word.value);
    if (!value)
      log.add(word.at, fmt::format("\"{}\" is no {}", word.value, what),
              detail::remedy_for(word.value, known), "LEG-51");
    else if (std::find(out.begin(), out.end(), *value) != out.end())
      log.add(word.at, fmt::format("\"{}\" is named twice", word.value), "remove one of them");
    else
      out.push_back(*value);
  }
  return out;
}

template <class Id>
std::vector<Id> take_ids(table_reader& table, std::string_view key, findings_log& log,
                         bool are_communes) {
  std::vector<Id> out;
  const auto list = table.texts(key);
  if (!list) return out;
  for (const auto& word : list->value) {
    std::string id = word.value;
    if (are_communes)
      std::transform(id.begin(), id.end(), id.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (are_communes ? !detail::is_insee(word.value) : !is_id_text(id))
      log.add(word.at,
              fmt::format("\"{}\" is no {}", word.value, are_communes ? "INSEE code" : "camera id"),
              are_communes ? "write 5 characters, as \"95018\"" : "write ids as \"cam-0001\"");
    else
      out.emplace_back(std::move(id));
  }
  return out;
}

std::string take_line(table_reader& table, std::string_view key) {
  auto text = table.text(key);
  return text ? std::move(text->value) : std::string{};
}

/// What an enabled basis may not leave open (LEG-51).
void check_enabled(const domain::legal_basis& b, const table_reader& table, findings_log& log) {
  const auto want = [&](bool is_there, std::string_view what, std::string_view example) {
    if (!is_there)
      log.add(table.here(), fmt::format("{} is enabled and has no {}", table.title(), what),
              fmt::format("write {}", example), "LEG-51");
  };
  want(!b.law.empty(), "law", "law = \"…\", its reference");
  want(!b.order.empty(), "order", "order = \"…\", the reference of the préfet's order");
  want(!b.place.empty(), "place", "place = \"…\", in the order's words");
  want(!b.events.empty(), "events", "events = [\"fire\"], those the order allows");
  want(!b.controllers.empty(), "controllers", "controllers = [\"fire_service\"]");
  want(!b.communes.empty() || !b.cameras.empty(), "cameras or communes",
       "communes = [\"95018\"] or cameras = [\"cam-0001\"]");
}

domain::legal_basis read_basis(const toml::table& source, std::map<std::string, place>& seen,
                               findings_log& log) {
  const auto named = source["id"].value<std::string>();
  table_reader table{source, named ? fmt::format("basis {}", *named) : "a basis", log};
  domain::legal_basis out;
  out.line = table.here().line;
  if (const auto id = table.text("id")) {
    const auto [before, is_new] = seen.emplace(id->value, id->at);
    if (!is_basis_id(id->value))
      log.add(id->at, fmt::format("\"{}\" is not the id of a basis", id->value),
              "write capitals, digits and -_./ as \"LOI-2023-380-ART10\"");
    else if (!is_new)
      log.add(id->at,
              fmt::format("basis {} already stands on line {}", id->value, before->second.line),
              "give each basis an id of its own");
    out.id = id->value;
  } else if (!table.key_place("id")) {
    log.add(table.here(), "a basis has no id", "write id = \"LOI-2023-380-ART10\"");
  }
  out.law = take_line(table, "law");
  out.order = take_line(table, "order");
  out.place = take_line(table, "place");
  if (const auto enabled = table.flag("enabled"))
    out.is_enabled = enabled->value;
  else if (!table.key_place("enabled"))
    log.add(table.here(), fmt::format("{} does not say whether it is enabled", table.title()),
            "write enabled = false, or true once an order applies it");
  out.events = take_words<domain::authorised_event>(table, "events", "event a law ever allowed",
                                                    domain::authorised_event_from,
                                                    domain::authorised_event_names(), log);
  out.controllers = take_words<domain::controller_kind>(table, "controllers", "kind of controller",
                                                        domain::controller_kind_from,
                                                        domain::controller_kind_names(), log);
  out.communes = take_ids<commune_id>(table, "communes", log, true);
  out.cameras = take_ids<camera_id>(table, "cameras", log, false);
  for (const std::string_view key : {"valid_from", "valid_until"})
    if (!table.key_place(key))
      log.add(table.here(), fmt::format("{} has no {}", table.title(), key),
              fmt::format("write {} = 2026-01-31, the day included", key), "LEG-51");
  const auto from = table.instant("valid_from", false);
  const auto until = table.instant("valid_until", true);
  if (from) out.valid_from = from->value;
  if (until) out.valid_until = until->value;
  if (from && until && until->value <= from->value)
    log.add(until->at, "valid_until is not after valid_from", "write a period", "LEG-51");
  if (out.is_enabled) check_enabled(out, table, log);
  table.finish();
  return out;
}

}  // namespace

legal_outcome read_legal_bases(std::string_view text, const std::string& name) {
  findings_log log{name};
  std::vector<domain::legal_basis> bases;
  try {
    const toml::table root = toml::parse(text);
    std::map<std::string, place> seen;
    table_reader reader{root, "the file", log};
    for (const auto* source : reader.tables("basis", "[[basis]]"))
      bases.push_back(read_basis(*source, seen, log));
    reader.finish();
  } catch (const toml::parse_error& e) {
    log.add(detail::place_of(e.source()), "not TOML: " + std::string{e.description()},
            "mend the syntax here; texts stand in quotes, lists in [ ]");
  }
  legal_outcome out;
  out.findings = std::move(log).in_order();
  if (out.findings.empty()) out.bases = std::move(bases);
  return out;
}

}  // namespace vigie::config
