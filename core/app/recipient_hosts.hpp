// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace vigie::app {

/// The hosts named in a notifier's configuration, under `url`, `host`, `server` or `address` at any
/// depth: what the network permission `recipient` of its manifest reaches. Anything else in it,
/// JSON that is none included, names no host. [thread-safe]
std::vector<std::string> recipient_hosts(const std::string& config_json);

}  // namespace vigie::app
