// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/manifest.hpp"

#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <utility>

#include "plugin_host/event_names.hpp"

namespace vigie::plugin_host {
namespace {

constexpr std::size_t longest_manifest = 64 * 1024;

/// Thrown inside this file only, caught by parse_manifest.
struct refusal {
  toml::source_region where;
  std::string why;
};

[[noreturn]] void refuse(const toml::node& node, std::string why) {
  throw refusal{node.source(), std::move(why)};
}

bool is_plugin_id(std::string_view text) {
  if (text.size() < 3 || text.size() > 100 || text.find('.') == std::string_view::npos)
    return false;
  if (text.front() == '.' || text.back() == '.' || text.find("..") != std::string_view::npos)
    return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

class table_view {
 public:
  table_view(const toml::table& table, std::string name) : table_{table}, name_{std::move(name)} {}

  void only(std::initializer_list<std::string_view> known) const {
    for (const auto& [key, node] : table_)
      if (std::find(known.begin(), known.end(), key.str()) == known.end())
        refuse(node, "unknown key \"" + full(key.str()) + "\"");
  }
  const toml::node& need(std::string_view key) const {
    const auto* node = table_.get(key);
    if (node == nullptr) refuse(table_, "\"" + full(key) + "\" is missing");
    return *node;
  }
  std::string text(std::string_view key) const {
    const auto& node = need(key);
    const auto value = node.value_exact<std::string>();
    if (!value) refuse(node, "\"" + full(key) + "\" must be a text");
    if (value->empty() || value->size() > 256 || value->find('\0') != std::string::npos)
      refuse(node, "\"" + full(key) + "\" must have 1 to 256 characters");
    return *value;
  }
  /// Each text of a list with its node; empty when the key is absent.
  std::vector<std::pair<std::string, const toml::node*>> texts(std::string_view key) const {
    std::vector<std::pair<std::string, const toml::node*>> found;
    const auto* node = table_.get(key);
    if (node == nullptr) return found;
    const auto* list = node->as_array();
    if (list == nullptr) refuse(*node, "\"" + full(key) + "\" must be a list of texts");
    for (const auto& item : *list) {
      const auto value = item.value_exact<std::string>();
      if (!value) refuse(item, "\"" + full(key) + "\" must be a list of texts");
      for (const auto& [known, where] : found)
        if (known == *value)
          refuse(item, "\"" + *value + "\" stands twice in \"" + full(key) + "\"");
      found.emplace_back(*value, &item);
    }
    if (found.size() > 64) refuse(*node, "\"" + full(key) + "\" has more than 64 entries");
    return found;
  }
  std::optional<table_view> table(std::string_view key) const {
    const auto* node = table_.get(key);
    if (node == nullptr) return std::nullopt;
    if (!node->is_table()) refuse(*node, "\"" + full(key) + "\" must be a table");
    return table_view{*node->as_table(), full(key)};
  }
  const toml::node& node() const { return table_; }

 private:
  std::string full(std::string_view key) const {
    return name_.empty() ? std::string{key} : name_ + "." + std::string{key};
  }
  const toml::table& table_;
  std::string name_;
};

plugin_kind read_kind(const table_view& root) {
  const auto text = root.text("kind");
  for (const auto kind : {plugin_kind::protocol, plugin_kind::analytics, plugin_kind::notifier})
    if (text == name_of(kind)) return kind;
  refuse(root.need("kind"), "kind \"" + text + "\" is none of protocol, analytics, notifier");
}

std::pair<std::uint32_t, std::uint32_t> read_abi(const table_view& root) {
  const auto text = root.text("abi");
  std::uint32_t major = 0, minor = 0;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, major);
  if (first.ec == std::errc{} && first.ptr != end && *first.ptr == '.') {
    const auto second = std::from_chars(first.ptr + 1, end, minor);
    if (second.ec == std::errc{} && second.ptr == end) return {major, minor};
  }
  refuse(root.need("abi"), "abi \"" + text + "\" is not of the form \"1.0\"");
}

void read_permissions(const table_view& permissions, manifest& into) {
  permissions.only({"network", "files"});
  constexpr std::array reaches{std::pair{std::string_view{"camera"}, network_reach::camera},
                               std::pair{std::string_view{"recipient"}, network_reach::recipient},
                               std::pair{std::string_view{"any"}, network_reach::any}};
  for (const auto& [text, node] : permissions.texts("network")) {
    const auto* const found =
        std::find_if(reaches.begin(), reaches.end(),
                     [&wanted = text](const auto& known) { return known.first == wanted; });
    if (found == reaches.end()) refuse(*node, "unknown network permission \"" + text + "\"");
    into.network.push_back(found->second);
  }
  for (const auto& [text, node] : permissions.texts("files")) {
    const std::filesystem::path path{text};
    if (!path.is_absolute() || path != path.lexically_normal() || path == "/")
      refuse(*node, "file permission \"" + text + "\" is not an absolute, plain path");
    into.files.push_back(path);
  }
}

void read_analytics(const table_view& analytics, manifest& into) {
  analytics.only({"class", "events", "purposes"});
  const auto text = analytics.text("class");
  for (const auto one :
       {analysis_class::technical, analysis_class::statistical, analysis_class::security_event})
    if (text == name_of(one)) into.analysis = one;
  if (!into.analysis)
    refuse(analytics.need("class"),
           "class \"" + text + "\" is none of technical, statistical, security_event");
  for (const auto& [name, node] : analytics.texts("events")) {
    if (sounds_biometric(name))
      refuse(*node, "event \"" + name + "\" speaks of persons' attributes (LEG-22, LEG-52)");
    const auto event = event_named(name);
    if (!event) refuse(*node, "unknown event \"" + name + "\"");
    into.events.push_back(*event);
  }
  if (into.events.empty()) refuse(analytics.node(), "\"analytics.events\" is missing or empty");
  for (const auto& [purpose, node] : analytics.texts("purposes")) {
    if (purpose.empty() || purpose.size() > 64 || sounds_biometric(purpose))
      refuse(*node, "purpose \"" + purpose + "\" is not one of the law's");
    into.purposes.push_back(purpose);
  }
}

manifest read(const toml::table& table) {
  const table_view root{table, ""};
  root.only({"id", "kind", "version", "abi", "library", "sha256", "permissions", "analytics"});
  manifest into;
  into.id = root.text("id");
  if (!is_plugin_id(into.id))
    refuse(root.need("id"), "id \"" + into.id + "\" is not of the form \"org.example.name\"");
  if (sounds_biometric(into.id))
    refuse(root.need("id"), "id \"" + into.id + "\" speaks of persons' attributes (LEG-22)");
  into.kind = read_kind(root);
  into.version = root.text("version");
  std::tie(into.abi_major, into.abi_minor) = read_abi(root);
  into.library = root.text("library");
  if (into.library != into.library.filename() || into.library == "." || into.library == "..")
    refuse(root.need("library"), "library must be a file name beside the manifest");
  into.sha256 = root.text("sha256");
  if (into.sha256.size() != 64 || !std::all_of(into.sha256.begin(), into.sha256.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
      }))
    refuse(root.need("sha256"), "sha256 must be 64 lower-case hex digits");
  if (const auto permissions = root.table("permissions")) read_permissions(*permissions, into);
  const auto analytics = root.table("analytics");
  if (analytics.has_value() != (into.kind == plugin_kind::analytics))
    refuse(analytics ? analytics->node() : root.need("kind"),
           "a table [analytics] belongs to kind analytics, and to no other");
  if (analytics) read_analytics(*analytics, into);
  return into;
}

}  // namespace

