// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "app/commands.hpp"

namespace CLI {
class App;
}

namespace vigie::app {

/// Adds `user` with its subcommands to the command line. The function returned runs the one that
/// was parsed; call it only when `user` was. [startup]
std::function<exit_code()> add_user_commands(CLI::App& cli);
/// The same for `bus`.
std::function<exit_code()> add_bus_commands(CLI::App& cli);

}  // namespace vigie::app
