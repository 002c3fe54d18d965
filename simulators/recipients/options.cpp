// SPDX-License-Identifier: Apache-2.0
#include "recipients/options.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

namespace vigie::simulators {

namespace {

// Takes values out of one table and remembers the first thing wrong with it.
class table_reader {
 public:
  table_reader(const toml::table* table, std::string name,
               const std::vector<std::string_view>& known)
      : table_{table}, name_{std::move(name)} {
    if (table_ == nullptr) return;
    for (const auto& [key, value] : *table_)
      if (std::find(known.begin(), known.end(), std::string_view{key}) == known.end())
        refuse(value, fmt::format("[{}] has no \"{}\"", name_, std::string_view{key}));
  }

  template <class Value>
  void read(std::string_view key, Value& into) {
    const toml::node* node = table_ == nullptr ? nullptr : table_->get(key);
    if (node == nullptr) return;
    if (const auto value = node->value_exact<Value>())
      into = *value;
    else
      refuse(*node, fmt::format("{}.{} is of another kind", name_, key));
  }
  void refuse(const toml::node& where, const std::string& what) {
    if (problem.empty()) problem = fmt::format("line {}: {}", where.source().begin.line, what);
  }

  std::string problem;

 private:
  const toml::table* table_;
  std::string name_;
};

const std::vector<std::string_view>& keys_of(desk_kind kind) {
  static const std::vector<std::string_view> cap{"name", "kind", "listen", "sender"};
  static const std::vector<std::string_view> webhook{"name", "kind", "listen", "secret",
                                                     "window_s"};
  static const std::vector<std::string_view> smtp{"name", "kind",     "listen",
                                                  "tls",  "username", "password"};
  if (kind == desk_kind::cap) return cap;
  return kind == desk_kind::webhook ? webhook : smtp;
}

result<desk_options> read_desk(const toml::table& table, std::string name, desk_kind kind) {
  desk_options o;
  o.kind = kind;
  table_reader in{&table, name, keys_of(kind)};
  o.name = std::move(name);
  std::string encryption = "starttls";
  in.read("listen", o.listen);
  in.read("sender", o.sender);
  in.read("secret", o.secret);
  in.read("window_s", o.window_s);
  in.read("tls", encryption);
  in.read("username", o.smtp.username);
  in.read("password", o.smtp.password);
  o.is_tls_from_the_start = encryption == "implicit";
  o.smtp.offers_starttls = encryption == "starttls";
  if (!in.problem.empty()) return fail(errc::config_invalid, in.problem);
  if (encryption != "starttls" && encryption != "implicit" && encryption != "none")
    return fail(errc::config_invalid, fmt::format("{}: tls is starttls, implicit or none", o.name));
  return o;
}

std::optional<desk_kind> desk_kind_from(std::string_view name) {
  if (name == "cap") return desk_kind::cap;
  if (name == "webhook") return desk_kind::webhook;
  if (name == "smtp") return desk_kind::smtp;
  return std::nullopt;
}

result<std::vector<desk_options>> read_desks(const toml::table& root) {
  std::vector<desk_options> desks;
  const auto add = [&](result<desk_options> desk) -> result<void> {
    if (!desk) return tl::unexpected{desk.error()};
    if (!desk->listen.empty()) desks.push_back(std::move(*desk));
    return {};
  };
  for (const char* name : {"cap", "webhook", "smtp"})
    if (const toml::table* table = root[name].as_table())
      if (auto added = add(read_desk(*table, name, *desk_kind_from(name))); !added)
        return tl::unexpected{added.error()};
  const toml::array* list = root["desk"].as_array();
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const toml::table* table = list->get(i)->as_table();
    const auto name = table == nullptr ? std::nullopt : (*table)["name"].value<std::string>();
    const auto kind = table == nullptr
                          ? std::nullopt
                          : desk_kind_from((*table)["kind"].value_or(std::string_view{}));
    if (!name || !kind)
      return fail(errc::config_invalid, "a [[desk]] has a name, and a kind: cap, webhook or smtp");
    if (auto added = add(read_desk(*table, *name, *kind)); !added)
      return tl::unexpected{added.error()};
  }
  for (auto one = desks.begin(); one != desks.end(); ++one)
    if (std::any_of(desks.begin(), one, [&](const auto& other) { return other.name == one->name; }))
      return fail(errc::config_invalid, fmt::format("there are two recipients {}", one->name));
  return desks;
}

}  // namespace

result<recipients_options> parse_recipients(std::string_view text) {
  toml::table root;
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& e) {
    return fail(errc::config_invalid,
                fmt::format("line {}: {}", e.source().begin.line, e.description()));
  }
  recipients_options o;
  table_reader top{&root, "", {"control", "tls", "cap", "webhook", "smtp", "desk"}};
  top.read("control", o.control);
  table_reader tls{
      root["tls"].as_table(), "tls", {"certificate_file", "key_file", "client_ca_file"}};
  tls.read("certificate_file", o.certificate_file);
  tls.read("key_file", o.key_file);
  tls.read("client_ca_file", o.client_ca_file);
  for (const table_reader* one : {&top, &tls})
    if (!one->problem.empty()) return fail(errc::config_invalid, one->problem);
  auto desks = read_desks(root);
  if (!desks) return tl::unexpected{desks.error()};
  o.desks = std::move(*desks);
  if (o.certificate_file.empty() || o.key_file.empty())
    return fail(errc::config_invalid, "tls.certificate_file and tls.key_file are needed");
  const bool has_cap = std::any_of(o.desks.begin(), o.desks.end(),
                                   [](const auto& d) { return d.kind == desk_kind::cap; });
  if (has_cap && o.client_ca_file.empty())
    return fail(errc::config_invalid, "a CAP endpoint needs tls.client_ca_file");
  return o;
}

result<recipients_options> load_recipients(const std::string& file) {
  std::ifstream in{file};
  std::ostringstream text;
  if (!in || !(text << in.rdbuf()))
    return fail(errc::not_found, fmt::format("cannot read {}", file));
  auto options = parse_recipients(text.str());
  if (!options)
    return fail(options.error().code, fmt::format("{}: {}", file, options.error().detail));
  return options;
}

}  // namespace vigie::simulators
