// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/disk.hpp"
#include "recording/day_index.hpp"

namespace vigie::recording {

/// What a start found and mended.
struct recovery_outcome {
  std::uint64_t days = 0;             ///< looked into (sealed days are not)
  std::uint64_t rebuilt_indexes = 0;  ///< lost or corrupt, made anew from files alone
  std::uint64_t scanned_files = 0;
  std::uint64_t torn_files = 0;  ///< cut back to their last complete fragment
  std::uint64_t torn_bytes = 0;
  std::uint64_t adopted_files = 0;     ///< were in no index
  std::uint64_t removed_files = 0;     ///< without a single complete fragment
  std::uint64_t missing_files = 0;     ///< rows whose file was gone
  std::uint64_t unreadable_files = 0;  ///< the disk refused; left as they are
};

/// Makes files and indexes agree again after any end of the process: every unclosed segment, every
/// file that is not in its index and every size that differs is scanned; a torn tail is cut, the
/// rest kept. Past days that agree are sealed and not looked at again. Before the recorder starts.
/// [startup]
result<recovery_outcome> recover(disk& files, day_indexes& indexes, utc_us now);

}  // namespace vigie::recording
