// SPDX-License-Identifier: Apache-2.0
#include "bus/bus_user.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/ids.hpp"

namespace vigie::bus {
namespace {

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_fit_password(std::string_view text) {
  const bool is_hash = text.starts_with("$2a$") && text.size() == 60;
  return text.size() >= 16 && std::all_of(text.begin(), text.end(), [&](char c) {
           return is_alphanumeric(c) || (is_hash && (c == '$' || c == '.' || c == '/'));
         });
}

bool is_fit_pattern(std::string_view text) {
  return !text.empty() && text.size() <= 255 && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || c == '_' || c == '-' || c == '.' || c == '*' || c == '>';
  });
}

std::string list_of(const std::vector<std::string>& patterns) {
  std::string out;
  for (const auto& p : patterns) out += fmt::format("{}\"{}\"", out.empty() ? "" : ", ", p);
  return out;
}

}  // namespace

std::string inbox_prefix(std::string_view user) { return fmt::format("_INBOX_{}", user); }

result<std::string> nats_authorization(std::span<const bus_user> users) {
  std::string text = "authorization {\n  timeout: 5\n  users: [\n";
  std::set<std::string_view> names;
  for (const auto& user : users) {
    if (!is_id_text(user.name) || !names.insert(user.name).second)
      return fail(errc::config_invalid, fmt::format("no bus user can be called \"{}\"", user.name));
    if (!is_fit_password(user.password))
      return fail(errc::config_invalid, fmt::format("{} has no fit password", user.name));
    for (const auto* patterns : {&user.publish, &user.subscribe})
      if (!std::all_of(patterns->begin(), patterns->end(), is_fit_pattern))
        return fail(errc::config_invalid, fmt::format("{} has a pattern of no subject", user.name));
    text += fmt::format("    {{\n      user: \"{}\"\n      password: \"{}\"\n", user.name,
                        user.password);
    // An empty list would allow everything: whoever has limits has both lists.
    const bool is_limited = !user.publish.empty() || !user.subscribe.empty();
    if (is_limited && (user.publish.empty() || user.subscribe.empty()))
      return fail(errc::config_invalid, fmt::format("{} has half of its permissions", user.name));
    if (is_limited)
      text += fmt::format(
          "      permissions: {{\n        publish: {{ allow: [{}] }}\n"
          "        subscribe: {{ allow: [{}] }}\n      }}\n",
          list_of(user.publish), list_of(user.subscribe));
    text += "    }\n";
  }
  return text + "  ]\n}\n";
}

}  // namespace vigie::bus
