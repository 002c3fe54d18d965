// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "bus/bus.hpp"

namespace vigie::bus {

/// A bus inside the process, for tests and the simulation: no thread of its own, every handler runs
/// within the call that caused it, in the order of subscription. [thread-safe]
class memory_bus final : public bus {
 public:
  using subscriber = std::function<void(const std::string& subject, const std::string& body)>;

  result<void> publish(std::string_view subject, std::string_view body) override;
  result<void> publish_confirmed(std::span<const outgoing> batch,
                                 std::chrono::milliseconds wait) override;
  result<void> serve_requests(request_handler handler) override;
  void watch_link(link_handler handler) override;
  link_state link() const override;

  /// Plays a reader such as a dashboard; `pattern` may hold NATS wildcards.
  void subscribe(std::string pattern, subscriber s);
  /// Plays an asker: `on_reply` runs when the handler answers, at most once. Errors: bus_down, and
  /// bus_unknown when nobody serves requests.
  result<void> ask(std::string_view subject, std::string body,
                   std::function<void(std::string reply)> on_reply);

  /// Cuts or restores the link.
  void set_link(link_state state);
  /// Lets the next `count` messages through and loses those after them without an error, as a
  /// server that freezes does: unconfirmed publication succeeds, confirmation fails. Ends with
  /// `set_link`.
  void freeze_after(std::size_t count);
  /// How many messages subscribers could see since the start.
  std::size_t delivered() const;

 private:
  struct subscription {
    std::string pattern;
    subscriber deliver;
  };
  /// False when the frozen server swallowed it.
  result<bool> send(std::string_view subject, std::string_view body);

  mutable std::mutex mutex_;
  std::vector<subscription> subscriptions_;
  request_handler handler_;
  link_handler watcher_;
  link_state link_ = link_state::connected;
  bool frozen_ = false;
  std::size_t before_freeze_ = 0;
  std::size_t delivered_ = 0;
};

}  // namespace vigie::bus
