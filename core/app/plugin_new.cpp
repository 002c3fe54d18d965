// SPDX-License-Identifier: Apache-2.0
#include "app/plugin_new.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace vigie::app {
namespace {

namespace fs = std::filesystem;

/// The name becomes a class, a CMake target, a file and the last part of an id: what all four
/// allow.
bool is_plugin_name(std::string_view name) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  return name.size() >= 2 && name.size() <= 40 && is_lower(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_lower(c) || (c >= '0' && c <= '9') || c == '_'; });
}

std::string with_name(std::string text, std::string_view name) {
  constexpr std::string_view mark = "{{name}}";
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + name.size()))
    text.replace(at, mark.size(), name);
  return text;
}

/// Writes one file of the template; false when it cannot be read or written.
bool instantiate(const fs::path& from, const fs::path& to, std::string_view name) {
  std::ifstream in(from, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in) return false;
  std::ofstream out(to, std::ios::binary);
  out << with_name(text, name);
  out.close();
  return out.good();
}

/// Copies the template's tree; the path that failed, or nothing.
std::optional<fs::path> write_project(const fs::path& from, const fs::path& to,
                                      std::string_view name) {
  std::error_code failed;
  if (!fs::create_directories(to, failed)) return to;
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    const fs::path target = to / fs::relative(entry.path(), from);
    if (entry.is_directory()) {
      if (!fs::create_directory(target, failed)) return target;
    } else if (!instantiate(entry.path(), target, name)) {
      return target;
    }
  }
  return std::nullopt;
}

}  // namespace

exit_code plugin_new(std::string_view name, std::string_view kind, const fs::path& directory,
                     const fs::path& templates_dir) {
  if (!is_plugin_name(name)) {
    std::cerr << "vigie: \"" << name
              << "\" cannot be a plugin's name: 2 to 40 of a-z, 0-9, _, a letter first\n";
    return exit_code::usage;
  }
  if (kind != "protocol" && kind != "analytics" && kind != "notifier") {
    std::cerr << "vigie: \"" << kind << "\" is no kind: protocol, analytics or notifier\n";
    return exit_code::usage;
  }
  std::error_code ignored;
  const fs::path from = templates_dir / kind;
  if (!fs::is_directory(from, ignored)) {
    std::cerr << "vigie: no template in " << from.string() << "; is the SDK installed?\n";
    return exit_code::failed;
  }
  const fs::path to = directory / name;
  if (fs::exists(fs::symlink_status(to, ignored))) {
    std::cerr << "vigie: " << to.string() << " is there already\n";
    return exit_code::failed;
  }
  if (const auto failed = write_project(from, to, name)) {
    std::cerr << "vigie: cannot write " << failed->string() << '\n';
    return exit_code::failed;
  }
  std::cout << "wrote " << to.string() << " (" << kind << " plugin)\n"
            << "  cmake -S " << to.string() << " -B " << (to / "build").string() << '\n'
            << "  cmake --build " << (to / "build").string() << '\n'
            << "  vigie plugin check "
            << (to / "build" / name / ("lib" + std::string(name) + ".so")).string() << '\n';
  return exit_code::done;
}

std::optional<fs::path> find_plugin_templates(const fs::path& programs) {
  std::error_code ignored;
  const fs::path installed = programs.parent_path() / "share/vigie/sdk/template";
  if (fs::is_directory(installed, ignored)) return installed;
  for (fs::path folder = programs; folder != folder.root_path(); folder = folder.parent_path()) {
    const fs::path in_tree = folder / "sdk" / "template";
    if (fs::is_directory(in_tree, ignored)) return in_tree;
  }
  return std::nullopt;
}

}  // namespace vigie::app
