// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "journal/signing.hpp"
#include "storage/database.hpp"

namespace vigie::journal {

enum class audit_what : std::uint8_t {
  missing_entry = 1,
  altered_entry,   ///< content, hash or signature is not what was written
  surplus_entry,   ///< behind the signed end, or before what was pruned
  missing_anchor,  ///< in the middle, at the end, or only a copy elsewhere still has it
  altered_anchor,
  altered_head,  ///< the signed end of the log is gone or not ours: nothing vouches from `first` on
};
std::string_view name_of(audit_what w) noexcept;

struct audit_finding {
  audit_what what = audit_what::altered_entry;
  std::int64_t first = 0;   ///< entries concerned; 0: none named
  std::int64_t last = 0;    ///< equal to `first` when one entry is named
  std::int64_t anchor = 0;  ///< 0: none named
  std::string text;         ///< what differs, for a human
};

struct audit_verdict {
  std::int64_t entries = 0;
  std::int64_t imported = 0;   ///< of these, written before the chain
  std::int64_t last = 0;       ///< sequence of the signed end
  std::int64_t sealed_to = 0;  ///< last entry under a good seal
  std::int64_t pruned_to = 0;  ///< last entry a good prune anchor removed
  std::int64_t anchors = 0;
  std::vector<audit_finding> findings;  ///< of entries first, in their order; empty: all is well
  bool is_ok() const noexcept { return findings.empty(); }
};

/// Opens a journal's file, or a copy of it, without changing it; a centre may be writing it at the
/// same time. Errors: not_found, db_failed (a journal from before its chain, too), db_corrupt.
result<storage::database> open_for_audit(const std::filesystem::path& file);

/// Checks every entry, seal, prune and the end of the log against `keys`, within one snapshot.
/// `copy`: anchor lines kept elsewhere, read before the call; the journal must know all of them.
/// Needs no secret and no network. The walk over entries ends at the first bad one. Errors: those
/// of reading the file. [worker]
result<audit_verdict> audit(storage::database& db, const trusted_keys& keys,
                            const std::optional<std::vector<std::string>>& copy = {});

}  // namespace vigie::journal
