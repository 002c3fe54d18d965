// SPDX-License-Identifier: Apache-2.0
#include "journal/proof.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "journal/entry_bytes.hpp"
#include "journal/merkle.hpp"

namespace vigie::journal {
namespace {

constexpr std::string_view title = "vigie-proof 1";

struct sealed_batch {
  anchor seal;
  std::string line;
  std::vector<digest> leaves;
  stored_entry entry;
  digest previous{};
};

result<anchor> seal_over(storage::database& db, std::int64_t sequence, std::string& line) {
  auto query = db.prepare(
      "SELECT line FROM anchor WHERE kind = 'seal' AND last_sequence >= ? ORDER BY last_sequence "
      "LIMIT 1");
  if (!query) return tl::unexpected{query.error()};
  if (auto bound = query->bind(sequence); !bound) return tl::unexpected{bound.error()};
  const auto row = query->step();
  if (!row) return tl::unexpected{row.error()};
  if (!*row) return fail(errc::not_found, fmt::format("entry {} is not sealed yet", sequence));
  line = query->get<std::string>(0);
  const auto seal = parse_anchor(line);
  if (!seal || seal->first < 1 || seal->first > sequence)
    return fail(errc::db_corrupt, fmt::format("the anchor of entry {} was altered", sequence));
  return *seal;
}

result<sealed_batch> read_batch(storage::database& db, std::int64_t sequence) {
  sealed_batch b;
  const auto seal = seal_over(db, sequence, b.line);
  if (!seal) return tl::unexpected{seal.error()};
  b.seal = *seal;
  auto query = db.prepare(fmt::format(
      "SELECT {} FROM entry WHERE sequence BETWEEN ? AND ? ORDER BY sequence", stored_columns));
  if (!query) return tl::unexpected{query.error()};
  // One more in front: the hash it left is what the batch's first entry was chained to.
  if (auto bound = query->bind(b.seal.first - 1, b.seal.last); !bound)
    return tl::unexpected{bound.error()};
  while (true) {
    const auto row = query->step();
    if (!row) return tl::unexpected{row.error()};
    if (!*row) break;
    auto e = read_stored(*query);
    const auto hash = digest_from_hex(to_hex(e.hash));
    if (hash && e.sequence == sequence - 1) b.previous = *hash;
    if (e.sequence >= b.seal.first) b.leaves.push_back(entry_leaf(e.hash, e.made));
    if (e.sequence == sequence) b.entry = std::move(e);
  }
  if (b.entry.sequence != sequence)
    return fail(errc::not_found, fmt::format("no entry {} in the journal", sequence));
  return b;
}

/// The hash before a batch whose predecessor was pruned stands in the anchor that sealed that one.
result<digest> head_before(storage::database& db, std::int64_t first) {
  std::string line;
  const auto before = seal_over(db, first - 1, line);
  if (!before) return tl::unexpected{before.error()};
  return before->head;
}

std::string hex_line(std::string_view name, byte_view bytes) {
  return fmt::format("{} {}\n", name, to_hex(bytes));
}

class line_reader {
 public:
  explicit line_reader(std::string_view text) : rest_{text} {}
  /// The value of the next line, when it has that name.
  std::optional<std::string_view> next(std::string_view name) {
    const auto end = rest_.find('\n');
    if (end == std::string_view::npos || end <= name.size() || !rest_.starts_with(name) ||
        rest_[name.size()] != ' ')
      return std::nullopt;
    const auto value = rest_.substr(name.size() + 1, end - name.size() - 1);
    rest_.remove_prefix(end + 1);
    return value;
  }
  bool is_done() const noexcept { return rest_.empty(); }

 private:
  std::string_view rest_;
};

tl::unexpected<error> bad(std::string why) { return fail(errc::token_invalid, std::move(why)); }

class byte_reader {
 public:
  explicit byte_reader(byte_view bytes) : rest_{bytes} {}
  std::uint64_t number(std::size_t width) {
    std::uint64_t v = 0;
    is_good_ = is_good_ && rest_.size() >= width;
    if (!is_good_) return 0;
    for (const auto b : rest_.first(width)) v = v << 8 | b;
    rest_ = rest_.subspan(width);
    return v;
  }
  std::int64_t i64() { return static_cast<std::int64_t>(number(8)); }
  std::string text() {
    const auto size = number(4);
    is_good_ = is_good_ && rest_.size() >= size;
    if (!is_good_) return {};
    std::string t(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(size));
    rest_ = rest_.subspan(size);
    return t;
  }
  bool is_whole() const noexcept { return is_good_ && rest_.empty(); }

