// SPDX-License-Identifier: Apache-2.0
#include "bus/event_register.hpp"

#include <limits>
#include <utility>

#include "base/log.hpp"
#include "bus/codec.hpp"

namespace vigie::bus {
namespace {

constexpr std::uint32_t default_limit = 100;
/// As many as are kept: rows are read one by one, as far as they are needed.
constexpr std::int64_t most_rows = 100'000;
/// Around the events of a reply: the envelope and the longest correlation.
constexpr std::size_t envelope_bytes = 1000;

}  // namespace

event_register::event_register(storage::database db, storage::statement find,
                               storage::statement select)
    : db_{std::move(db)}, find_{std::move(find)}, select_{std::move(select)} {}

result<event_register> event_register::open(const std::filesystem::path& file) {
  storage::open_options options;
  options.read_only = true;
  auto db = storage::database::open(file, options);
  if (!db) return tl::unexpected{db.error()};
  auto find = db->prepare("SELECT row_number FROM event_register WHERE event_id = ?");
  if (!find) return tl::unexpected{find.error()};
  auto select = db->prepare(
      "SELECT event_id, body FROM event_register WHERE row_number < ? AND born_at >= ?"
      " ORDER BY row_number DESC LIMIT ?");
  if (!select) return tl::unexpected{select.error()};
  return event_register{*std::move(db), *std::move(find), *std::move(select)};
}

result<std::int64_t> event_register::row_of(const std::string& event_id) {
  if (auto bound = find_.bind(event_id); !bound) return tl::unexpected{bound.error()};
  const auto row = find_.step();
  if (!row) return tl::unexpected{row.error()};
  const auto number = *row ? find_.get<std::int64_t>(0) : 0;
  find_.reset();
  return number;
}

result<events_reply> event_register::recent(
    const events_recent_request& ask, const std::function<bool(const event_message&)>& is_for) {
  const auto limit = ask.limit.value_or(default_limit);
  result<std::int64_t> below = std::numeric_limits<std::int64_t>::max();
  if (ask.before) below = row_of(*ask.before);
  if (!below) return tl::unexpected{below.error()};
  const auto since = ask.since.value_or(std::numeric_limits<utc_us>::min());
  if (auto bound = select_.bind(*below, since, most_rows); !bound)
    return tl::unexpected{bound.error()};
  events_reply found;
  found.correlation = ask.correlation;
  std::size_t bytes = envelope_bytes;
  while (true) {
    const auto row = select_.step();
    if (!row) return tl::unexpected{row.error()};
    if (!*row) break;
    const auto body = select_.text(1);
    auto event = decode<event_message>(body);
    if (!event) {
      log::error("event {} of the register cannot be read: {}", select_.text(0),
                 to_string(event.error()));
      continue;
    }
    if (!is_for(*event)) continue;
    bytes += body.size() + 1;
    found.more = found.events.size() == limit || bytes > max_reply_bytes;
    if (found.more) break;
    found.events.push_back(*std::move(event));
  }
  select_.reset();
  return found;
}

}  // namespace vigie::bus
