// SPDX-License-Identifier: Apache-2.0
#include "journal/audit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "journal/anchor.hpp"
#include "journal/entry_bytes.hpp"
#include "journal/log_years.hpp"
#include "journal/merkle.hpp"

namespace vigie::journal {
namespace {

constexpr int chained_schema = 2;

/// What the anchors say, once believed.
struct believed_anchors {
  std::vector<anchor> seals;  ///< of good signature, in order
  std::vector<std::string> lines;
  digest pruned_head{};  ///< hash of the last pruned entry
};

struct leaf_row {
  std::int64_t sequence = 0;
  digest hash{};
  std::vector<std::uint8_t> made;
};

/// One audit: anchors, then entries, then the end.
class auditor {
 public:
  auditor(storage::database& db, const trusted_keys& keys) : db_{db}, keys_{keys} {}

  result<audit_verdict> run(const std::optional<std::vector<std::string>>& copy) {
    if (auto done = read_head(); !done) return tl::unexpected{done.error()};
    if (auto done = read_anchors(); !done) return tl::unexpected{done.error()};
    check_last_anchor();
    if (copy) compare(*copy);
    if (auto done = walk_entries(); !done) return tl::unexpected{done.error()};
    std::stable_partition(v_.findings.begin(), v_.findings.end(), [](const auto& f) {
      return f.anchor == 0 && f.what != audit_what::altered_head;
    });
    for (auto& f : v_.findings)
      if (f.what == audit_what::altered_head) f.first = f.last = last_ + 1;
    return std::move(v_);
  }

 private:
  void find(audit_finding f) { v_.findings.push_back(std::move(f)); }
  bool is_entry(std::int64_t sequence, const digest& hash, byte_view made) const {
    return keys_.accepts(entry_message(sequence, hash), made);
  }

  result<void> read_head() {
    auto query = db_.prepare("SELECT line FROM head");
    if (!query) return tl::unexpected{query.error()};
    const auto row = query->step();
    if (!row) return tl::unexpected{row.error()};
    const std::string line = *row ? query->get<std::string>(0) : std::string{};
    head_ = parse_head(line);
    if (head_ && !is_signed_by(line, keys_)) head_.reset();
    if (!head_)
      find({audit_what::altered_head, 0, 0, 0,
            *row ? "the signed end of the log is not signed by a trusted key"
                 : "the signed end of the log is gone"});
    else
      v_.last = head_->sequence;
    return {};
  }

  result<void> read_anchors() {
    auto query = db_.prepare(
        "SELECT number, kind, first_sequence, last_sequence, line FROM anchor ORDER BY number");
    if (!query) return tl::unexpected{query.error()};
    bool is_told = false;
    digest previous{};
    while (true) {
      const auto row = query->step();
      if (!row) return tl::unexpected{row.error()};
      if (!*row) break;
      const auto number = query->integer(0);
      const std::string line{query->text(4)};
      const auto expected = v_.anchors + 1;
      const auto a = parse_anchor(line);
      const bool is_ours = a && is_signed_by(line, keys_) && a->number == number &&
                           name_of(a->kind) == query->text(1) && a->first == query->integer(2) &&
                           a->last == query->integer(3);
      if (!is_told && number != expected) {
        is_told = true;
        find({audit_what::missing_anchor, 0, 0, expected,
              fmt::format("anchor {} is missing", expected)});
      } else if (!is_told && !is_ours) {
        is_told = true;
        find({audit_what::altered_anchor, query->integer(2), query->integer(3), number,
              fmt::format("anchor {} is not what a trusted key signed", number)});
      } else if (!is_told && a->previous != previous) {
        is_told = true;
        find({audit_what::altered_anchor, a->first, a->last, number,
              fmt::format("anchor {} does not follow the anchor before it", number)});
      }
      if (is_ours)
        is_told = !believe(*a, is_told);
      else if (query->text(1) == name_of(anchor_kind::prune))
        skip_pruned(query->integer(3));
      previous = hash_of_line(line);
      believed_.lines.push_back(line);
      v_.anchors = number;
    }
    return {};
  }

  /// False: a finding was made, now or before.
  bool believe(const anchor& a, bool is_told) {
    if (a.kind == anchor_kind::seal) {
      const auto expected = believed_.seals.empty() ? 1 : believed_.seals.back().last + 1;
      believed_.seals.push_back(a);
      if (is_told || a.first == expected) return !is_told;
      find(
          {audit_what::altered_anchor, a.first, a.last, a.number,
           fmt::format("anchor {} seals from entry {}, {} was next", a.number, a.first, expected)});
      return false;
    }
    v_.pruned_to = a.last;
    believed_.pruned_head = a.head;
    for (const auto& s : believed_.seals)
      if (s.first >= a.first && s.last <= a.last && log_expiry(s.oldest) > a.at && !is_told) {
        find({audit_what::altered_anchor, s.first, s.last, a.number,
              fmt::format("anchor {} removed entries before their three years", a.number)});
        is_told = true;
      }
    return !is_told;
  }

