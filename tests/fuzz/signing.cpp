// SPDX-License-Identifier: Apache-2.0
#include "fuzz/signing.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "fuzz/target.hpp"
#include "journal/anchor.hpp"
#include "journal/entry_bytes.hpp"
#include "journal/merkle.hpp"
#include "support/temporary_folder.hpp"

namespace vigie::fuzz {
namespace {

constexpr std::int64_t entries = 4;
constexpr std::int64_t proven = 3;

/// An Ed25519 key whose secret half stands here for everybody: it signs for these targets only.
journal::signing_key load_key() {
  const test::temporary_folder folder;
  const auto file = folder.path() / "fuzz.key";
  std::ofstream{file} << "-----BEGIN PRIVATE KEY-----\n"
                         "MC4CAQAwBQYDK2VwBCIEIFZpZ2llJ3MgZnV6eiB0YXJnZXRzIHNpZ24gYnkgaXQu\n"
                         "-----END PRIVATE KEY-----\n";
  std::filesystem::permissions(file, std::filesystem::perms{0600});
  return journal::signing_key::load_or_create(file, folder.path() / "fuzz.pub").value();
}

std::string hex_line(std::string_view name, byte_view bytes) {
  return fmt::format("{} {}\n", name, journal::to_hex(bytes));
}

sealed_batch seal() {
  const auto& key = our_key();
  sealed_batch out;
  std::vector<journal::digest> leaves;
  journal::digest head = journal::no_digest;
  journal::digest before_proven{};
  journal::signature made_proven{};
  for (std::int64_t sequence = 1; sequence <= entries; ++sequence) {
    journal::stored_entry entry;
    entry.sequence = sequence;
    entry.at = 1'795'000'000'000'000 + sequence;
    entry.verb = "view_live";
    entry.author = "u-1";
    entry.authority = "95018";
    entry.camera = "cam-1";
    entry.reason = "fire at the town hall";
    const auto before = head;
    head = journal::chain_hash(before, entry);
    const auto made = key.sign(journal::entry_message(sequence, head));
    leaves.push_back(journal::entry_leaf(head, made));
    if (sequence != proven) continue;
    out.canonical = journal::canonical_bytes(entry);
    before_proven = before;
    made_proven = made;
  }
  journal::anchor anchor;
  anchor.number = 1;
  anchor.first = 1;
  anchor.last = entries;
  anchor.oldest = 1'795'000'000'000'001;
  anchor.newest = 1'795'000'000'000'004;
  anchor.root = journal::merkle_root(leaves);
  anchor.head = head;
  anchor.at = 1'795'000'100'000'000;
  out.sequence = proven;
  out.seal_line = journal::to_line(anchor, key);
  out.head_line = journal::to_line(
      journal::log_head{entries, head, 1, journal::hash_of_line(out.seal_line), {}}, key);
  anchor.number = 2;
  anchor.kind = journal::anchor_kind::prune;
  anchor.root = journal::no_digest;
  anchor.previous = journal::hash_of_line(out.seal_line);
  out.prune_line = journal::to_line(anchor, key);
  out.proof = fmt::format("vigie-proof 1\nsequence {}\n", proven) +
              hex_line("entry", out.canonical) + hex_line("previous", before_proven) +
              hex_line("signature", made_proven);
  for (const auto& beside : journal::merkle_path(leaves, proven - 1))
    out.proof += hex_line("path", beside);
  out.proof += "anchor " + out.seal_line + "\n";
  return out;
}

}  // namespace

const journal::signing_key& our_key() {
  static const auto key = load_key();
  return key;
}

const journal::trusted_keys& our_keys() {
  static const auto keys = [] {
    journal::trusted_keys all;
    require(all.add_pem(our_key().public_pem()).has_value(), "our own key can be read");
    return all;
  }();
  return keys;
}

const sealed_batch& a_sealed_batch() {
  static const auto batch = seal();
  return batch;
}

}  // namespace vigie::fuzz
