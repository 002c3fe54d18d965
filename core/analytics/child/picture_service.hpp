// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace vigie::analytics::child {

/// Answers the centre's frames on `channel` until it closes; the whole life of the child. Frames
/// that wait together are decoded together on the oneTBB pool. Returns the process's exit code.
int serve_pictures(int channel);

}  // namespace vigie::analytics::child
