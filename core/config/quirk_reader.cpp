// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/quirk_words.hpp"
#include "config/detail/readers.hpp"

namespace vigie::config::detail {
namespace {

std::vector<std::string_view> values_of(const quirk_word& word) {
  std::vector<std::string_view> out;
  for (const auto value : word.values)
    if (!value.empty()) out.push_back(value);
  return out;
}

/// `match = { vendor = "…", server = "…" }`: at least one, all of them must fit.
void read_match(table_reader& rule, const reading& context, const topology_ids& known,
                quirk_section& out) {
  const auto* source = rule.table("match");
  if (source == nullptr) {
    if (!rule.key_place("match"))
      context.log.add(rule.here(), "a quirk has no match: it would be every camera's",
                      "write match = { vendor = \"…\" }, or server, user_agent, tool, camera");
    return;
  }
  table_reader match{*source, "match", context.log};
  bool is_empty = true;
  const std::array<std::pair<std::string_view, std::string*>, 5> patterns{
      {{"camera", &out.camera},
       {"vendor", &out.vendor},
       {"server", &out.server},
       {"user_agent", &out.user_agent},
       {"tool", &out.tool}}};
  for (const auto& [key, into] : patterns) {
    const auto text = match.text(key);
    if (!text) continue;
    if (text->value.empty())
      context.log.add(text->at, fmt::format("{} in match is empty", key), "name it or remove it");
    if (key == "camera" && !text->value.empty() && !known.contains(text->value))
      context.log.add(text->at, fmt::format("no camera is called \"{}\"", text->value),
                      "write the id of a camera of this centre");
    *into = text->value;
    is_empty = false;
  }
  if (is_empty && source->empty())
    context.log.add(rule.here(), "match of a quirk is empty: it would be every camera's",
                    "name at least one of camera, vendor, server, user_agent, tool");
  match.finish();
}

quirk_section read_rule(const toml::table& source, const reading& context,
                        const topology_ids& known) {
  table_reader rule{source, "a quirk", context.log};
  quirk_section out;
  read_match(rule, context, known, out);
  rule.text("why");
  for (const quirk_word& word : quirk_words) {
    const auto value = rule.text(word.policy);
    if (!value) continue;
    const auto values = values_of(word);
    if (std::find(values.begin(), values.end(), value->value) == values.end()) {
      const auto meant = nearest(value->value, values);
      context.log.add(value->at,
                      fmt::format("\"{}\" is no answer of {}", value->value, word.policy),
                      meant.empty() ? fmt::format("write one of {}", joined(values))
                                    : fmt::format("did you mean {}?", meant));
      continue;
    }
    out.settings.emplace_back(word.policy, value->value);
  }
  rule.finish();
  const bool sets_nothing = std::none_of(source.begin(), source.end(), [](const auto& entry) {
    const std::string_view key = entry.first.str();
    return key != "match" && key != "why";
  });
  if (sets_nothing)
    context.log.add(rule.here(), "a quirk sets no policy",
                    "write policy = \"value\"; docs/quirks.md lists them");
  return out;
}

}  // namespace

void read_quirks(table_reader& root, const reading& context, const topology_ids& known,
                 std::vector<quirk_section>& out) {
  for (const auto* source : root.tables("quirk", "[[quirk]]"))
    out.push_back(read_rule(*source, context, known));
}

}  // namespace vigie::config::detail
