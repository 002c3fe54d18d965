// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <mutex>
#include <vector>

#include "journal/access_journal.hpp"
#include "journal/anchor.hpp"
#include "journal/entry_bytes.hpp"
#include "storage/database.hpp"

namespace vigie::journal {

/// What the members of access_journal share; every function wants `mutex` held.
struct access_journal::core {
  std::mutex mutex;
  storage::database db;
  signing_key key;
  trusted_keys known;  ///< the key's own half, and those before it
  journal_options options;
  std::filesystem::path anchors_file;  ///< empty: none
  storage::statement insert;
  storage::statement put_head;
  storage::statement select;
  log_head head{};
  bool is_head_known = false;
  std::int64_t sealed_to = 0;
  mono_ns unsealed_since = 0;  ///< 0: nothing waits
  mono_ns last_prune = 0;
  std::int64_t filed_anchors = -1;  ///< lines in the anchors file; -1: not read yet

  /// Reads head and seals as they lie in the file. A head that is missing or not ours leaves a
  /// number out on purpose: running on must not heal the trace of a tampered end.
  result<void> load();
  result<void> write_head(const log_head& next);

  result<void> seal_due();
  result<void> seal(std::size_t count);
  result<void> prune_due();
  result<void> file_anchors();
  /// Entries after `sealed_to`, oldest first, at most `count`.
  result<std::vector<stored_entry>> waiting(std::size_t count);
  /// Adds the anchor and the head that names it, then `also`; one transaction.
  result<void> add_anchor(anchor a, std::string_view also);
};

}  // namespace vigie::journal