  /// An altered prune anchor is a finding; that its entries are gone as well is not a second one.
  void skip_pruned(std::int64_t last) {
    for (const auto& s : believed_.seals)
      if (s.last == last) {
        v_.pruned_to = last;
        believed_.pruned_head = s.head;
      }
  }

  void check_last_anchor() {
    const bool is_told = std::any_of(v_.findings.begin(), v_.findings.end(),
                                     [](const auto& f) { return f.anchor != 0; });
    if (!head_ || is_told) return;
    if (v_.anchors < head_->anchors)
      find({audit_what::missing_anchor, 0, 0, v_.anchors + 1,
            fmt::format("anchor {} is missing", v_.anchors + 1)});
    else if (v_.anchors > head_->anchors)
      find({audit_what::altered_anchor, 0, 0, head_->anchors + 1,
            fmt::format("anchor {} lies behind the signed end of the log", head_->anchors + 1)});
    else if (v_.anchors > 0 && hash_of_line(believed_.lines.back()) != head_->anchor_hash)
      find({audit_what::altered_anchor, 0, 0, v_.anchors,
            fmt::format("anchor {} is not the one the log ended with", v_.anchors)});
  }

  void compare(const std::vector<std::string>& copy) {
    for (std::size_t i = 0; i < copy.size(); ++i) {
      const auto number = static_cast<std::int64_t>(i) + 1;
      if (i < believed_.lines.size() && believed_.lines[i] == copy[i]) continue;
      // A copy that is itself damaged accuses nobody.
      const bool is_signed = parse_anchor(copy[i]) && is_signed_by(copy[i], keys_);
      find({i < believed_.lines.size() || !is_signed ? audit_what::altered_anchor
                                                     : audit_what::missing_anchor,
            0, 0, number,
            is_signed ? fmt::format("the copy of the anchors has another anchor {}", number)
                      : fmt::format("line {} of the copy of the anchors was altered", number)});
      return;
    }
  }

  result<void> walk_entries() {
    auto query = db_.prepare(fmt::format("SELECT {} FROM entry ORDER BY sequence", stored_columns));
    if (!query) return tl::unexpected{query.error()};
    auto seal = std::find_if(believed_.seals.begin(), believed_.seals.end(),
                             [this](const anchor& s) { return s.first > v_.pruned_to; });
    last_ = v_.pruned_to;
    previous_ = believed_.pruned_head;
    while (true) {
      const auto row = query->step();
      if (!row) return tl::unexpected{row.error()};
      if (!*row) break;
      const auto e = read_stored(*query);
      ++v_.entries;
      if (e.origin == static_cast<std::int64_t>(entry_origin::imported)) ++v_.imported;
      while (seal != believed_.seals.end() && seal->last < e.sequence) ++seal;
      if (seal != believed_.seals.end() && e.sequence == seal->first) batch_.clear();
      const bool is_sealed = seal != believed_.seals.end() && e.sequence >= seal->first;
      if (!take(e, is_sealed)) return {};
      if (is_sealed && e.sequence == seal->last && !close(*seal)) return {};
    }
    check_end();
    return {};
  }

  /// False: bad, and told.
  bool take(const stored_entry& e, bool is_sealed) {
    if (e.sequence <= v_.pruned_to) {
      find({audit_what::surplus_entry, e.sequence, e.sequence, 0,
            fmt::format("entry {} is there although it was pruned", e.sequence)});
      return false;
    }
    if (e.sequence != last_ + 1) {
      // Whoever renumbers rows to fill a hole shows where it was by their signatures.
      if (blame_unsigned()) return false;
      find({audit_what::missing_entry, last_ + 1, e.sequence - 1, 0,
            fmt::format("entry {} is missing", last_ + 1)});
      return false;
    }
    if (head_ && e.sequence > head_->sequence) {
      if (blame_unsigned()) return false;
      find({audit_what::surplus_entry, e.sequence, e.sequence, 0,
            fmt::format("entry {} lies behind the signed end of the log", e.sequence)});
      return false;
    }
    const auto stored = digest_from_hex(to_hex(e.hash));
    if (!stored || chain_hash(previous_, e) != *stored) {
      if (blame_unsigned()) return false;
      find(
          {audit_what::altered_entry, e.sequence, e.sequence, 0,
           fmt::format("entry {}: its content does not give the hash stored with it", e.sequence)});
      return false;
    }
    if (!is_sealed && !is_entry(e.sequence, *stored, e.made)) {
      find({audit_what::altered_entry, e.sequence, e.sequence, 0,
            fmt::format("entry {}: no trusted key signed its hash", e.sequence)});
      return false;
    }
    if (is_sealed) batch_.push_back({e.sequence, *stored, e.made});
    last_ = e.sequence;
    previous_ = *stored;
    return true;
  }

