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

}  // namespace

load_outcome load(const std::filesystem::path& file, const environment& env) {
  detail::findings_log log{file.string()};
  centre_config config;
  if (const auto text = read_text(file, log)) {
    if (const auto root = parse(*text, log)) {
      std::error_code code;
      config.file = std::filesystem::absolute(file, code).lexically_normal();
      const detail::reading context{config.file.parent_path(), env, log};
      detail::table_reader reader{*root, "the file", log};
      detail::read_sections(reader, context, config);
      detail::read_plugins(reader, context, config.plugins);
      detail::read_topology(reader, context, config.plugins, config.topology);
      reader.finish();
    }
  }
  load_outcome out;
  out.findings = std::move(log).in_order();
  if (out.findings.empty()) out.config = std::move(config);
  return out;
}

}  // namespace vigie::config
