// SPDX-License-Identifier: Apache-2.0
#include "recipients/options.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <sstream>

namespace vigie::simulators {

namespace {

// Takes values out of one table and remembers the first thing wrong with it.
class table_reader {
 public:
  table_reader(const toml::table* table, std::string name,
               std::initializer_list<std::string_view> known)
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
  table_reader top{&root, "", {"control", "tls", "cap", "webhook", "smtp"}};
  top.read("control", o.control);
  table_reader tls{
      root["tls"].as_table(), "tls", {"certificate_file", "key_file", "client_ca_file"}};
  tls.read("certificate_file", o.certificate_file);
  tls.read("key_file", o.key_file);
  tls.read("client_ca_file", o.client_ca_file);
  table_reader cap{root["cap"].as_table(), "cap", {"listen", "sender"}};
  cap.read("listen", o.cap_listen);
  cap.read("sender", o.cap_sender);
  table_reader webhook{root["webhook"].as_table(), "webhook", {"listen", "secret", "window_s"}};
  webhook.read("listen", o.webhook_listen);
  webhook.read("secret", o.webhook_secret);
  webhook.read("window_s", o.webhook_window_s);
  table_reader smtp{root["smtp"].as_table(), "smtp", {"listen", "tls", "username", "password"}};
  std::string encryption = "starttls";
  smtp.read("listen", o.smtp_listen);
  smtp.read("tls", encryption);
  smtp.read("username", o.smtp.username);
  smtp.read("password", o.smtp.password);
  o.smtp_is_tls_from_the_start = encryption == "implicit";
  o.smtp.offers_starttls = encryption == "starttls";
  for (const table_reader* one : {&top, &tls, &cap, &webhook, &smtp})
    if (!one->problem.empty()) return fail(errc::config_invalid, one->problem);
  if (encryption != "starttls" && encryption != "implicit" && encryption != "none")
    return fail(errc::config_invalid, "smtp.tls is starttls, implicit or none");
  if (o.certificate_file.empty() || o.key_file.empty())
    return fail(errc::config_invalid, "tls.certificate_file and tls.key_file are needed");
  if (!o.cap_listen.empty() && o.client_ca_file.empty())
    return fail(errc::config_invalid, "the CAP endpoint needs tls.client_ca_file");
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
