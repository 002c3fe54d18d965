// SPDX-License-Identifier: Apache-2.0
#include "recipients/ledger.hpp"

#include <nlohmann/json.hpp>

namespace vigie::simulators {

bool ledger::take(const std::string& recipient, const std::string& key,
                  const std::string& content) {
  const std::scoped_lock lock{mutex_};
  entry& e = taken_[{recipient, key}];
  ++e.attempts;
  if (e.effects == 0) {
    e.content = content;
    e.effects = 1;
    return true;
  }
  if (content != e.content) ++e.conflicts;
  return false;
}

void ledger::turn_away(const std::string& recipient, const std::string& why) {
  const std::scoped_lock lock{mutex_};
  turned_away_.emplace_back(recipient, why);
}

std::string ledger::to_json() const {
  const std::scoped_lock lock{mutex_};
  nlohmann::json all{{"taken", nlohmann::json::array()}, {"turned_away", nlohmann::json::array()}};
  for (const auto& [name, e] : taken_)
    all["taken"].push_back({{"recipient", name.first},
                            {"key", name.second},
                            {"attempts", e.attempts},
                            {"effects", e.effects},
                            {"conflicts", e.conflicts},
                            {"content", e.content}});
  nlohmann::json& sums = all["recipients"] = nlohmann::json::object();
  for (const auto& [name, e] : taken_) {
    nlohmann::json& sum = sums[name.first];
    if (sum.is_null()) sum = {{"keys", 0}, {"attempts", 0}, {"effects", 0}, {"conflicts", 0}};
    sum["keys"] = sum["keys"].get<unsigned>() + 1;
    sum["attempts"] = sum["attempts"].get<unsigned>() + e.attempts;
    sum["effects"] = sum["effects"].get<unsigned>() + e.effects;
    sum["conflicts"] = sum["conflicts"].get<unsigned>() + e.conflicts;
  }
  for (const auto& [recipient, why] : turned_away_)
    all["turned_away"].push_back({{"recipient", recipient}, {"why", why}});
  return all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace vigie::simulators
