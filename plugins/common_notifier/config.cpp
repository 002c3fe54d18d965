// SPDX-License-Identifier: Apache-2.0
#include "common_notifier/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace vigie::notifier {

namespace {
constexpr std::size_t longest_file_bytes = 256 * 1024;
}

config_reader::config_reader(const nlohmann::json& object, std::string where,
                             std::initializer_list<std::string_view> known_keys)
    : object_{object}, where_{std::move(where)} {
  if (!object.is_object()) {
    refuse("", "must be an object");
    return;
  }
  for (const auto& [key, value] : object.items())
    if (std::find(known_keys.begin(), known_keys.end(), key) == known_keys.end())
      refuse(clean_text(key).substr(0, 40), "is no key of it");
}

void config_reader::refuse(std::string_view key, std::string_view why) {
  if (!problem_.empty()) return;
  problem_ = where_;
  if (!key.empty()) problem_ += fmt::format("{}{}", where_.empty() ? "" : ".", key);
  problem_ += fmt::format(": {}", why);
}

std::string config_reader::optional(std::string_view key, std::string fallback) {
  if (!object_.is_object()) return fallback;
  const auto found = object_.find(std::string{key});
  if (found == object_.end()) return fallback;
  if (!found->is_string()) {
    refuse(key, "must be a text");
    return fallback;
  }
  return found->get<std::string>();
}

std::string config_reader::required(std::string_view key) {
  std::string value = optional(key);
  if (value.empty()) refuse(key, "is missing");
  return value;
}

std::int64_t config_reader::number(std::string_view key, std::int64_t fallback, std::int64_t least,
                                   std::int64_t most) {
  if (!object_.is_object()) return fallback;
  const auto found = object_.find(std::string{key});
  if (found == object_.end()) return fallback;
  const std::int64_t value = found->is_number_integer() ? found->get<std::int64_t>() : least - 1;
  if (value >= least && value <= most) return value;
  refuse(key, fmt::format("must be a whole number from {} to {}", least, most));
  return fallback;
}

std::vector<std::string> config_reader::strings(std::string_view key) {
  std::vector<std::string> all;
  if (!object_.is_object()) return all;
  const auto found = object_.find(std::string{key});
  if (found == object_.end()) return all;
  if (found->is_array())
    for (const nlohmann::json& one : *found)
      if (one.is_string()) all.push_back(one.get<std::string>());
  if (!found->is_array() || all.size() != found->size()) refuse(key, "must be a list of texts");
  return all;
}

std::string config_reader::text_or_file(std::string_view key, bool is_required) {
  const std::string file_key = fmt::format("{}_file", key);
  std::string text = optional(key);
  const std::string file = optional(file_key);
  if (!text.empty() && !file.empty()) refuse(file_key, fmt::format("excludes {}", key));
  if (text.empty() && !file.empty()) {
    std::ifstream in{file, std::ios::binary};
    std::ostringstream read;
    if (!in || !(read << in.rdbuf())) refuse(file_key, "cannot be read");
    text = std::move(read).str();
    if (text.size() > longest_file_bytes) refuse(file_key, "is too long");
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  }
  if (text.empty() && is_required)
    refuse(key, fmt::format("is missing; write {} or {}", key, file_key));
  return text;
}

time_zone read_zone(config_reader& config) {
  const std::string text = config.optional("time_offset");
  if (text.empty()) return {};
  char sign = 0;
  int hours = 0;
  int minutes = 0;
  int end = 0;
  const bool is_read =
      std::sscanf(text.c_str(), "%c%2d:%2d%n", &sign, &hours, &minutes, &end) == 3 &&
      static_cast<std::size_t>(end) == text.size() && text.size() == 6;
  if (!is_read || (sign != '+' && sign != '-') || hours < 0 || hours > 14 || minutes < 0 ||
      minutes > 59) {
    config.refuse("time_offset", "must look like +04:00");
    return {};
  }
  return {false, (sign == '-' ? -1 : 1) * (hours * 60 + minutes)};
}

bool is_recipient_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos;
}

}  // namespace vigie::notifier
