// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "journal/digest.hpp"
#include "journal/signing.hpp"

namespace vigie::journal {

enum class anchor_kind : std::uint8_t {
  seal = 1,  ///< these entries are what they are
  prune,     ///< these entries were removed: their three years are over (LEG-33)
};
std::string_view name_of(anchor_kind k) noexcept;

/// A signed statement about a run of entries. Holds digests and times only, no personal data, so
/// that it may be kept and copied elsewhere for ever.
struct anchor {
  std::int64_t number = 0;  ///< 1, 2, 3 … seals and prunes alike
  anchor_kind kind = anchor_kind::seal;
  std::int64_t first = 0;  ///< entry
  std::int64_t last = 0;   ///< entry, included
  utc_us oldest = 0;       ///< earliest time of these entries
  utc_us newest = 0;
  digest root{};      ///< of the Merkle tree over the entries' leaves; zeros in a prune
  digest head{};      ///< hash of entry `last`
  digest previous{};  ///< `hash_of` the line of anchor number - 1; zeros in the first
  utc_us at = 0;      ///< when it was signed
  std::string key_id;
};

/// The end of the log, rewritten and signed with every entry, so that a missing end shows.
struct log_head {
  std::int64_t sequence = 0;  ///< of the last entry; 0: none yet
  digest hash{};
  std::int64_t anchors = 0;  ///< number of the last anchor
  digest anchor_hash{};
  std::string key_id;
};

/// One line of printable ASCII, fields separated by single spaces, the signature last; it signs
/// everything before the space in front of it. Without line end. [thread-safe]
std::string to_line(anchor a, const signing_key& key);
std::string to_line(log_head h, const signing_key& key);

/// What a line says, when it says so in exactly one way and its signature is of a trusted key.
/// `parse_*` alone believes nothing. [thread-safe]
std::optional<anchor> parse_anchor(std::string_view line);
std::optional<log_head> parse_head(std::string_view line);
bool is_signed_by(std::string_view line, const trusted_keys& keys);

/// SHA-256(0x03 ‖ line). [thread-safe]
digest hash_of_line(std::string_view line);

}  // namespace vigie::journal
