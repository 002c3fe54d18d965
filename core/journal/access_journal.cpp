// SPDX-License-Identifier: Apache-2.0
#include "journal/access_journal.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "journal/detail/journal_core.hpp"
#include "journal/schema.hpp"

namespace vigie::journal {
namespace {

constexpr std::array all_verbs{access_verb::collection,    access_verb::modification,
                               access_verb::consultation,  access_verb::communication,
                               access_verb::erasure,       access_verb::verdict,
                               access_verb::configuration, access_verb::exercise};

const clock& machine_clock() {
  static const system_clock time;
  return time;
}

bool is_blank(std::string_view text) noexcept {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool shows_images(access_verb v) noexcept {
  return v == access_verb::consultation || v == access_verb::communication;
}

result<void> check(const access_entry& e) {
  if (is_blank(e.reason)) return fail(errc::reason_missing, "LEG-33: no reason was given");
  if (is_blank(e.author)) return fail(errc::access_denied, "LEG-33: the author is unknown");
  if (e.authority.empty())
    return fail(errc::access_denied, "LEG-03: the viewing authority is unknown");
  if (shows_images(e.verb) && !e.purpose)
    return fail(errc::access_denied, "LEG-10: no purpose was given");
  for (const auto* text :
       {&e.author, &e.authority.str(), &e.camera.str(), &e.reason, &e.recipient, &e.detail})
    if (text->size() > longest_text)
      return fail(errc::config_invalid,
                  fmt::format("a journal entry's text may have {} bytes", longest_text));
  return {};
}

stored_entry to_stored(const access_entry& e, std::int64_t sequence) {
  stored_entry s;
  s.sequence = sequence;
  s.origin = static_cast<std::int64_t>(entry_origin::written);
  s.at = e.at;
  s.verb = name_of(e.verb);
  s.author = e.author;
  s.authority = e.authority.str();
  s.camera = e.camera.str();
  if (e.purpose) s.purpose = domain::name_of(*e.purpose);
  s.reason = e.reason;
  if (e.interval) {
    s.from = e.interval->from;
    s.to = e.interval->to;
  }
  s.recipient = e.recipient;
  s.detail = e.detail;
  return s;
}

result<recorded_entry> to_recorded(stored_entry s) {
  recorded_entry r;
  r.sequence = s.sequence;
  r.is_imported = s.origin == static_cast<std::int64_t>(entry_origin::imported);
  auto& e = r.entry;
  e.at = s.at;
  e.author = std::move(s.author);
  e.authority = commune_id{std::move(s.authority)};
  const auto verb = verb_from(s.verb);
  e.camera = camera_id{std::move(s.camera)};
  if (!s.purpose.empty()) e.purpose = domain::purpose_from(s.purpose);
  if (!verb || e.purpose.has_value() == s.purpose.empty())
    return fail(errc::db_corrupt,
                fmt::format("journal entry {} holds an unknown word", r.sequence));
  e.verb = *verb;
  e.reason = std::move(s.reason);
  if (s.from && s.to) e.interval = image_interval{*s.from, *s.to};
  e.recipient = std::move(s.recipient);
  e.detail = std::move(s.detail);
  return r;
}

}  // namespace

std::string_view name_of(access_verb v) noexcept {
  switch (v) {
    case access_verb::collection:
      return "collection";
    case access_verb::modification:
      return "modification";
    case access_verb::consultation:
      return "consultation";
    case access_verb::communication:
      return "communication";
    case access_verb::erasure:
      return "erasure";
    case access_verb::verdict:
      return "verdict";
    case access_verb::configuration:
      return "configuration";
    case access_verb::exercise:
      return "exercise";
  }
  return "unknown";
}

std::optional<access_verb> verb_from(std::string_view name) noexcept {
  for (const auto v : all_verbs)
    if (name_of(v) == name) return v;
  return std::nullopt;
}

access_journal::access_journal(std::unique_ptr<core> c) : core_{std::move(c)} {}
access_journal::access_journal(access_journal&&) noexcept = default;
access_journal& access_journal::operator=(access_journal&&) noexcept = default;
access_journal::~access_journal() = default;

result<access_journal> access_journal::open(const std::filesystem::path& file,
                                            journal_options options) {
  auto db = storage::database::open(file, storage::durability::full);
  if (!db) return tl::unexpected{db.error()};
  const auto folder = file.parent_path();
  auto key = signing_key::load_or_create(folder / "journal.key", folder / "journal.pub");
  if (!key) return tl::unexpected{key.error()};
  trusted_keys known;
  (void)known.add_file(folder / "journal.pub");  // without it, the present key alone
  return build(*std::move(db), *std::move(key), options, std::move(known),
               folder / "journal.anchors");
}

result<access_journal> access_journal::over(storage::database db, signing_key key,
                                            journal_options options, std::string_view known_pem) {
  trusted_keys known;
  (void)known.add_pem(known_pem);
  return build(std::move(db), std::move(key), options, std::move(known), {});
}

result<access_journal> access_journal::build(storage::database db, signing_key key,
                                             journal_options options, trusted_keys known,
                                             std::filesystem::path anchors_file) {
  if (options.time == nullptr) options.time = &machine_clock();
  if (auto ok = known.add_pem(key.public_pem()); !ok) return tl::unexpected{ok.error()};
  // What three years have erased must not linger in free pages.
  if (auto done = db.exec("PRAGMA secure_delete=ON"); !done) return tl::unexpected{done.error()};
  if (auto done = prepare_schema(db, key); !done) return tl::unexpected{done.error()};
  auto insert = db.prepare(
      fmt::format("INSERT INTO entry ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  stored_columns));
  if (!insert) return tl::unexpected{insert.error()};
  auto put_head = db.prepare("INSERT OR REPLACE INTO head (one, line) VALUES (1, ?)");
  if (!put_head) return tl::unexpected{put_head.error()};
  auto select =
      db.prepare(fmt::format("SELECT {} FROM entry WHERE at_us >= ? AND at_us < ? AND sequence > ? "
                             "ORDER BY sequence LIMIT ?",
                             stored_columns));
  if (!select) return tl::unexpected{select.error()};
  auto c = std::unique_ptr<core>{new core{{},
                                          std::move(db),
                                          std::move(key),
                                          std::move(known),
                                          options,
                                          std::move(anchors_file),
                                          *std::move(insert),
                                          *std::move(put_head),
                                          *std::move(select)}};
  if (auto done = c->load(); !done) return tl::unexpected{done.error()};
  return access_journal{std::move(c)};
}

result<void> access_journal::core::write_head(const log_head& next) {
  return put_head.run(to_line(next, key));
}

result<std::int64_t> access_journal::append(const access_entry& e) {
  if (auto valid = check(e); !valid) return tl::unexpected{valid.error()};
  std::lock_guard lock{core_->mutex};
  auto& c = *core_;
  if (!c.is_head_known)
    if (auto done = c.load(); !done) return tl::unexpected{done.error()};
  auto row = to_stored(e, c.head.sequence + 1);
  auto next = c.head;
  next.sequence = row.sequence;
  next.hash = chain_hash(c.head.hash, row);
  const auto made = c.key.sign(entry_message(row.sequence, next.hash));
  const auto write = [&]() -> result<void> {
    auto guard = storage::transaction::begin(c.db);
    if (!guard) return tl::unexpected{guard.error()};
    auto done = c.insert.run(row.sequence, row.origin, row.at, row.verb, row.author, row.authority,
                             row.camera, row.purpose, row.reason, row.from, row.to, row.recipient,
                             row.detail, byte_view{next.hash}, byte_view{made});
    if (!done) return done;
    if (done = c.write_head(next); !done) return done;
    return guard->commit();
  };
  if (auto done = write(); !done) {
    // A commit that failed may yet have happened: the file is asked before the next entry.
    c.is_head_known = false;
    return tl::unexpected{done.error()};
  }
  c.head = next;
  if (c.unsealed_since == 0) c.unsealed_since = c.options.time->mono();
  return row.sequence;
}

result<std::vector<recorded_entry>> access_journal::query(const journal_query& which) {
  std::lock_guard lock{core_->mutex};
  auto& select = core_->select;
  if (auto bound = select.bind(which.from, which.to, which.after_sequence, which.limit); !bound)
    return tl::unexpected{bound.error()};
  std::vector<recorded_entry> found;
  while (true) {
    auto row = select.step();
    if (!row) return tl::unexpected{row.error()};
    if (!*row) break;
    auto entry = to_recorded(read_stored(select));
    if (!entry) {
      select.reset();
      return tl::unexpected{entry.error()};
    }
    found.push_back(*std::move(entry));
  }
  select.reset();
  return found;
}

result<void> access_journal::maintain() {
  std::lock_guard lock{core_->mutex};
  auto& c = *core_;
  if (!c.is_head_known)
    if (auto done = c.load(); !done) return done;
  const auto sealed = c.seal_due();
  const auto pruned = c.prune_due();
  const auto filed = c.file_anchors();
  if (!sealed) return sealed;
  return pruned ? filed : pruned;
}

}  // namespace vigie::journal
