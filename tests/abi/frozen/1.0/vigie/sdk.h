/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIGIE_SDK_H
#define VIGIE_SDK_H

/* Everything stable. Draft extensions, when there are any, are included one by one from ext/draft.
 */
#include "vigie/analytics.h"
#include "vigie/entry.h"
#include "vigie/ext/device.h"
#include "vigie/ext/log.h"
#include "vigie/ext/thread_check.h"
#include "vigie/frame.h"
#include "vigie/host.h"
#include "vigie/notifier.h"
#include "vigie/packet.h"
#include "vigie/plugin.h"
#include "vigie/protocol.h"
#include "vigie/types.h"
#include "vigie/version.h"

#endif
