// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "journal/signing.hpp"

namespace vigie::fuzz {

/// One key for all runs, so that an input means the same in every one of them.
const journal::signing_key& our_key();
const journal::trusted_keys& our_keys();

/// Four entries of a journal, sealed and signed by `our_key`, and the proof of one of them.
struct sealed_batch {
  std::int64_t sequence = 0;  ///< of the proven entry
  std::vector<std::uint8_t> canonical;
  std::string proof;
  std::string seal_line, head_line, prune_line;
};
const sealed_batch& a_sealed_batch();

}  // namespace vigie::fuzz
