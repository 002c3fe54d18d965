// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "app/commands.hpp"

namespace CLI {
class App;
}

namespace vigie::app {

/// Adds `audit` with its subcommands to the command line. The function returned runs the one that
/// was parsed; call it only when `audit` was. [startup]
std::function<exit_code()> add_audit_commands(CLI::App& cli);

}  // namespace vigie::app
