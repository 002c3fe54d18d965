// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "app/commands.hpp"

namespace CLI {
class App;
}

namespace vigie::app {

/// Adds `vigie legal …`; the returned function runs the subcommand that was parsed. [startup]
std::function<exit_code()> add_legal_commands(CLI::App& cli);

}  // namespace vigie::app
