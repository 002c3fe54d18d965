// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace vigie::simulators {

/// What the simulated recipients took, by recipient and key. A recipient recognises a key it has
/// taken and does nothing again, as the channels' contracts ask. [thread-safe]
class ledger {
 public:
  /// One request with a readable key. Returns whether it was new and had its effect.
  bool take(const std::string& recipient, const std::string& key, const std::string& content);
  /// One request that was turned away, and why.
  void turn_away(const std::string& recipient, const std::string& why);
  /// {"taken":[{recipient,key,attempts,effects,conflicts,content}],"turned_away":[{recipient,why}],
  /// "recipients":{name:{keys,attempts,effects,conflicts}}};
  /// conflicts: attempts of a key whose content was not the first one's.
  std::string to_json() const;

 private:
  struct entry {
    unsigned attempts = 0;
    unsigned effects = 0;
    unsigned conflicts = 0;
    std::string content;
  };
  mutable std::mutex mutex_;  // guards both; written by each connection's thread
  std::map<std::pair<std::string, std::string>, entry> taken_;
  std::vector<std::pair<std::string, std::string>> turned_away_;
};

}  // namespace vigie::simulators
