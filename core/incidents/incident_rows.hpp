// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/result.hpp"
#include "incidents/rows.hpp"
#include "storage/statement.hpp"

// Incidents as rows of the store. The only code that reads a verdict back. Private to this room.
namespace vigie::incidents {

/// Every column of an incident but its number, in the order `read_incident` expects.
inline constexpr std::string_view incident_columns =
    "id, commune, site, kind, origin, source, state, owner, revision, raised_at, entered_at,"
    " signals, notes, escalations, reopenings, notifications, verdict, verdict_author,"
    " verdict_reason, verdict_at, proposed, notification, resumes_as";

/// Binds and runs an upsert of `incident_columns`.
result<void> write_incident(storage::statement& upsert, const incident_row& row);
/// The present row of a query of `incident_columns`. Monotonic times count from `now`; a state that
/// seems to begin in the future (the clock was set back) begins now. Empty: the row was altered.
std::optional<domain::incident> read_incident(const storage::statement& row, domain::instant now);

}  // namespace vigie::incidents
