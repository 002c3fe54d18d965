// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The C++20 face of the plugin ABI, header-only: derive from protocol_plugin, analytics_plugin or
/// notifier_plugin, override its virtual functions, and write VIGIE_PLUGIN(...) once. Nothing else
/// of the ABI needs to be seen. What this layer does for a plugin:
///   - exceptions stop at the line: a `failure` becomes its status, any other VIGIE_E_INTERNAL;
///   - the life cycle and the handles of cameras are checked before the plugin's code is called;
///   - structs of older and newer hosts are read and filled by their `size`;
///   - what is still attached, open or retained at stop is detached, closed and released.
#include "vigie/cpp/analytics.hpp"
#include "vigie/cpp/base.hpp"
#include "vigie/cpp/device.hpp"
#include "vigie/cpp/entry.hpp"
#include "vigie/cpp/notifier.hpp"
#include "vigie/cpp/plugin.hpp"
#include "vigie/cpp/protocol.hpp"
