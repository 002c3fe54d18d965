// SPDX-License-Identifier: Apache-2.0
#include "app/recipient_hosts.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

namespace vigie::app {
namespace {

constexpr std::array<std::string_view, 4> host_keys{"url", "host", "server", "address"};

/// "gateway.example" of "https://gateway.example:8443/cap" and of "gateway.example:25"; empty when
/// the text is neither.
std::string host_in(std::string_view text) {
  if (const auto scheme = text.find("://"); scheme != text.npos) text.remove_prefix(scheme + 3);
  text = text.substr(0, text.find_first_of("/?#"));
  if (const auto at = text.rfind('@'); at != text.npos) text.remove_prefix(at + 1);
  if (!text.empty() && text.front() == '[') return std::string{text.substr(1, text.find(']') - 1)};
  text = text.substr(0, text.find(':'));
  const bool is_host = !text.empty() && text.find_first_not_of(
                                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                            "0123456789.-") == text.npos;
  return is_host ? std::string{text} : std::string{};
}

void collect(const nlohmann::json& value, const std::string& key, std::vector<std::string>& hosts) {
  if (value.is_object()) {
    for (const auto& item : value.items()) collect(item.value(), item.key(), hosts);
  } else if (value.is_array()) {
    for (const auto& item : value) collect(item, key, hosts);
  } else if (value.is_string() &&
             std::find(host_keys.begin(), host_keys.end(), key) != host_keys.end()) {
    if (auto host = host_in(value.get<std::string>()); !host.empty())
      hosts.push_back(std::move(host));
  }
}

}  // namespace

std::vector<std::string> recipient_hosts(const std::string& config_json) {
  std::vector<std::string> hosts;
  collect(nlohmann::json::parse(config_json, nullptr, false), {}, hosts);
  return hosts;
}

}  // namespace vigie::app
