// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace vigie::plugin_host::child {

/// The `plugin` mode of vigie-plugin-host: reads which library to run from `channel`, gives up
/// every right the plugin was not granted, loads it and serves calls until the centre hangs up.
/// Returns the exit code. The process runs nothing else.
int serve_plugin(int channel);

}  // namespace vigie::plugin_host::child
