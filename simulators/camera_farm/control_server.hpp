// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "camera_farm/farm.hpp"

namespace vigie::simulators {

/// Answers one line of the control dialogue: {"cmd":"fault","cameras":[…]|"all","fault":"…",
/// "seconds":n}, {"cmd":"stats"}, {"cmd":"stop"}. What cannot be done is answered {"error":"…"}.
std::string handle_control_line(farm& on, std::string_view line);

/// The farm's statistics as one JSON object, also the final report.
std::string to_json(const farm_stats& stats);

/// The control door: TCP, one JSON object per line each way.
class control_server final : public event_handler {
 public:
  /// `address` is "127.0.0.1:8555". Errors: config_invalid, io_failed.
  static result<std::unique_ptr<control_server>> listen(farm& on, const std::string& address);
  ~control_server() override;
  void on_ready(std::uint32_t events) override;

 private:
  class connection;
  control_server(farm& on, int fd) : farm_{on}, fd_{fd} {}
  farm& farm_;
  int fd_;
  std::list<std::shared_ptr<connection>> connections_;
};

/// Sends one line to a running farm and returns its answer. Waits at most 5 s.
/// Errors: config_invalid, io_refused, io_failed, io_timeout.
result<std::string> ask_farm(const std::string& address, const std::string& line);

/// The line that asks for a fault.
std::string fault_line(const std::vector<std::string>& cameras, const std::string& fault_name,
                       double seconds);

}  // namespace vigie::simulators