result<manifest> parse_manifest(std::string_view text, std::string_view name) {
  const auto at = [&](const toml::source_region& where, std::string_view why) {
    return fail(errc::config_invalid, std::string{name} + ":" + std::to_string(where.begin.line) +
                                          ": " + std::string{why});
  };
  if (text.size() > longest_manifest)
    return fail(errc::config_invalid, std::string{name} + ": larger than 64 KiB");
  try {
    return read(toml::parse(text));
  } catch (const toml::parse_error& e) {
    return at(e.source(), e.description());
  } catch (const refusal& e) {
    return at(e.where, e.why);
  }
}

result<manifest> read_manifest(const std::filesystem::path& folder) {
  const auto file = folder / "plugin.toml";
  std::ifstream in{file, std::ios::binary};
  if (!in) return fail(errc::not_found, file.string() + " cannot be read");
  std::string text(longest_manifest + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return parse_manifest(text, file.string());
}

result<std::filesystem::path> check_library(const std::filesystem::path& folder,
                                            const manifest& promised) {
  const auto file = std::filesystem::absolute(folder / promised.library);
  std::error_code code;
  if (!std::filesystem::is_regular_file(file, code))
    return fail(errc::not_found, file.string() + " is not a file");
  const auto actual = sha256_of_file(file);
  if (!actual) return tl::unexpected{actual.error()};
  if (*actual != promised.sha256)
    return fail(errc::config_invalid, file.string() + " has sha256 " + *actual +
                                          ", its manifest promises " + promised.sha256);
  return file;
}

std::string_view name_of(plugin_kind kind) noexcept {
  switch (kind) {
    case plugin_kind::protocol:
      return "protocol";
    case plugin_kind::analytics:
      return "analytics";
    case plugin_kind::notifier:
      return "notifier";
  }
  return "unknown";
}

std::string_view name_of(analysis_class analysis) noexcept {
  switch (analysis) {
    case analysis_class::technical:
      return "technical";
    case analysis_class::statistical:
      return "statistical";
    case analysis_class::security_event:
      return "security_event";
  }
  return "unknown";
}

}  // namespace vigie::plugin_host
