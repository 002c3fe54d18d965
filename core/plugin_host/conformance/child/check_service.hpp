// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace vigie::plugin_host::conformance::child {

/// The `check` mode of vigie-plugin-host: reads which case to run with which plugin from `channel`,
/// gives up every right the plugin was not granted, runs the case and tells what it found. Does not
/// return.
[[noreturn]] void serve_check(int channel);

}  // namespace vigie::plugin_host::conformance::child
