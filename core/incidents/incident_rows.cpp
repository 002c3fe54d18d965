// SPDX-License-Identifier: Apache-2.0
#include "incidents/incident_rows.hpp"

#include <algorithm>
#include <string>

#include "domain/incident_archive.hpp"

namespace vigie::incidents {
namespace {

using namespace domain;

template <class Value>
std::optional<std::string> word(const std::optional<Value>& value) {
  if (!value) return std::nullopt;
  return std::string{name_of(*value)};
}

/// `from` reads the word of a column that may be NULL; `is_right` becomes false for an unknown one.
template <class From>
auto value_in(const storage::statement& row, int column, From from, bool& is_right) {
  decltype(from(std::string_view{})) value;
  if (row.is_null(column)) return value;
  value = from(row.text(column));
  is_right = is_right && value.has_value();
  return value;
}

}  // namespace

result<void> write_incident(storage::statement& upsert, const incident_row& row) {
  const auto& i = row.what;
  std::optional<std::string> verdict, author, reason;
  std::optional<std::int64_t> at;
  if (i.verdict) {
    verdict = name_of(i.verdict->kind());
    author = i.verdict->author();
    reason = i.verdict->reason();
    at = i.verdict->at_utc_us();
  }
  return upsert.run(i.id.str(), i.commune.str(), i.site.str(), name_of(i.kind), name_of(i.origin),
                    i.source, name_of(i.state), i.owner, i.revision, i.raised_utc_us,
                    row.entered_utc_us, i.signals, i.notes, i.escalations, i.reopenings,
                    i.notifications, verdict, author, reason, at, word(i.proposed), i.notification,
                    word(i.resumes_as));
}

std::optional<incident> read_incident(const storage::statement& row, instant now) {
  incident i;
  i.id = incident_id{row.get<std::string>(0)};
  i.commune = commune_id{row.get<std::string>(1)};
  i.site = site_id{row.get<std::string>(2)};
  const auto kind = incident_kind_from(row.text(3));
  const auto origin = incident_origin_from(row.text(4));
  const auto state = incident_state_from(row.text(6));
  if (!kind || !origin || !state) return std::nullopt;
  i.kind = *kind;
  i.origin = *origin;
  i.source = row.text(5);
  i.state = *state;
  i.owner = row.text(7);
  i.revision = row.get<std::uint64_t>(8);
  i.raised_utc_us = row.integer(9);
  const auto mono_of = [&](utc_us at) {
    return now.mono - std::max<utc_us>(now.utc - at, 0) * 1000;
  };
  i.raised_mono_ns = mono_of(i.raised_utc_us);
  i.entered_mono_ns = mono_of(row.integer(10));
  i.signals = row.get<std::uint64_t>(11);
  i.notes = row.get<std::uint32_t>(12);
  i.escalations = row.get<std::uint32_t>(13);
  i.reopenings = row.get<std::uint32_t>(14);
  i.notifications = row.get<std::uint32_t>(15);
  bool is_right = true;
  const auto verdict = value_in(row, 16, verdict_kind_from, is_right);
  std::optional<kept_verdict> kept;
  if (verdict)
    kept =
        kept_verdict{*verdict, row.get<std::string>(17), row.get<std::string>(18), row.integer(19)};
  i.proposed = value_in(row, 20, recipient_kind_from, is_right);
  i.notification = row.text(21);
  i.resumes_as = value_in(row, 22, incident_state_from, is_right);
  if (!is_right) return std::nullopt;
  return incident_archive::read_back(std::move(i), std::move(kept));
}

}  // namespace vigie::incidents
