// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "journal/digest.hpp"
#include "storage/statement.hpp"

namespace vigie::journal {

/// How an entry came into the chain.
enum class entry_origin : std::uint8_t {
  written = 1,  ///< chained and signed when it was written
  imported,     ///< of a journal from before the chain: vouched for from its migration on only
};

/// An entry exactly as it lies in the file: what is hashed, whether or not we understand it.
struct stored_entry {
  std::int64_t sequence = 0;
  std::int64_t origin = 1;
  utc_us at = 0;
  std::string verb;
  std::string author;
  std::string authority;
  std::string camera;
  std::string purpose;
  std::string reason;
  std::optional<utc_us> from;
  std::optional<utc_us> to;
  std::string recipient;
  std::string detail;
  std::vector<std::uint8_t> hash;
  std::vector<std::uint8_t> made;  ///< the signature
};

/// The columns `read_stored` expects, in its order.
constexpr std::string_view stored_columns =
    "sequence, origin, at_us, verb, author, authority, camera, purpose, reason, from_us, to_us, "
    "recipient, detail, hash, signature";
stored_entry read_stored(const storage::statement& row);

/// The canonical bytes, documented byte by byte in docs/adr/0009-a-journal-that-shows-tampering.md:
/// every field fixed in width or preceded by its length, so that two different entries never give
/// the same bytes. [thread-safe]
std::vector<std::uint8_t> canonical_bytes(const stored_entry& e);

/// SHA-256(0x02 ‖ previous entry's hash ‖ SHA-256(canonical bytes)). The inner digest lets a proof
/// stay small when the reason is long. [thread-safe]
digest chain_hash(const digest& previous, const digest& canonical_digest);
digest chain_hash(const digest& previous, const stored_entry& e);

/// What is signed for an entry: "vigie-entry 1 <sequence> <hash>". [thread-safe]
std::string entry_message(std::int64_t sequence, const digest& hash);

/// The leaf of an entry in its batch's tree: over hash and signature, so that a root vouches for
/// both. [thread-safe]
digest entry_leaf(byte_view hash, byte_view made);

}  // namespace vigie::journal
