// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>

#include "recipients/behaviour.hpp"
#include "recipients/door.hpp"
#include "recipients/ledger.hpp"
#include "recipients/options.hpp"

namespace boost::asio::ssl {
class context;
}

namespace vigie::simulators {

/// What all desks share: moods, ledger, and a bell that ends every wait.
class common_room {
 public:
  /// The mood for one more request, counted down.
  mood next_mood(const std::string& recipient);
  void set_mood(const std::string& recipient, const mood& m);
  /// Waits that long, or shorter when the office closes.
  void linger(std::chrono::milliseconds time);
  void close();
  bool is_closing() const { return is_closing_; }
  ledger book;

 private:
  std::mutex mutex_;  // guards moods_, and is_closing_'s change
  std::condition_variable bell_;
  std::atomic<bool> is_closing_ = false;
  std::map<std::string, mood> moods_;
};

inline constexpr std::chrono::seconds mute_time{30};

/// Serves one TLS connection of one HTTP request: a CAP endpoint or a webhook.
void serve_cap(door::socket& peer, boost::asio::ssl::context& tls, common_room& room,
               const desk_options& desk);
void serve_webhook(door::socket& peer, boost::asio::ssl::context& tls, common_room& room,
                   const desk_options& desk);
/// Serves one SMTP connection, encrypted from the start or by STARTTLS.
void serve_smtp(door::socket& peer, boost::asio::ssl::context& tls, common_room& room,
                const desk_options& desk);

}  // namespace vigie::simulators
