// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nats/nats.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/log.hpp"
#include "base/result.hpp"
#include "bus/bus.hpp"
#include "bus/nats_bus.hpp"

namespace vigie::bus {

/// One connection to the server, kept for ever: nats.c reconnects by itself, except after the
/// server refused our password twice, when it closes; a thread of ours then opens anew. Private to
/// this module. [thread-safe]
class nats_line {
 public:
  /// `send_asap`: each message leaves at once instead of with the next flush. `on_change` runs on
  /// nats.c's threads or ours, never two at a time, and not before the constructor returned.
  nats_line(nats_options options, bool send_asap, std::function<void(link_state)> on_change);
  /// Returns when no callback runs any more.
  ~nats_line();

  result<void> publish(std::string_view subject, std::string_view body);
  result<void> publish_confirmed(std::span<const outgoing> batch, std::chrono::milliseconds wait);
  /// Gives every message under `pattern` to `receive`, now and after every reconnect. Once.
  using receiver =
      std::function<void(std::string_view subject, std::string_view reply_to, std::string body)>;
  result<void> subscribe(std::string pattern, receiver receive);

 private:
  using connection_ptr = std::shared_ptr<natsConnection>;
  struct on_nats;  // the C callbacks

  connection_ptr connection() const;
  void keep_open(std::stop_token stop);
  void open();
  result<void> subscribe_on(natsConnection& connection);
  void changed(link_state now);

  const nats_options options_;
  const bool send_asap_;
  const std::function<void(link_state)> on_change_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  connection_ptr connection_;
  bool is_open_ = false;  ///< between a successful open and the closed callback
  int running_ = 0;       ///< connections and subscriptions whose last callback has not come
  struct unsubscriber {
    void operator()(natsSubscription* s) const noexcept { natsSubscription_Destroy(s); }
  };
  std::unique_ptr<natsSubscription, unsubscriber> subscription_;  ///< of connection_
  std::string pattern_;
  receiver receive_;
  std::mutex change_mutex_;
  link_state link_ = link_state::disconnected;
  std::mutex log_mutex_;
  log::rate_limit log_limit_{5'000'000'000};
  std::jthread keeper_;
};

/// The errors of nats.c in our words.
error nats_error(natsStatus status, std::string_view doing);

}  // namespace vigie::bus
