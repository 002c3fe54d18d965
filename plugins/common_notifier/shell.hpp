// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vigie/sdk.hpp>

#include "common_notifier/notification.hpp"

namespace vigie::notifier {

/// A way to recipients, free of the ABI. Its functions are called one at a time.
class channel {
 public:
  virtual ~channel() = default;
  /// Hands one notification over; the same key twice must be recognisable as one there.
  virtual result<outcome> deliver(const notification& n) = 0;
  /// Whether the way to the recipient is usable; without effect there.
  virtual result<void> probe(std::string_view recipient) = 0;
};

/// What the notifier plugins have in common: reads the configuration, checks and cleans each
/// notification, reports what became of it. A key that was already delivered to its recipient is
/// reported again and not sent again; a thousand keys are remembered.
class channel_plugin : public sdk::notifier_plugin {
 public:
  using maker = result<std::unique_ptr<channel>> (*)(const nlohmann::json& config);

  void init(std::string_view config_json) final;
  void deliver(const sdk::notification& given) final;
  void probe(std::string_view recipient) final;

 protected:
  explicit channel_plugin(maker make) : make_{make} {}

 private:
  struct delivered {
    std::string key;
    std::string recipient;
    outcome what;
  };

  void tell(const notification& n, const outcome& what);

  maker make_;
  std::unique_ptr<channel> channel_;
  std::deque<delivered> done_;
};

}  // namespace vigie::notifier
