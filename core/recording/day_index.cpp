// SPDX-License-Identifier: Apache-2.0
#include "recording/day_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>

#include "base/time_text.hpp"
#include "storage/database.hpp"
#include "storage/migrations.hpp"

namespace vigie::recording {
namespace {

namespace fs = std::filesystem;

constexpr std::array steps{storage::migration{1, "segments", R"(
CREATE TABLE camera(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE segment(
  camera INTEGER NOT NULL REFERENCES camera(id),
  start_utc_us INTEGER NOT NULL,
  end_utc_us INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  frames INTEGER NOT NULL,
  state INTEGER NOT NULL,
  codecs TEXT NOT NULL,
  width_px INTEGER NOT NULL,
  height_px INTEGER NOT NULL,
  shift_us INTEGER NOT NULL,
  PRIMARY KEY(camera, start_utc_us)) WITHOUT ROWID;
CREATE INDEX shifted ON segment(shift_us) WHERE shift_us > 0;
CREATE TABLE seal(sealed INTEGER PRIMARY KEY);
)"}};

constexpr std::string_view select_rows =
    "SELECT c.name, s.start_utc_us, s.end_utc_us, s.bytes, s.frames, s.state, s.codecs, "
    "s.width_px, s.height_px, s.shift_us FROM segment s JOIN camera c ON c.id = s.camera ";

/// SQL's own number for a state; the enum's values are what is stored.
constexpr int number_of(segment_state state) noexcept { return static_cast<int>(state); }

segment_row row_from(const storage::statement& query) {
  segment_row row;
  row.key = {camera_id{query.get<std::string>(0)}, query.get<utc_us>(1)};
  row.end_utc_us = query.get<utc_us>(2);
  row.bytes = query.get<std::uint64_t>(3);
  row.frames = query.get<std::uint64_t>(4);
  row.state = static_cast<segment_state>(query.get<int>(5));
  row.codecs = query.get<std::string>(6);
  row.width_px = query.get<std::uint32_t>(7);
  row.height_px = query.get<std::uint32_t>(8);
  row.shift_us = query.get<std::int64_t>(9);
  return row;
}

/// Runs a query to its end and turns each row into a T.
template <class T, class... Args>
result<std::vector<T>> collect(storage::database& db, std::string_view sql,
                               T (*read)(const storage::statement&), const Args&... args) {
  auto query = db.prepare(sql);
  if (!query) return tl::unexpected{query.error()};
  if (auto bound = query->bind(args...); !bound) return tl::unexpected{bound.error()};
  std::vector<T> found;
  for (;;) {
    auto row = query->step();
    if (!row) return tl::unexpected{row.error()};
    if (!*row) return found;
    found.push_back(read(*query));
  }
}

utc_day day_holding(const segment_key& key) noexcept { return day_of(key.start_utc_us); }
const segment_key& key_of(const segment_row& row) noexcept { return row.key; }
const segment_key& key_of(const segment_key& key) noexcept { return key; }

result<void> upsert(storage::database& db, const std::vector<const segment_row*>& rows) {
  auto name = db.prepare("INSERT INTO camera(name) VALUES(?) ON CONFLICT DO NOTHING");
  if (!name) return tl::unexpected{name.error()};
  auto row_of_segment = db.prepare(
      "INSERT INTO segment VALUES((SELECT id FROM camera WHERE name = ?),?,?,?,?,?,?,?,?,?) "
      "ON CONFLICT DO UPDATE SET end_utc_us = excluded.end_utc_us, bytes = excluded.bytes, "
      "frames = excluded.frames, state = excluded.state, codecs = excluded.codecs, "
      "width_px = excluded.width_px, height_px = excluded.height_px, "
      "shift_us = excluded.shift_us");
  if (!row_of_segment) return tl::unexpected{row_of_segment.error()};
  for (const auto* row : rows) {
    const auto& camera = row->key.camera.str();
    if (auto done = name->run(camera); !done) return done;
    if (auto done = row_of_segment->run(camera, row->key.start_utc_us, row->end_utc_us, row->bytes,
                                        row->frames, number_of(row->state), row->codecs,
                                        row->width_px, row->height_px, row->shift_us);
        !done)
      return done;
  }
  return db.exec("DELETE FROM seal");
}

}  // namespace

/// Open connections, the least recently used closed beyond a handful; everything under one lock:
/// statements take microseconds, and the writers' transactions are one a second.
class day_indexes::impl {
 public:
  explicit impl(const fs::path& root) : root_{root} {}

  fs::path path_of(utc_day day) const { return root_ / to_text(day) / "index.db"; }

  /// The day's database, created when absent and wanted; null when absent and not.
  result<storage::database*> open(utc_day day, bool create) {
    if (const auto known = open_.find(day); known != open_.end()) {
      known->second.used = ++uses_;
      return &known->second.db;
    }
    std::error_code ignored;
    if (!create && !fs::exists(path_of(day), ignored)) return nullptr;
    auto db = storage::database::open(path_of(day), storage::durability::normal);
    if (!db) return tl::unexpected{db.error()};
    if (auto done = storage::migrate(*db, steps); !done) return tl::unexpected{done.error()};
    if (open_.size() >= max_open)
      open_.erase(std::min_element(open_.begin(), open_.end(), [](const auto& a, const auto& b) {
        return a.second.used < b.second.used;
      }));
    return &open_.emplace(day, entry{std::move(*db), ++uses_}).first->second.db;
  }

  void close(utc_day day) { open_.erase(day); }

  /// Runs a query on a day's rows; `only`: those of this camera, null: of any.
  template <class T, class... Args>
  result<std::vector<T>> read(utc_day day, const camera_id* only, std::string_view sql,
                              T (*convert)(const storage::statement&), const Args&... args) {
    std::lock_guard lock{mutex_};
    if (auto done = write_kept(day, only); !done) return tl::unexpected{done.error()};
    auto db = open(day, false);
    if (!db) return tl::unexpected{db.error()};
    if (*db == nullptr) return std::vector<T>{};
    return collect<T>(**db, sql, convert, args...);
  }

  void keep(segment_row row) {
    std::lock_guard lock{mutex_};
    auto& slot = kept_[row.key];
    slot = std::move(row);
  }
  void forget_kept(utc_day day) {
    std::erase_if(kept_, [&](const auto& kept) { return day_holding(kept.first) == day; });
  }

  /// Runs `change(db, items)`, one transaction per day; `create` as in `open`.
  template <class T, class Change>
  result<void> write(std::span<const T> items, bool create, Change change) {
    std::map<utc_day, std::vector<const T*>> days;
    for (const auto& item : items) days[day_holding(key_of(item))].push_back(&item);
    std::lock_guard lock{mutex_};
    for (const auto& item : items) kept_.erase(key_of(item));
    result<void> outcome;
    for (const auto& [when, of_day] : days)
      if (auto done = write_day(when, of_day, create, change); !done) outcome = done;
    return outcome;
  }

  std::mutex& mutex() noexcept { return mutex_; }

 private:
  struct entry {
    storage::database db;
    std::uint64_t used = 0;
  };
  static constexpr std::size_t max_open = 8;

  template <class T, class Change>
  result<void> write_day(utc_day day, const std::vector<const T*>& items, bool create,
                         Change change) {
    auto db = open(day, create);
    if (!db) return tl::unexpected{db.error()};
    if (*db == nullptr) return {};
    auto guard = storage::transaction::begin(**db);
    if (!guard) return tl::unexpected{guard.error()};
    if (auto done = change(**db, items); !done) return done;
    return guard->commit();
  }

  /// What a reader is about to look at is brought up to date.
  result<void> write_kept(utc_day day, const camera_id* only) {
    constexpr auto first = std::numeric_limits<utc_us>::min();
    std::vector<const segment_row*> rows;
    auto at = only == nullptr ? kept_.begin() : kept_.lower_bound({*only, first});
    for (; at != kept_.end() && (only == nullptr || at->first.camera == *only); ++at)
      if (day_holding(at->first) == day) rows.push_back(&at->second);
    if (rows.empty()) return {};
    if (auto done = write_day(day, rows, true, upsert); !done) return done;
    for (const auto* row : rows) kept_.erase(segment_key{row->key});
    return {};
  }

  const fs::path& root_;
  std::mutex mutex_;
  std::map<segment_key, segment_row> kept_;  ///< of files that grow; see put_lazily
  std::map<utc_day, entry> open_;
  std::uint64_t uses_ = 0;
};

day_indexes::day_indexes(fs::path root)
    : root_{std::move(root)}, impl_{std::make_unique<impl>(root_)} {}
day_indexes::~day_indexes() = default;

result<void> day_indexes::put(std::span<const segment_row> rows) {
  return impl_->write(rows, true, upsert);
}

void day_indexes::put_lazily(segment_row row) { impl_->keep(std::move(row)); }

result<void> day_indexes::erase(std::span<const segment_key> keys) {
  const auto change = [](storage::database& db,
                         const std::vector<const segment_key*>& items) -> result<void> {
    auto statement = db.prepare(
        "DELETE FROM segment WHERE camera = (SELECT id FROM camera WHERE name = ?) "
        "AND start_utc_us = ?");
    if (!statement) return tl::unexpected{statement.error()};
    for (const auto* key : items)
      if (auto done = statement->run(key->camera.str(), key->start_utc_us); !done) return done;
    return {};
  };
  return impl_->write(keys, false, change);
}

result<void> day_indexes::mark_erasing(std::span<const segment_key> keys) {
  const auto change = [](storage::database& db,
                         const std::vector<const segment_key*>& items) -> result<void> {
    auto statement = db.prepare(
        "UPDATE segment SET state = ? WHERE camera = (SELECT id FROM camera WHERE name = ?) "
        "AND start_utc_us = ?");
    if (!statement) return tl::unexpected{statement.error()};
    for (const auto* key : items)
      if (auto done = statement->run(number_of(segment_state::erasing), key->camera.str(),
                                     key->start_utc_us);
          !done)
        return done;
    return {};
  };
  return impl_->write(keys, false, change);
}

result<std::vector<segment_row>> day_indexes::find(const camera_id& camera, utc_us from, utc_us to,
                                                   std::size_t limit) {
  std::vector<segment_row> found;
  // A segment of the day before may reach into the first day.
  const auto first = day_of(start_of(day_of(from)) - 1);
  for (const auto day : days()) {
    if (day < first || start_of(day) >= to || found.size() >= limit) continue;
    auto rows = impl_->read<segment_row>(
        day, &camera,
        std::string{select_rows} +
            "WHERE s.camera = (SELECT id FROM camera WHERE name = ?) AND s.start_utc_us < ? "
            "AND s.end_utc_us > ? AND s.state <> ? ORDER BY s.start_utc_us LIMIT ?",
        row_from, camera.str(), to, from, number_of(segment_state::erasing), limit - found.size());
    if (!rows) return rows;
    std::move(rows->begin(), rows->end(), std::back_inserter(found));
  }
  return found;
}

result<std::optional<segment_row>> day_indexes::find(const segment_key& key) {
  auto rows = impl_->read<segment_row>(
      day_holding(key), &key.camera,
      std::string{select_rows} +
          "WHERE s.camera = (SELECT id FROM camera WHERE name = ?) AND s.start_utc_us = ?",
      row_from, key.camera.str(), key.start_utc_us);
  if (!rows) return tl::unexpected{rows.error()};
  if (rows->empty()) return std::nullopt;
  return std::move(rows->front());
}

result<utc_us> day_indexes::newest_end(const camera_id& camera, utc_us now) {
  constexpr utc_us us_per_day = 86'400'000'000;
  utc_us newest = 0;
  for (const auto offset : {-us_per_day, utc_us{0}, us_per_day}) {
    auto ends = impl_->read<utc_us>(
        day_of(now + offset), &camera,
        "SELECT end_utc_us FROM segment WHERE camera = (SELECT id FROM camera WHERE name = ?) "
        "ORDER BY start_utc_us DESC LIMIT 1",
        +[](const storage::statement& query) { return query.get<utc_us>(0); }, camera.str());
    if (!ends) return tl::unexpected{ends.error()};
    if (!ends->empty()) newest = std::max(newest, ends->front());
  }
  return newest;
}

result<std::vector<segment_row>> day_indexes::rows_of(utc_day day) {
  return impl_->read<segment_row>(
      day, nullptr, std::string{select_rows} + "ORDER BY c.name, s.start_utc_us", row_from);
}

result<std::vector<camera_id>> day_indexes::cameras_of(utc_day day) {
  return impl_->read<camera_id>(
      day, nullptr, "SELECT name FROM camera ORDER BY name",
      +[](const storage::statement& query) { return camera_id{query.get<std::string>(0)}; });
}

result<std::vector<segment_row>> day_indexes::oldest_of(utc_day day, const camera_id& camera,
                                                        std::size_t limit) {
  return impl_->read<segment_row>(
      day, &camera,
      std::string{select_rows} +
          "WHERE s.camera = (SELECT id FROM camera WHERE name = ?) AND s.state <> ? "
          "ORDER BY s.start_utc_us LIMIT ?",
      row_from, camera.str(), number_of(segment_state::erasing), limit);
}

result<std::vector<segment_row>> day_indexes::in_state(utc_day day, segment_state state) {
  return impl_->read<segment_row>(
      day, nullptr, std::string{select_rows} + "WHERE s.state = ? ORDER BY c.name, s.start_utc_us",
      row_from, number_of(state));
}

result<std::vector<segment_row>> day_indexes::shifted_of(utc_day day) {
  return impl_->read<segment_row>(
      day, nullptr,
      std::string{select_rows} +
          "WHERE s.shift_us > 0 AND s.state <> ? ORDER BY c.name, s.start_utc_us",
      row_from, number_of(segment_state::erasing));
}

result<index_totals> day_indexes::totals_of(utc_day day) {
  auto sums = impl_->read<index_totals>(
      day, nullptr, "SELECT count(*), sum(bytes), sum(frames) FROM segment WHERE state <> ?",
      +[](const storage::statement& query) {
        return index_totals{query.get<std::uint64_t>(0), query.get<std::uint64_t>(1),
                            query.get<std::uint64_t>(2)};
      },
      number_of(segment_state::erasing));
  if (!sums) return tl::unexpected{sums.error()};
  return sums->empty() ? index_totals{} : sums->front();
}

std::vector<utc_day> day_indexes::days() const {
  std::vector<utc_day> found;
  std::error_code code;
  for (fs::directory_iterator entry{root_, code}, end; !code && entry != end;
       entry.increment(code)) {
    const auto day = day_from_text(entry->path().filename().string());
    std::error_code ignored;
    if (day && fs::exists(impl_->path_of(*day), ignored)) found.push_back(*day);
  }
  std::sort(found.begin(), found.end());
  return found;
}

result<bool> day_indexes::is_sealed(utc_day day) {
  auto seals = impl_->read<int>(
      day, nullptr, "SELECT sealed FROM seal",
      +[](const storage::statement& query) { return query.get<int>(0); });
  if (!seals) return tl::unexpected{seals.error()};
  return !seals->empty();
}

result<void> day_indexes::seal(utc_day day) {
  std::lock_guard lock{impl_->mutex()};
  auto db = impl_->open(day, true);
  if (!db) return tl::unexpected{db.error()};
  return (*db)->exec("INSERT OR IGNORE INTO seal VALUES(1)");
}

result<void> day_indexes::check(utc_day day) {
  std::lock_guard lock{impl_->mutex()};
  auto db = impl_->open(day, false);
  if (!db) return tl::unexpected{db.error()};
  if (*db == nullptr) return fail(errc::not_found, "no index for " + to_text(day));
  return (*db)->check_integrity();
}

result<void> day_indexes::drop(utc_day day) {
  std::lock_guard lock{impl_->mutex()};
  impl_->close(day);
  impl_->forget_kept(day);
  const auto path = impl_->path_of(day).string();
  // The write-ahead files first: left behind, they would be applied to a later index of that name.
  for (const auto* suffix : {"-wal", "-shm", ""}) {
    std::error_code code;
    fs::remove(path + suffix, code);
    if (code)
      return fail(errc::disk_failed, fmt::format("remove {}{}: {}", path, suffix, code.message()));
  }
  return {};
}

}  // namespace vigie::recording
