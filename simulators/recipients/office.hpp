// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "recipients/behaviour.hpp"
#include "recipients/options.hpp"

namespace vigie::simulators {

/// The simulated recipients together: CAP endpoints with mutual TLS, webhooks, mail relays, and the
/// control door that says how each behaves.
class office {
 public:
  /// Opens every door. Errors: config_invalid, io_failed.
  static result<std::unique_ptr<office>> open(const recipients_options& options);
  ~office();
  /// Waits until the control door says stop, or SIGTERM or SIGINT comes.
  void wait();
  /// One line of the control dialogue: {"cmd":"behave","recipient":"a desk's name or all",
  /// "behaviour":"…","delay_ms":n,"times":n}, {"cmd":"ledger"}, {"cmd":"stop"}. [thread-safe]
  std::string on_control_line(std::string_view line);
  /// What everybody took so far, see `ledger`. [thread-safe]
  std::string ledger_json() const;

 private:
  struct rooms;
  office();
  std::unique_ptr<rooms> rooms_;
};

/// The control line that orders a behaviour.
std::string behave_line(const std::string& recipient, const std::string& behaviour_name,
                        unsigned delay_ms, unsigned times);

}  // namespace vigie::simulators
