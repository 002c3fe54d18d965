// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/child/plugin_service.hpp"

namespace vigie::plugin_host::child {

int serve_plugin(int) { return 70; }

}  // namespace vigie::plugin_host::child