 private:
  byte_view rest_;
  bool is_good_ = true;
};

struct batch_place {
  std::size_t index = 0;
  std::size_t count = 0;
};

/// Where in a seal's batch the entry of that number stands. Entries are numbered from 1: an anchor
/// that begins before or ends before it begins seals nothing.
std::optional<batch_place> place_in(const anchor& seal, std::string_view number) {
  std::int64_t sequence = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), sequence);
  if (read.ec != std::errc{} || std::to_string(sequence) != number) return std::nullopt;
  if (seal.kind != anchor_kind::seal || seal.first < 1 || sequence < seal.first ||
      sequence > seal.last)
    return std::nullopt;
  return batch_place{static_cast<std::size_t>(sequence - seal.first),
                     static_cast<std::size_t>(seal.last - seal.first) + 1};
}

}  // namespace

result<std::string> prove(storage::database& db, std::int64_t sequence) {
  auto batch = read_batch(db, sequence);
  if (!batch) return tl::unexpected{batch.error()};
  if (batch->previous == no_digest && sequence > 1) {
    const auto before = head_before(db, sequence);
    if (!before) return tl::unexpected{before.error()};
    batch->previous = *before;
  }
  const auto& e = batch->entry;
  const auto canonical = canonical_bytes(e);
  const auto index = static_cast<std::size_t>(sequence - batch->seal.first);
  if (batch->leaves.size() != static_cast<std::size_t>(batch->seal.last - batch->seal.first + 1) ||
      merkle_root(batch->leaves) != batch->seal.root ||
      to_hex(chain_hash(batch->previous, e)) != to_hex(e.hash))
    return fail(errc::db_corrupt,
                fmt::format("the batch of entry {} does not fit its anchor", sequence));
  std::string rest = hex_line("previous", batch->previous) + hex_line("signature", e.made);
  for (const auto& beside : merkle_path(batch->leaves, index)) rest += hex_line("path", beside);
  rest += "anchor " + batch->line + "\n";
  const auto opening = fmt::format("{}\nsequence {}\n", title, sequence);
  auto whole = opening + hex_line("entry", canonical) + rest;
  if (whole.size() <= longest_proof) return whole;
  return opening + hex_line("digest", sha256({canonical})) + rest;
}

result<proven_entry> check_proof(std::string_view proof, const trusted_keys& keys) {
  if (proof.size() > longest_proof) return bad("longer than any proof");
  if (!proof.starts_with(title) || proof.size() <= title.size() || proof[title.size()] != '\n')
    return bad("not a vigie-proof 1");
  line_reader lines{proof.substr(title.size() + 1)};
  proven_entry proven;
  const auto sequence = lines.next("sequence");
  if (const auto text = lines.next("entry")) {
    const auto bytes = from_hex(*text);
    if (!bytes) return bad("entry: not hexadecimal");
    proven.canonical = *bytes;
    proven.canonical_digest = sha256({proven.canonical});
  } else {
    const auto given = lines.next("digest");
    const auto read = given ? digest_from_hex(*given) : std::nullopt;
    if (!read) return bad("neither entry nor digest");
    proven.canonical_digest = *read;
  }
  const auto previous_text = lines.next("previous");
  const auto previous = previous_text ? digest_from_hex(*previous_text) : std::nullopt;
  const auto signature_text = lines.next("signature");
  const auto made = signature_text ? from_hex(*signature_text) : std::nullopt;
  std::vector<digest> path;
  while (const auto text = lines.next("path")) {
    const auto beside = digest_from_hex(*text);
    if (!beside) return bad("path: not a digest");
    path.push_back(*beside);
  }
  const auto line = lines.next("anchor");
  const auto seal = line ? parse_anchor(*line) : std::nullopt;
  if (!sequence || !previous || !made || !seal || !lines.is_done()) return bad("not whole");
  if (!is_signed_by(*line, keys)) return bad("the anchor is not signed by a trusted key");
  proven.sealed_by = *seal;
  const auto place = place_in(*seal, *sequence);
  if (!place) return bad("the anchor does not seal that entry");
  proven.sequence = seal->first + static_cast<std::int64_t>(place->index);
  const auto hash = chain_hash(*previous, proven.canonical_digest);
  const auto root = root_of_path(entry_leaf(hash, *made), place->index, place->count, path);
  if (!root || *root != seal->root) return bad("the entry does not lead to the anchor's root");
  if (!keys.accepts(entry_message(proven.sequence, hash), *made))
    return bad("the entry is not signed by a trusted key");
  return proven;
}

result<std::string> describe_canonical(byte_view canonical) {
  byte_reader in{canonical};
  const auto version = in.number(1);
  std::string out;
  const auto add = [&](std::string_view name, const auto& value) {
    out += fmt::format("{}: {}\n", name, value);
  };
  add("origin",
      in.i64() == static_cast<std::int64_t>(entry_origin::imported) ? "imported" : "written");
  add("sequence", in.i64());
  add("at_us", in.i64());
  for (const auto* name : {"verb", "author", "authority", "camera", "purpose", "reason"})
    add(name, in.text());
  for (const auto* name : {"from_us", "to_us"})
    if (in.number(1) == 1) add(name, in.i64());
  for (const auto* name : {"recipient", "detail"}) add(name, in.text());
  if (version != 1 || !in.is_whole()) return bad("not the bytes of an entry");
  return out;
}

}  // namespace vigie::journal
