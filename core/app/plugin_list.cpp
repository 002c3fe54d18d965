// SPDX-License-Identifier: Apache-2.0
#include "app/plugin_list.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <vigie/version.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/plugin_desk.hpp"
#include "plugin_host/event_names.hpp"

namespace vigie::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using plugin_host::manifest;

/// What the runtime refuses at load, in its order, without starting anything.
std::string refusal_of(const fs::path& folder, const manifest& m, const std::string& wanted_id) {
  if (!wanted_id.empty() && m.id != wanted_id)
    return "its plugin.toml is of " + m.id + ", the configuration says " + wanted_id;
  if (const auto checked = plugin_host::check_library(folder, m); !checked)
    return checked.error().detail;
  if (m.abi_major != VIGIE_ABI_MAJOR)
    return fmt::format("it says ABI {}, this program has {}", m.abi_major, VIGIE_ABI_MAJOR);
  return {};
}

listed_plugin look_at(const fs::path& folder, const std::string& wanted_id) {
  listed_plugin one;
  one.folder = folder;
  one.id = wanted_id.empty() ? folder.filename().string() : wanted_id;
  auto found = plugin_host::read_manifest(folder);
  if (!found) {
    one.refusal = found.error().detail;
    return one;
  }
  one.refusal = refusal_of(folder, *found, wanted_id);
  if (wanted_id.empty()) one.id = found->id;
  one.manifest = std::move(*found);
  return one;
}

std::vector<std::string> permissions_of(const manifest& m) {
  std::vector<std::string> all;
  for (const auto reach : m.network)
    all.push_back(std::string{"network:"} + (reach == plugin_host::network_reach::camera ? "camera"
                                             : reach == plugin_host::network_reach::recipient
                                                 ? "recipient"
                                                 : "any"));
  for (const auto& file : m.files) all.push_back("file:" + file.string());
  return all;
}

std::vector<std::string> events_of(const manifest& m) {
  std::vector<std::string> all;
  for (const auto event : m.events) all.emplace_back(plugin_host::name_of_event(event));
  return all;
}

std::string_view isolation_of(const listed_plugin& one) {
  return one.is_in_process ? "in_process" : "child";
}

std::string abi_of(const manifest& m) { return fmt::format("{}.{}", m.abi_major, m.abi_minor); }

void print_table(const std::vector<listed_plugin>& all, bool has_config) {
  std::size_t width = 2;
  for (const auto& one : all) width = std::max(width, one.id.size());
  fmt::print("{:<{}}  {:<9}  {:<8}  {:<4}  {:<10}  {:<7}  {}\n", "ID", width, "KIND", "VERSION",
             "ABI", "ISOLATION", has_config ? "LOADED" : "STATE", "MAY REACH");
  for (const auto& one : all) {
    const auto& m = one.manifest;
    const auto state = !one.refusal.empty() ? "refused"
                       : !has_config        ? "ok"
                       : one.is_named       ? "yes"
                                            : "no";
    const auto permissions = m ? permissions_of(*m) : std::vector<std::string>{};
    fmt::print("{:<{}}  {:<9}  {:<8}  {:<4}  {:<10}  {:<7}  {}\n", one.id, width,
               m ? plugin_host::name_of(m->kind) : "?", m ? m->version : "?", m ? abi_of(*m) : "?",
               isolation_of(one), state,
               permissions.empty() ? std::string{"nothing"}
                                   : fmt::format("{}", fmt::join(permissions, ", ")));
    if (m && m->analysis)
      fmt::print("  {}: {}\n", plugin_host::name_of(*m->analysis), fmt::join(events_of(*m), ", "));
    fmt::print("  {}\n", one.folder.string());
    if (!one.refusal.empty()) fmt::print("  refused: {}\n", one.refusal);
  }
}

json to_json(const listed_plugin& one) {
  json out = {{"id", one.id},
              {"path", one.folder.string()},
              {"isolation", isolation_of(one)},
              {"named", one.is_named},
              {"refusal", one.refusal.empty() ? json{} : json{one.refusal}}};
  if (!one.manifest) return out;
  const auto& m = *one.manifest;
  out["kind"] = plugin_host::name_of(m.kind);
  out["version"] = m.version;
  out["abi"] = abi_of(m);
  out["permissions"] = permissions_of(m);
  if (m.analysis) out["class"] = plugin_host::name_of(*m.analysis);
  out["events"] = events_of(m);
  out["purposes"] = m.purposes;
  return out;
}

}  // namespace

std::vector<listed_plugin> find_plugins(const std::vector<fs::path>& folders,
                                        const std::vector<config::plugin_section>& sections,
                                        const fs::path& programs) {
  std::vector<listed_plugin> all;
  for (const auto& section : sections) {
    const auto folder = plugin_folder(section, programs);
    all.push_back(look_at(folder.lexically_normal(), section.id));
    all.back().is_named = true;
    all.back().is_in_process = section.is_in_process;
  }
  std::error_code code;
  for (const auto& folder : folders)
    for (fs::directory_iterator at{folder, code}, end; at != end; at.increment(code)) {
      const auto here = at->path().lexically_normal();
      if (!fs::exists(here / "plugin.toml", code)) continue;
      const bool is_known = std::any_of(all.begin(), all.end(), [&](const listed_plugin& one) {
        return fs::equivalent(one.folder, here, code);
      });
      if (!is_known) all.push_back(look_at(here, {}));
    }
  std::sort(all.begin(), all.end(), [](const listed_plugin& a, const listed_plugin& b) {
    return std::tie(a.id, a.folder) < std::tie(b.id, b.folder);
  });
  return all;
}

exit_code plugin_list(const plugin_list_request& request, const fs::path& programs) {
  std::vector<config::plugin_section> sections;
  if (!request.config.empty()) {
    auto config = load_or_tell(request.config);
    if (!config) return exit_code::bad_config;
    sections = std::move(config->plugins);
  }
  std::error_code code;
  const auto folder =
      request.folder.empty() ? (programs / "../plugins").lexically_normal() : request.folder;
  if (!request.folder.empty() && !fs::is_directory(folder, code)) {
    fmt::print(stderr, "vigie: {} is no folder\n", folder.string());
    return exit_code::failed;
  }
  const auto all = find_plugins({fs::absolute(folder, code)}, sections, programs);
  if (request.as_json) {
    json out = {{"plugins", json::array()}};
    for (const auto& one : all) out["plugins"].push_back(to_json(one));
    fmt::print("{}\n", out.dump(2, ' ', false, json::error_handler_t::replace));
  } else if (all.empty()) {
    fmt::print("no plugin in {}\n", folder.string());
  } else {
    print_table(all, !request.config.empty());
  }
  const bool is_trouble = std::any_of(all.begin(), all.end(), [](const listed_plugin& one) {
    return one.is_named && !one.refusal.empty();
  });
  return is_trouble ? exit_code::failed : exit_code::done;
}

}  // namespace vigie::app
