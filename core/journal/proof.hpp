// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "journal/anchor.hpp"
#include "journal/signing.hpp"
#include "storage/database.hpp"

namespace vigie::journal {

/// Longest proof, in bytes.
inline constexpr std::size_t longest_proof = 2048;

/// What a proof that held says.
struct proven_entry {
  std::int64_t sequence = 0;
  anchor sealed_by;
  digest canonical_digest{};            ///< of the entry's canonical bytes
  std::vector<std::uint8_t> canonical;  ///< empty: too long to be in the proof
};

/// The proof that a sealed entry is in the journal: a text of `key value` lines, at most
/// `longest_proof` bytes, that needs nothing but a public key to be checked. Holds the entry itself
/// when it fits. Errors: not_found (no such entry, or not sealed yet), db_corrupt (the batch does
/// not fit its anchor: run the audit). [worker]
result<std::string> prove(storage::database& db, std::int64_t sequence);

/// Errors: token_invalid (malformed, not consistent, or not signed by one of `keys`).
/// [thread-safe]
result<proven_entry> check_proof(std::string_view proof, const trusted_keys& keys);

/// The fields of canonical bytes as `name: value` lines, for a human. Errors: token_invalid.
/// [thread-safe]
result<std::string> describe_canonical(byte_view canonical);

}  // namespace vigie::journal
