// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "journal/anchor.hpp"
#include "journal/entry_bytes.hpp"
#include "storage/database.hpp"

namespace vigie::test {

/// What was done to a journal, and where an audit must point.
struct journal_mutation {
  std::string kind;
  std::int64_t entry = 0;   ///< first bad entry; 0: the anchor below
  std::int64_t anchor = 0;  ///< first bad anchor; 0: none
};

/// Somebody who can write the journal's file at will, knows every algorithm, and has a signing key
/// of his own but not the node's. One mutation a call; wrap it in a savepoint to take it back.
class journal_forger {
 public:
  journal_forger(storage::database& db, std::uint64_t seed)
      : db_{db}, random_{seed}, key_{*journal::signing_key::generate()} {
    for (const auto* name : {"entry_is_never_changed", "entry_is_only_pruned",
                             "anchor_is_never_changed", "anchor_is_never_removed"})
      must(db_.exec("DROP TRIGGER IF EXISTS " + std::string{name}));
    first_ = number("SELECT min(sequence) FROM entry");
    last_ = number("SELECT max(sequence) FROM entry");
    sealed_ = number("SELECT max(last_sequence) FROM anchor");
    anchors_ = number("SELECT max(number) FROM anchor");
  }

  static constexpr std::size_t kinds = 17;

  journal_mutation mutate(std::size_t kind) {
    const auto k = any_entry();
    switch (kind) {
      case 0:
      case 1:
        return flip_column(k);
      case 2:
        must(db_.run("DELETE FROM entry WHERE sequence = ?", k));
        return {"row deleted", k};
      case 3:
        return swap(k, any_entry());
      case 4:
        must(db_.run("DELETE FROM entry WHERE sequence >= ?", k));
        return {"tail cut", k};
      case 5: {
        const auto late = std::max(k, sealed_ + 1);
        must(db_.run("DELETE FROM entry WHERE sequence >= ?", late));
        write_head(late - 1);
        return {"unsealed tail cut, head signed by another key", late};
      }
      case 6:
        return insert(k);
      case 7:
        return append();
      case 8:
        alter(k);
        rehash(k, k);
        return {"row re-hashed", k};
      case 9:
        alter(k);
        rehash(k, last_);
        return {"row and all after it re-hashed", k};
      case 10:
        alter(k);
        rehash(k, last_);
        resign(k, last_);
        return {"re-hashed and signed by another key", k};
      case 11:
        must(db_.run("DELETE FROM entry WHERE sequence = ?", k));
        shift(k + 1, -1);
        if (k < last_) rehash(k, last_ - 1);
        return {"row deleted, the rest renumbered and re-hashed", k};
      case 12:
        return flip_anchor();
      case 13:
        return replace_anchor();
      case 14:
        return drop_anchors();
      case 15: {
        const auto a = 1 + below(anchors_ - 1);
        swap_anchors(a, a + 1);
        return {"anchors swapped", 0, a};
      }
      default:
        return harm_head();
    }
  }

