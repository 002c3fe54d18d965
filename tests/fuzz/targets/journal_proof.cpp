// SPDX-License-Identifier: Apache-2.0
#include "journal/proof.hpp"

#include <limits>

#include "fuzz/signing.hpp"
#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// A proof handed to somebody who holds our public key only. `%` stands for an anchor that we
/// signed over numbers of the input's choice, so that signatures are no shield for what reads
/// behind them; any other text proves an entry only when it is that entry's proof.
void run(byte_view bytes) {
  input in{bytes};
  journal::anchor hostile;
  hostile.number = 1;
  hostile.first = static_cast<std::int64_t>(in.u64());
  hostile.last = static_cast<std::int64_t>(in.u64());
  const auto own = copy_of(in.rest());
  std::string text;
  bool has_hostile = false;
  for (const char c : text_of(own)) {
    if (c == '%' && !has_hostile) {
      text += journal::to_line(hostile, our_key());
      has_hostile = true;
    } else {
      text += c;
    }
  }
  const auto proven = journal::check_proof(text, our_keys());
  if (proven) {
    require(text.size() <= journal::longest_proof, "a proof has a bound");
    require(text == a_sealed_batch().proof, "nobody else proves, and a proof has one spelling");
    require(proven->sequence == a_sealed_batch().sequence, "it proves the entry it was made for");
    require(journal::describe_canonical(proven->canonical).has_value(), "the entry can be read");
  } else {
    require(proven.error().code == errc::token_invalid, "a refusal is a refusal");
  }
  const auto told = journal::describe_canonical(own);
  if (told) require(told->starts_with("origin: "), "fields in their order");
}

std::string numbers(std::int64_t first, std::int64_t last) {
  std::string out;
  for (const auto value : {first, last})
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
  return out;
}

std::vector<std::string> seeds() {
  const auto& batch = a_sealed_batch();
  const auto small = numbers(1, 4);
  const auto before = batch.proof.substr(0, batch.proof.find("\nanchor ") + 8);
  return {
      small + batch.proof,
      small + before + "%\n",
      numbers(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()) +
          before + "%\n",
      numbers(-1, std::numeric_limits<std::int64_t>::max()) + before + "%\n",
      small + "vigie-proof 1\nsequence 1\ndigest 00\n",
      small + std::string{text_of(batch.canonical)}};
}

const registration self{
    {"journal_proof",
     run,
     seeds,
     {"vigie-proof 1\n", "sequence ", "entry ", "digest ", "previous ", "signature ", "path ",
      "anchor ", "%\n", "\n", std::string_view{"\0\0\0\0", 4}, "\xff\xff\xff\xff"}}};

}  // namespace
