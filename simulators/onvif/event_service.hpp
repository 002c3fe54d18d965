// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "onvif/soap_words.hpp"

namespace vigie::simulators::onvif {

/// Runs something later, on the emulator's one thread.
class scheduler {
 public:
  virtual ~scheduler() = default;
  virtual void after(std::chrono::milliseconds delay, std::function<void()> what) = 0;
};

struct event_stats {
  std::uint64_t subscriptions = 0;  ///< now
  std::uint64_t created = 0, pulls = 0, renewals = 0, unsubscribed = 0, told = 0;
};

struct http_reply;
using replier = std::function<void(http_reply)>;

/// A notification by its short name as ONVIF writes it; empty: no such name.
std::string notification(std::string_view name, bool is_active, std::string_view operation,
                         utc_time at);

/// The PullPoint side of a device (ONVIF Core §9.2): subscriptions, their queues, long polls.
class event_service {
 public:
  event_service(scheduler& timers, bool uses_reference_parameters)
      : timers_{timers}, uses_reference_parameters_{uses_reference_parameters} {}

  /// Answers a question to the event service or to a subscription's address. `base` is the device's
  /// "http://host:port".
  void handle(const soap_question& q, const std::string& target, const std::string& base,
              utc_time now, const replier& reply);
  /// Queues it for every subscription and wakes the polls.
  void tell(const std::string& notification, utc_time now);
  void forget_subscriptions();
  /// Whether a poll without anything to tell waits, as the standard wants.
  void hold_polls(bool do_hold) { holds_polls_ = do_hold; }
  event_stats stats() const;

 private:
  struct subscription {
    utc_time ends;
    std::deque<std::string> queue;
    std::uint64_t poll = 0;  ///< number of the waiting poll; 0: none
    replier waiting;
    unsigned limit = 1;
  };
  void create(const soap_question& q, const std::string& base, utc_time now, const replier& reply);
  void pull(const soap_question& q, unsigned id, utc_time now, const replier& reply);
  void answer_poll(unsigned id, utc_time now);
  void expire(utc_time now);

  scheduler& timers_;
  const bool uses_reference_parameters_;
  std::map<unsigned, subscription> subscriptions_;
  bool holds_polls_ = true;
  unsigned next_id_ = 1;
  std::uint64_t next_poll_ = 1;
  event_stats stats_;
};

}  // namespace vigie::simulators::onvif
