// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rtsp/quirk_policies.hpp"

namespace vigie::rtsp {

/// Sets the policy called `name` to the value called `value`, as base/quirk_words.hpp lists them.
/// False when either is unknown. [thread-safe]
bool set_policy(quirk_policies& into, std::string_view name, std::string_view value);

/// What is known of a camera while its policies are chosen; grows as the camera speaks.
struct quirk_subject {
  std::string_view camera;      ///< id
  std::string_view vendor;      ///< as configured
  std::string_view server;      ///< `Server` header of its replies
  std::string_view user_agent;  ///< `User-Agent` header of its replies and requests
  std::string_view tool;        ///< SDP `a=tool`
};

/// One `[[quirk]]` of configs/quirks.toml. A camera is meant by its id; the other patterns are
/// found anywhere in what the camera says, in any case. Empty patterns match everything.
struct quirk_rule {
  std::string camera;
  std::string vendor;
  std::string server;
  std::string user_agent;
  std::string tool;
  std::vector<std::pair<std::string, std::string>> settings;  ///< policy and value, in order
};

/// Overrides of policies per vendor, server or camera. Immutable, shared by all feeds.
class quirk_book {
 public:
  quirk_book() = default;
  /// Rules in the order of the file: a later one wins. Settings nobody knows do nothing.
  explicit quirk_book(std::vector<quirk_rule> rules) : rules_{std::move(rules)} {}

  struct outcome {
    quirk_policies policies;
    /// Names of the policies that a rule set, each once, in order of base/quirk_words.hpp.
    std::vector<std::string_view> overridden;
  };
  /// `base` with every rule that means `subject` laid over it. [thread-safe]
  outcome apply(const quirk_policies& base, const quirk_subject& subject) const;
  bool empty() const noexcept { return rules_.empty(); }

 private:
  std::vector<quirk_rule> rules_;
};

}  // namespace vigie::rtsp
