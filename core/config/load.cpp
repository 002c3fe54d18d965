// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include <toml++/toml.h>

#include <fstream>
#include <iterator>
#include <system_error>

#include "config/detail/findings.hpp"
#include "config/detail/readers.hpp"
#include "config/detail/table_reader.hpp"

namespace vigie::config {
namespace {

constexpr std::uintmax_t max_file_bytes = 64 * 1024 * 1024;  // 100,000 cameras

std::optional<std::string> read_text(const std::filesystem::path& file, detail::findings_log& log) {
  std::error_code code;
  if (!std::filesystem::is_regular_file(file, code)) {
    log.add({}, "there is no such file", "name an existing TOML file");
    return std::nullopt;
  }
  if (std::filesystem::file_size(file, code) > max_file_bytes || code) {
    log.add({}, "the file is over 64 MiB", "name a Vigie configuration");
    return std::nullopt;
  }
  std::ifstream in{file, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
  if (!in) {
    log.add({}, "the file cannot be read", "give this user the right to read it");
    return std::nullopt;
  }
  return text;
}

std::optional<toml::table> parse(const std::string& text, detail::findings_log& log) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& e) {
    log.add(detail::place_of(e.source()), "not TOML: " + std::string{e.description()},
            "mend the syntax here; texts stand in quotes, lists in [ ]");
  }
  return std::nullopt;
}

detail::topology_ids cameras_of(const domain::topology& topology) {
  detail::topology_ids out;
  for (const auto& commune : topology.communes)
    for (const auto& site : commune.sites)
      for (const auto& camera : site.cameras) out.insert(camera.id.str());
  return out;
}

/// The file named by `quirks_file`, or quirks.toml beside the configuration when there is one.
void read_quirks_file(detail::table_reader& root, const environment& env, detail::findings_log& log,
                      centre_config& config, std::vector<finding>& findings) {
  const auto named = root.text("quirks_file");
  const auto folder = config.file.parent_path();
  const auto file = named ? detail::resolve(folder, named->value) : folder / "quirks.toml";
  std::error_code code;
  if (!std::filesystem::is_regular_file(file, code)) {
    if (named)
      log.add(named->at, "quirks_file " + file.string() + " does not exist",
              "name an existing TOML file, or remove the line");
    return;
  }
  detail::findings_log own{file.string()};
  if (const auto text = read_text(file, own)) {
    if (const auto table = parse(*text, own)) {
      const detail::reading context{file.parent_path(), env, own};
      detail::table_reader reader{*table, "the quirks file", own};
      detail::read_quirks(reader, context, cameras_of(config.topology), config.quirks);
      reader.finish();
    }
  }
  findings = std::move(own).in_order();
}

}  // namespace

load_outcome load(const std::filesystem::path& file, const environment& env) {
  detail::findings_log log{file.string()};
  centre_config config;
  std::vector<finding> of_quirks;
  if (const auto text = read_text(file, log)) {
    if (const auto root = parse(*text, log)) {
      std::error_code code;
      config.file = std::filesystem::absolute(file, code).lexically_normal();
      const detail::reading context{config.file.parent_path(), env, log};
      detail::table_reader reader{*root, "the file", log};
      detail::read_sections(reader, context, config);
      detail::read_plugins(reader, context, config.plugins);
      detail::read_topology(reader, context, config.plugins, config.topology,
                            config.routing.positions);
      detail::read_routing(reader, context, config, config.routing);
      read_quirks_file(reader, env, log, config, of_quirks);
      reader.finish();
    }
  }
  load_outcome out;
  out.findings = std::move(log).in_order();
  out.findings.insert(out.findings.end(), of_quirks.begin(), of_quirks.end());
  if (out.findings.empty()) out.config = std::move(config);
  return out;
}

}  // namespace vigie::config
