// SPDX-License-Identifier: Apache-2.0
#include "journal/proof.hpp"

#include <doctest/doctest.h>

#include "journal/access_journal.hpp"
#include "journal/audit.hpp"
#include "journal/merkle.hpp"
#include "support/temporary_folder.hpp"

using namespace vigie;
using namespace vigie::journal;

namespace {

std::vector<digest> leaves_of(std::size_t count) {
  std::vector<digest> leaves;
  for (std::size_t i = 0; i < count; ++i)
    leaves.push_back(leaf_hash({bytes_of(std::to_string(i))}));
  return leaves;
}

}  // namespace

TEST_CASE("merkle: the tree of RFC 6962, built by hand for three leaves") {
  const auto leaves = leaves_of(3);
  const std::vector<std::uint8_t> node{1};
  const std::vector<std::uint8_t> leaf{0};
  CHECK(leaves[0] == sha256({leaf, bytes_of("0")}));
  const auto left = sha256({node, leaves[0], leaves[1]});
  CHECK(merkle_root(leaves) == sha256({node, left, leaves[2]}));
  // RFC 6962 §2.1.3 gives this digest nowhere; SHA-256("") is the one known constant.
  CHECK(to_hex(sha256({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("merkle: every path of every size up to 70 leads to the root, and to no other place") {
  for (std::size_t count = 1; count <= 70; ++count) {
    const auto leaves = leaves_of(count);
    const auto root = merkle_root(leaves);
    for (std::size_t i = 0; i < count; ++i) {
      auto path = merkle_path(leaves, i);
      CHECK(root_of_path(leaves[i], i, count, path) == root);
      if (count > 1) CHECK(root_of_path(leaves[i], (i + 1) % count, count, path) != root);
      if (!path.empty()) {
        path[0][31] ^= 1;
        CHECK(root_of_path(leaves[i], i, count, path) != root);
        path.pop_back();
        CHECK_FALSE(root_of_path(leaves[i], i, count, path).has_value());
      }
    }
    CHECK_FALSE(root_of_path(leaves[0], count, count, {}).has_value());
  }
}

TEST_CASE("proof: every sealed entry proves itself within 2 KB, and no altered proof holds") {
  test::memory_folder folder;
  manual_clock time;
  auto journal = access_journal::open(folder / "journal.db", {&time, 256});
  REQUIRE(journal.has_value());
  access_entry e;
  e.author = "console";
  e.authority = commune_id{"95018"};
  e.purpose = domain::purpose::rescue_and_fire;
  for (int i = 0; i < 270; ++i) {
    e.at = time.utc() + i;
    e.reason = std::string(static_cast<std::size_t>(1 + i * 7), 'r');
    REQUIRE(journal->append(e).has_value());
  }
  REQUIRE(journal->maintain().has_value());
  trusted_keys keys;
  REQUIRE(keys.add_file(folder / "journal.pub").has_value());
  auto db = open_for_audit(folder / "journal.db");
  REQUIRE(db.has_value());
  for (std::int64_t s = 1; s <= 256; ++s) {
    const auto proof = prove(*db, s);
    REQUIRE(proof.has_value());
    CHECK(proof->size() <= longest_proof);
    const auto held = check_proof(*proof, keys);
    REQUIRE_MESSAGE(held.has_value(), held.error().detail);
    CHECK(held->sequence == s);
    if (s == 1) {
      const auto text = describe_canonical(held->canonical);
      REQUIRE(text.has_value());
      CHECK(text->find("author: console\n") != std::string::npos);
    }
    if (s == 256) CHECK(held->canonical.empty());
  }
  CHECK(prove(*db, 257).error().code == errc::not_found);
  CHECK_FALSE(prove(*db, 0).has_value());
  const auto proof = *prove(*db, 17);
  for (std::size_t i = 0; i < proof.size(); ++i) {
    auto bad = proof;
    bad[i] ^= 1;
    CHECK_FALSE(check_proof(bad, keys).has_value());
    CHECK_FALSE(check_proof(proof.substr(0, i), keys).has_value());
  }
  trusted_keys other;
  REQUIRE(other.add_pem(signing_key::generate()->public_pem()).has_value());
  CHECK_FALSE(check_proof(proof, other).has_value());
}

TEST_CASE("proof: canonical bytes that end early or late are refused") {
  CHECK_FALSE(describe_canonical({}).has_value());
  const std::vector<std::uint8_t> short_bytes(40, 1);
  CHECK_FALSE(describe_canonical(short_bytes).has_value());
}
