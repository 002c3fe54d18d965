// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "common_notifier/notification.hpp"
#include "common_notifier/text.hpp"

namespace vigie::notifier {

/// One object of a plugin's configuration, read strictly. The first thing wrong is kept in words
/// that name its place; reading goes on with defaults, and the caller asks `problem` once.
class config_reader {
 public:
  /// `where` is how messages call it: "recipients.corg-95".
  config_reader(const nlohmann::json& object, std::string where,
                std::initializer_list<std::string_view> known_keys);

  std::string required(std::string_view key);
  std::string optional(std::string_view key, std::string fallback = {});
  /// A whole number within bounds.
  std::int64_t number(std::string_view key, std::int64_t fallback, std::int64_t least,
                      std::int64_t most);
  std::vector<std::string> strings(std::string_view key);
  /// The text of `<key>`, or of the file named by `<key>_file`: for certificates and secrets. A
  /// sandboxed plugin reads a file only when its manifest permits it; the text itself always works.
  std::string text_or_file(std::string_view key, bool is_required);
  void refuse(std::string_view key, std::string_view why);

  const std::string& problem() const { return problem_; }

 private:
  const nlohmann::json& object_;
  std::string where_;
  std::string problem_;
};

/// Reads "time_offset": absent for metropolitan France, else "+04:00" and the like.
time_zone read_zone(config_reader& config);

/// Calls `read(id, object)` for every recipient of `config["recipients"]`; ids are [a-z0-9_-].
/// Errors: VIGIE_E_INVALID naming the place.
template <class Read>
result<void> read_recipients(const nlohmann::json& config, Read read);

/// True for [a-z0-9_-]{1,64}.
bool is_recipient_id(std::string_view id);

template <class Read>
result<void> read_recipients(const nlohmann::json& config, Read read) {
  const auto found = config.is_object() ? config.find("recipients") : config.end();
  if (!config.is_object() || found == config.end() || !found->is_object() || found->empty())
    return fail(VIGIE_E_INVALID, "recipients: name at least one");
  for (const auto& [id, object] : found->items()) {
    if (!is_recipient_id(id))
      return fail(VIGIE_E_INVALID, "recipients: an id is made of a-z, 0-9, '_' and '-'");
    if (result<void> done = read(id, object); !done) return done;
  }
  return {};
}

}  // namespace vigie::notifier