 private:
  static void must(const result<void>& done) {
    if (!done) throw std::runtime_error{to_string(done.error())};
  }
  template <class T>
  static T must(result<T> value) {
    if (!value) throw std::runtime_error{to_string(value.error())};
    return *std::move(value);
  }
  std::int64_t below(std::int64_t n) {
    return static_cast<std::int64_t>(random_.next() % static_cast<std::uint64_t>(n));
  }
  std::int64_t any_entry() { return first_ + below(last_ - first_ + 1); }
  std::int64_t number(const std::string& sql) {
    auto query = must(db_.prepare(sql));
    must(query.step());
    return query.integer(0);
  }
  std::string text(const std::string& sql) {
    auto query = must(db_.prepare(sql));
    must(query.step());
    return query.get<std::string>(0);
  }
  journal::stored_entry row(std::int64_t sequence) {
    auto query = must(db_.prepare("SELECT " + std::string{journal::stored_columns} +
                                  " FROM entry WHERE sequence = " + std::to_string(sequence)));
    if (!must(query.step())) throw std::runtime_error{"no row"};
    return journal::read_stored(query);
  }
  journal::digest hash_before(std::int64_t sequence) {
    if (sequence > first_) return as_digest(row(sequence - 1).hash);
    auto query =
        must(db_.prepare("SELECT line FROM anchor WHERE kind = 'seal' AND "
                         "last_sequence = " +
                         std::to_string(sequence - 1)));
    if (!must(query.step())) return journal::no_digest;
    return journal::parse_anchor(query.text(0))->head;
  }
  static journal::digest as_digest(const std::vector<std::uint8_t>& bytes) {
    journal::digest d{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), d.size()), d.begin());
    return d;
  }

  journal_mutation flip_column(std::int64_t k) {
    static constexpr std::array texts{"verb",    "author", "authority", "camera",
                                      "purpose", "reason", "recipient", "detail"};
    static constexpr std::array numbers{"at_us", "origin", "from_us", "to_us"};
    static constexpr std::array blobs{"hash", "signature"};
    const auto which = static_cast<std::size_t>(below(14));
    if (which >= 8 && which < 12) {
      const std::string name = numbers[which - 8];
      must(db_.run("UPDATE entry SET " + name + " = ifnull(" + name + ", 0) + ? WHERE sequence = ?",
                   std::int64_t{1} << below(50), k));
      return {"number changed", k};
    }
    const bool is_blob = which >= 12;
    const std::string name = is_blob ? blobs[which - 12] : texts[which];
    auto query = must(db_.prepare("SELECT " + name + " FROM entry WHERE sequence = ?"));
    must(query.bind(k));
    must(query.step());
    const auto old = query.blob(0);
    std::vector<std::uint8_t> bytes(std::max<std::size_t>(old.size(), 1));
    std::ranges::copy(old, bytes.begin());
    query.reset();
    // Bit 7 is left alone: a text that is no longer UTF-8 is not what this is about.
    bytes[static_cast<std::size_t>(below(static_cast<std::int64_t>(bytes.size())))] ^=
        static_cast<std::uint8_t>(1 << below(7));
    must(db_.run("UPDATE entry SET " + name + " = CAST(? AS " + (is_blob ? "BLOB" : "TEXT") +
                     ") WHERE sequence = ?",
                 byte_view{bytes}, k));
    return {"bit flipped in a row", k};
  }

  void alter(std::int64_t k) {
    must(db_.run("UPDATE entry SET reason = reason || ? WHERE sequence = ?",
                 std::to_string(random_.next()), k));
  }
  void rehash(std::int64_t from, std::int64_t to) {
    auto previous = hash_before(from);
    for (auto k = from; k <= to; ++k) {
      previous = journal::chain_hash(previous, row(k));
      must(db_.run("UPDATE entry SET hash = ? WHERE sequence = ?", byte_view{previous}, k));
    }
  }
  void resign(std::int64_t from, std::int64_t to) {
    for (auto k = from; k <= to; ++k) {
      const auto made = key_.sign(journal::entry_message(k, as_digest(row(k).hash)));
      must(db_.run("UPDATE entry SET signature = ? WHERE sequence = ?", byte_view{made}, k));
    }
  }
  void shift(std::int64_t from, std::int64_t by) {
    must(db_.run("UPDATE entry SET sequence = -(sequence + ?) WHERE sequence >= ?", by, from));
    must(db_.run("UPDATE entry SET sequence = -sequence WHERE sequence < 0"));
  }

  journal_mutation swap(std::int64_t a, std::int64_t b) {
    if (a == b) b = a < last_ ? a + 1 : a - 1;
    must(db_.run("UPDATE entry SET sequence = -1 WHERE sequence = ?", a));
    must(db_.run("UPDATE entry SET sequence = ? WHERE sequence = ?", a, b));
    must(db_.run("UPDATE entry SET sequence = ? WHERE sequence = -1", b));
    return {"rows exchanged", std::min(a, b)};
  }
  void put_copy(std::int64_t from, std::int64_t as) {
    must(
        db_.run("INSERT INTO entry (sequence, origin, at_us, verb, author, authority, camera, "
                "purpose, reason, from_us, to_us, recipient, detail, hash, signature) "
                "SELECT ?, origin, at_us, verb, author, authority, camera, purpose, "
                "'was never written', from_us, to_us, recipient, detail, hash, signature "
                "FROM entry WHERE sequence = ?",
                as, from));
  }
  journal_mutation insert(std::int64_t k) {
    shift(k, 1);
    put_copy(k + 1, k);
    if (below(2) == 0) return {"row inserted", k};
    rehash(k, last_ + 1);
    return {"row inserted, the rest renumbered and re-hashed", k};
  }
  journal_mutation append() {
    put_copy(last_, last_ + 1);
    rehash(last_ + 1, last_ + 1);
    resign(last_ + 1, last_ + 1);
    return {"row appended", last_ + 1};
  }

  std::string line_of(std::int64_t n) {
    return text("SELECT line FROM anchor WHERE number = " + std::to_string(n));
  }
  journal_mutation flip_anchor() {
    const auto n = 1 + below(anchors_);
    auto line = line_of(n);
    line[static_cast<std::size_t>(below(static_cast<std::int64_t>(line.size())))] ^=
        static_cast<char>(1 << below(7));
    must(db_.run("UPDATE anchor SET line = ? WHERE number = ?", line, n));
    return {"bit flipped in an anchor", 0, n};
  }
  /// Consistent with altered entries, but signed by a key nobody trusts.
  journal_mutation replace_anchor() {
    const auto n = 1 + below(anchors_);
    auto a = *journal::parse_anchor(line_of(n));
    a.root[0] ^= 1;
    must(db_.run("UPDATE anchor SET line = ? WHERE number = ?", journal::to_line(a, key_), n));
    return {"anchor replaced", 0, n};
  }
  journal_mutation drop_anchors() {
    const auto n = 1 + below(anchors_);
    const bool is_tail = below(2) == 0;
    const auto prune = number("SELECT ifnull(max(number), 0) FROM anchor WHERE kind = 'prune'");
    must(db_.run(
        is_tail ? "DELETE FROM anchor WHERE number >= ?" : "DELETE FROM anchor WHERE number = ?",
        n));
    // Without the anchor that removed them, the pruned entries are missing ones as well.
    const bool is_prune_gone = prune != 0 && (n == prune || (is_tail && n < prune));
    if (is_prune_gone) return {"anchors deleted with the prune", 1, n};
    return {"anchors deleted", 0, n};
  }
  void swap_anchors(std::int64_t a, std::int64_t b) {
    const auto one = line_of(a);
    must(db_.run("UPDATE anchor SET line = ? WHERE number = ?", line_of(b), a));
    must(db_.run("UPDATE anchor SET line = ? WHERE number = ?", one, b));
  }

  void write_head(std::int64_t sequence) {
    auto head = *journal::parse_head(text("SELECT line FROM head"));
    head.sequence = sequence;
    head.hash = hash_before(sequence + 1);
    must(db_.run("UPDATE head SET line = ?", journal::to_line(head, key_)));
  }
  journal_mutation harm_head() {
    if (below(2) == 0) {
      must(db_.run("DELETE FROM head"));
      return {"head deleted", last_ + 1};
    }
    auto line = text("SELECT line FROM head");
    line[static_cast<std::size_t>(below(static_cast<std::int64_t>(line.size())))] ^=
        static_cast<char>(1 << below(7));
    must(db_.run("UPDATE head SET line = ?", line));
    return {"bit flipped in the head", last_ + 1};
  }

  storage::database& db_;
  seeded_random random_;
  journal::signing_key key_;
  std::int64_t first_ = 0;
  std::int64_t last_ = 0;
  std::int64_t sealed_ = 0;
  std::int64_t anchors_ = 0;
};

}  // namespace vigie::test
