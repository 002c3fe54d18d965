// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <sstream>

#include "config/detail/readers.hpp"

namespace vigie::config::detail {
namespace {

/// Plugin ids are reverse domain names: "fr.vigie.onvif".
bool is_plugin_id(std::string_view text) noexcept {
  if (text.empty() || text.size() > 128 || text.front() == '.' || text.back() == '.') return false;
  for (const char c : text)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_'))
      return false;
  return text.find('.') != std::string_view::npos && text.find("..") == std::string_view::npos;
}

plugin_section read_plugin(const toml::table& source, const reading& context,
                           std::map<std::string, place>& seen) {
  table_reader table{source, "a plugin", context.log};
  plugin_section out;
  if (const auto id = table.text("id")) {
    const auto [before, is_new] = seen.emplace(id->value, id->at);
    if (!is_plugin_id(id->value))
      context.log.add(id->at, fmt::format("\"{}\" is not a plugin id", id->value),
                      "write the id of its plugin.toml, as \"fr.vigie.onvif\"");
    else if (!is_new)
      context.log.add(
          id->at,
          fmt::format("plugin {} already stands on line {}", id->value, before->second.line),
          "load a plugin once");
    out.id = id->value;
  } else if (!table.key_place("id")) {
    context.log.add(table.here(), "a plugin has no id",
                    "write the id of its plugin.toml, as id = \"fr.vigie.onvif\"");
  }
  if (const auto path = table.text("path")) out.path = resolve(context.base_dir, path->value);
  if (const auto mode = table.text("isolation")) {
    out.is_in_process = mode->value == "in_process";
    if (!out.is_in_process && mode->value != "child")
      context.log.add(mode->at, fmt::format("\"{}\" is no isolation", mode->value),
                      "write \"child\" (a process of its own) or \"in_process\"");
  }
  if (const auto cameras = table.texts("cameras"))
    for (const auto& camera : cameras->value) {
      if (is_id_text(camera.value))
        out.cameras.emplace_back(camera.value);
      else
        context.log.add(camera.at, fmt::format("\"{}\" is not a camera id", camera.value),
                        "write the ids of cameras of this file, as [\"cam-0001\"]");
    }
  if (const auto* config = table.table("config")) out.config_json = json_of(*config);
  table.finish();
  return out;
}

}  // namespace

std::string json_of(const toml::table& table) {
  std::ostringstream text;
  text << toml::json_formatter{table};
  return text.str();
}

void read_plugins(table_reader& root, const reading& context, std::vector<plugin_section>& out) {
  std::map<std::string, place> seen;
  for (const auto* source : root.tables("plugin", "[[plugin]]"))
    out.push_back(read_plugin(*source, context, seen));
}

}  // namespace vigie::config::detail
