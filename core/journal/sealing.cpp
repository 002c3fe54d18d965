// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.hpp"
#include "journal/anchor_file.hpp"
#include "journal/detail/journal_core.hpp"
#include "journal/log_years.hpp"
#include "journal/merkle.hpp"

namespace vigie::journal {
namespace {

constexpr auto prune_every = std::chrono::hours{1};
/// A batch is erased as a whole when its oldest entry must go; nobody's goes more than this early.
constexpr auto longest_batch = std::chrono::hours{24};
/// A pass removes at most so many batches: the journal must stay quick for who waits for an image.
constexpr std::int64_t batches_per_prune = 16;

result<std::int64_t> number_of(storage::database& db, std::string_view sql) {
  auto query = db.prepare(sql);
  if (!query) return tl::unexpected{query.error()};
  const auto row = query->step();
  if (!row) return tl::unexpected{row.error()};
  return *row ? query->integer(0) : 0;
}

result<std::string> text_of(storage::database& db, std::string_view sql) {
  auto query = db.prepare(sql);
  if (!query) return tl::unexpected{query.error()};
  const auto row = query->step();
  if (!row) return tl::unexpected{row.error()};
  return *row ? query->get<std::string>(0) : std::string{};
}

}  // namespace

result<void> access_journal::core::load() {
  const auto line = text_of(db, "SELECT line FROM head");
  if (!line) return tl::unexpected{line.error()};
  const auto sealed = number_of(db, "SELECT max(last_sequence) FROM anchor WHERE kind = 'seal'");
  if (!sealed) return tl::unexpected{sealed.error()};
  const auto last = number_of(db, "SELECT max(sequence) FROM entry");
  if (!last) return tl::unexpected{last.error()};
  const auto found = parse_head(*line);
  if (found && is_signed_by(*line, known)) {
    head = *found;
    if (*last != head.sequence && (*last != 0 || *sealed != head.sequence))
      log::error("the journal ends at entry {}, its head says {}: run vigie audit verify", *last,
                 head.sequence);
  } else {
    log::error("the journal's head is missing or not ours: run vigie audit verify");
    const auto anchors = number_of(db, "SELECT max(number) FROM anchor");
    if (!anchors) return tl::unexpected{anchors.error()};
    const auto last_line = text_of(db, "SELECT line FROM anchor ORDER BY number DESC LIMIT 1");
    if (!last_line) return tl::unexpected{last_line.error()};
    head = {};
    head.sequence = std::max(*last, *sealed) + 1;
    head.anchors = *anchors;
    if (head.anchors > 0) head.anchor_hash = hash_of_line(*last_line);
  }
  sealed_to = *sealed;
  // What a previous run left unsealed is due now, not in another ten minutes.
  if (head.sequence > sealed_to) unsealed_since = options.time->mono() - to_ns(options.batch_age);
  is_head_known = true;
  return {};
}

result<std::vector<stored_entry>> access_journal::core::waiting(std::size_t count) {
  auto query = db.prepare(fmt::format(
      "SELECT {} FROM entry WHERE sequence > ? ORDER BY sequence LIMIT ?", stored_columns));
  if (!query) return tl::unexpected{query.error()};
  if (auto bound = query->bind(sealed_to, count); !bound) return tl::unexpected{bound.error()};
  std::vector<stored_entry> rows;
  while (true) {
    const auto row = query->step();
    if (!row) return tl::unexpected{row.error()};
    if (!*row) return rows;
    rows.push_back(read_stored(*query));
  }
}

result<void> access_journal::core::add_anchor(anchor a, std::string_view also) {
  a.number = head.anchors + 1;
  a.previous = head.anchor_hash;
  a.at = options.time->utc();
  const auto line = to_line(a, key);
  auto next = head;
  next.anchors = a.number;
  next.anchor_hash = hash_of_line(line);
  const auto write = [&]() -> result<void> {
    auto guard = storage::transaction::begin(db);
    if (!guard) return tl::unexpected{guard.error()};
    auto done = db.run(
        "INSERT INTO anchor (number, kind, first_sequence, last_sequence, line) "
        "VALUES (?, ?, ?, ?, ?)",
        a.number, name_of(a.kind), a.first, a.last, line);
    if (!done) return done;
    if (!also.empty())
      if (done = db.run(also, a.last); !done) return done;
    if (done = write_head(next); !done) return done;
    return guard->commit();
  };
  if (auto done = write(); !done) {
    is_head_known = false;
    return done;
  }
  head = next;
  return {};
}

result<void> access_journal::core::seal(std::size_t count) {
  const auto rows = waiting(count);
  if (!rows) return tl::unexpected{rows.error()};
  anchor a;
  a.first = sealed_to + 1;
  std::vector<digest> leaves;
  for (const auto& row : *rows) {
    // A seal must not bless what was altered while it waited.
    const auto hash = digest_from_hex(to_hex(row.hash));
    const bool is_next = row.sequence == a.first + static_cast<std::int64_t>(leaves.size());
    if (!is_next || !hash || !known.accepts(entry_message(row.sequence, *hash), row.made))
      return fail(errc::db_corrupt,
                  fmt::format("entry {} was altered before its seal: run vigie audit verify",
                              row.sequence));
    const auto oldest = leaves.empty() ? row.at : std::min(a.oldest, row.at);
    const auto newest = leaves.empty() ? row.at : std::max(a.newest, row.at);
    if (std::chrono::microseconds{newest - oldest} > longest_batch) break;
    a.oldest = oldest;
    a.newest = newest;
    leaves.push_back(entry_leaf(row.hash, row.made));
    a.last = row.sequence;
    a.head = *hash;
  }
  if (leaves.empty()) return fail(errc::db_corrupt, "entries are missing: run vigie audit verify");
  a.root = merkle_root(leaves);
  if (auto done = add_anchor(a, {}); !done) return done;
  sealed_to = a.last;
  unsealed_since = head.sequence > sealed_to ? options.time->mono() : 0;
  return {};
}

result<void> access_journal::core::seal_due() {
  const auto batch = static_cast<std::int64_t>(options.batch_entries);
  while (head.sequence - sealed_to >= batch)
    if (auto done = seal(options.batch_entries); !done) return done;
  const bool is_due =
      unsealed_since != 0 && options.time->mono() - unsealed_since >= to_ns(options.batch_age);
  while (is_due && head.sequence > sealed_to)
    if (auto done = seal(options.batch_entries); !done) return done;
  return {};
}

result<void> access_journal::core::prune_due() {
  const auto now = options.time->mono();
  if (last_prune != 0 && now - last_prune < to_ns(prune_every)) return {};
  const auto removed = number_of(db, "SELECT max(last_sequence) FROM anchor WHERE kind = 'prune'");
  if (!removed) return tl::unexpected{removed.error()};
  auto query = db.prepare(
      "SELECT line FROM anchor WHERE kind = 'seal' AND last_sequence > ? "
      "ORDER BY last_sequence LIMIT ?");
  if (!query) return tl::unexpected{query.error()};
  if (auto bound = query->bind(*removed, batches_per_prune); !bound) return bound;
  anchor gone;
  gone.kind = anchor_kind::prune;
  while (true) {
    const auto row = query->step();
    if (!row) return tl::unexpected{row.error()};
    if (!*row) break;
    const auto seal = parse_anchor(query->text(0));
    if (!seal || !is_signed_by(query->text(0), known))
      return fail(errc::db_corrupt, "an anchor was altered: run vigie audit verify");
    if (log_expiry(seal->oldest) > options.time->utc()) break;
    const bool is_first = gone.last == 0;
    if (is_first) gone.first = seal->first;
    gone.oldest = is_first ? seal->oldest : std::min(gone.oldest, seal->oldest);
    gone.newest = is_first ? seal->newest : std::max(gone.newest, seal->newest);
    gone.last = seal->last;
    gone.head = seal->head;
  }
  query->reset();
  if (gone.last != 0) {
    if (auto done = add_anchor(gone, "DELETE FROM entry WHERE sequence <= ?"); !done) return done;
    log::info("journal entries {} to {} are three years old and erased (LEG-33)", gone.first,
              gone.last);
  }
  last_prune = now;
  return {};
}

result<void> access_journal::core::file_anchors() {
  if (anchors_file.empty() || filed_anchors == head.anchors) return {};
  if (filed_anchors < 0) {
    const auto lines = read_anchor_lines(anchors_file);
    filed_anchors = lines ? static_cast<std::int64_t>(lines->size()) : 0;
    if (filed_anchors > head.anchors)
      log::error("{} knows {} anchors, the journal {}: run vigie audit verify",
                 anchors_file.string(), filed_anchors, head.anchors);
  }
  auto query = db.prepare("SELECT line FROM anchor WHERE number > ? ORDER BY number");
  if (!query) return tl::unexpected{query.error()};
  if (auto bound = query->bind(filed_anchors); !bound) return bound;
  std::vector<std::string> lines;
  while (true) {
    const auto row = query->step();
    if (!row) return tl::unexpected{row.error()};
    if (!*row) break;
    lines.push_back(query->get<std::string>(0));
  }
  if (auto done = append_anchor_lines(anchors_file, lines); !done) {
    filed_anchors = -1;  // some of it may have been written
    return done;
  }
  filed_anchors += static_cast<std::int64_t>(lines.size());
  return {};
}

}  // namespace vigie::journal
