// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"

namespace CLI {
class App;
}

namespace vigie::simulators {

/// A subcommand of vigie-sim: its options are on `app`, `run` does it and gives the exit code.
struct command {
  CLI::App* app = nullptr;
  std::function<int()> run;
};

command add_farm(CLI::App& app);
command add_fault(CLI::App& app);
command add_stats(CLI::App& app);
command add_config(CLI::App& app);
command add_onvif(CLI::App& app);
command add_recipients(CLI::App& app);
command add_behave(CLI::App& app);
command add_ledger(CLI::App& app);
command add_day(CLI::App& app);

/// Says what went wrong on stderr; the exit code of a failure.
int complain(const error& e);
/// Sends one line to a control door and prints its answer.
int ask(const std::string& control, const std::string& line);

}  // namespace vigie::simulators