  /// At the end of a sealed batch. False: it is not what was sealed, and told.
  bool close(const anchor& seal) {
    std::vector<digest> leaves;
    for (const auto& row : batch_) leaves.push_back(entry_leaf(row.hash, row.made));
    if (previous_ == seal.head && !leaves.empty() && merkle_root(leaves) == seal.root) {
      v_.sealed_to = seal.last;
      batch_.clear();
      return true;
    }
    if (blame_unsigned()) return false;
    find({audit_what::altered_entry, seal.first, seal.last, 0,
          fmt::format("entries {} to {} are not those that anchor {} sealed", seal.first, seal.last,
                      seal.number)});
    return false;
  }

  /// Names the first entry of the open batch that nobody signed: one rewritten together with its
  /// hash, which the chain alone would only notice one entry later.
  bool blame_unsigned() {
    for (const auto& row : batch_)
      if (!is_entry(row.sequence, row.hash, row.made)) {
        find({audit_what::altered_entry, row.sequence, row.sequence, 0,
              fmt::format("entry {}: no trusted key signed its hash", row.sequence)});
        return true;
      }
    return false;
  }

  void check_end() {
    const auto sealed = believed_.seals.empty() ? 0 : believed_.seals.back().last;
    const auto end = std::max(head_ ? head_->sequence : 0, sealed);
    if (last_ < end) {
      if (blame_unsigned()) return;
      find({audit_what::missing_entry, last_ + 1, end, 0,
            fmt::format("entry {} is missing: the log ended at {}", last_ + 1, end)});
    } else if (head_ && previous_ != head_->hash) {
      find({audit_what::altered_entry, last_, last_, 0,
            fmt::format("entry {} is not the one the log ended with", last_)});
    }
  }

  storage::database& db_;
  const trusted_keys& keys_;
  audit_verdict v_;
  std::optional<log_head> head_;
  believed_anchors believed_;
  std::vector<leaf_row> batch_;  ///< rows of the open sealed batch
  std::int64_t last_ = 0;
  digest previous_{};
};

}  // namespace

std::string_view name_of(audit_what w) noexcept {
  switch (w) {
    case audit_what::missing_entry:
      return "missing_entry";
    case audit_what::altered_entry:
      return "altered_entry";
    case audit_what::surplus_entry:
      return "surplus_entry";
    case audit_what::missing_anchor:
      return "missing_anchor";
    case audit_what::altered_anchor:
      return "altered_anchor";
    case audit_what::altered_head:
      return "altered_head";
  }
  return "unknown";
}

result<storage::database> open_for_audit(const std::filesystem::path& file) {
  std::error_code code;
  if (!std::filesystem::exists(file, code)) return fail(errc::not_found, "no " + file.string());
  storage::open_options options{storage::durability::full, true};
  auto db = storage::database::open(file, options);
  auto write_ahead = file;
  write_ahead += "-wal";
  if (!db && db.error().code == errc::db_failed && !std::filesystem::exists(write_ahead, code)) {
    // A read-only medium: SQLite cannot place its shared-memory file there, and needs none.
    options.immutable = true;
    db = storage::database::open(file, options);
  }
  if (!db) return db;
  const auto version = db->user_version();
  if (!version) return tl::unexpected{version.error()};
  if (*version != chained_schema)
    return fail(errc::db_failed,
                fmt::format("{} has schema {}; {} is the one that can be checked (a centre that "
                            "starts brings its journal there)",
                            file.string(), *version, chained_schema));
  return db;
}

result<audit_verdict> audit(storage::database& db, const trusted_keys& keys,
                            const std::optional<std::vector<std::string>>& copy) {
  if (auto begun = db.exec("SAVEPOINT audit"); !begun) return tl::unexpected{begun.error()};
  auto verdict = auditor{db, keys}.run(copy);
  (void)db.exec("RELEASE audit");
  return verdict;
}

}  // namespace vigie::journal
