// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "onvif/emulator_options.hpp"

namespace vigie::simulators::onvif {

/// ONVIF devices in front of a farm's cameras, on one thread: device i answers on the loopback
/// address of camera i.
class emulator {
 public:
  /// Listens everywhere. Errors: io_failed, config_invalid. [startup]
  static result<std::unique_ptr<emulator>> make(const emulator_options& options);
  ~emulator();
  /// Serves until `stop`, a signal (INT, TERM) or the options' seconds are over.
  void run();

  /// One line of the control door, JSON in and out.
  std::string handle_control_line(std::string_view line);

 private:
  struct state;
  explicit emulator(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

/// A line per device fault, for --help.
std::string device_fault_help();

}  // namespace vigie::simulators::onvif
