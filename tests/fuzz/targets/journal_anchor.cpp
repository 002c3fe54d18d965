// SPDX-License-Identifier: Apache-2.0
#include "fuzz/signing.hpp"
#include "fuzz/target.hpp"
#include "journal/anchor.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Lines of an anchors file that anybody could have written: what can be read says so in one way,
/// and nothing but what we signed passes for ours.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const auto line = text_of(own);
  const auto& key = our_key();
  if (const auto read = journal::parse_anchor(line)) {
    auto again = *read;
    const auto ours = journal::to_line(again, key);
    const auto back = journal::parse_anchor(ours);
    require(back.has_value(), "what was read can be written and read");
    require(back->first == read->first && back->last == read->last && back->root == read->root &&
                back->at == read->at && back->kind == read->kind,
            "there and back, the same statement");
    require(journal::is_signed_by(ours, our_keys()), "our own signature holds");
    require(!journal::parse_head(line), "an anchor is no head");
  }
  if (const auto read = journal::parse_head(line)) {
    const auto back = journal::parse_head(journal::to_line(*read, key));
    require(back && back->sequence == read->sequence && back->hash == read->hash,
            "there and back, the same head");
  }
  if (journal::is_signed_by(line, our_keys()))
    require(line == a_sealed_batch().seal_line || line == a_sealed_batch().head_line ||
                line == a_sealed_batch().prune_line,
            "nobody else signs");
}

std::vector<std::string> seeds() {
  const auto& batch = a_sealed_batch();
  return {batch.seal_line, batch.head_line, batch.prune_line,
          batch.seal_line.substr(0, batch.seal_line.size() / 2)};
}

const registration self{{"journal_anchor",
                         run,
                         seeds,
                         {"vigie-anchor 1 ", "vigie-head 1 ", " seal ", " prune ", " 0 ", " -1 ",
                          "9223372036854775807", "-9223372036854775808", "  "}}};

}  // namespace
