// SPDX-License-Identifier: Apache-2.0
#include "incidents/schema.hpp"

#include <array>

namespace vigie::incidents {
namespace {

constexpr std::array history{
    storage::migration{1, "incidents, deliveries and what is to be told", R"(
CREATE TABLE store (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  id TEXT NOT NULL,
  last_seq INTEGER NOT NULL
) STRICT;
CREATE TABLE incident (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  commune TEXT NOT NULL,
  site TEXT NOT NULL,
  kind TEXT NOT NULL,
  origin TEXT NOT NULL,
  source TEXT NOT NULL,
  state TEXT NOT NULL,
  owner TEXT NOT NULL,
  revision INTEGER NOT NULL,
  raised_at INTEGER NOT NULL,
  entered_at INTEGER NOT NULL,
  signals INTEGER NOT NULL,
  notes INTEGER NOT NULL,
  escalations INTEGER NOT NULL,
  reopenings INTEGER NOT NULL,
  notifications INTEGER NOT NULL,
  verdict TEXT,
  verdict_author TEXT,
  verdict_reason TEXT,
  verdict_at INTEGER,
  proposed TEXT,
  notification TEXT NOT NULL,
  resumes_as TEXT
) STRICT;
CREATE INDEX incident_open ON incident (number) WHERE state <> 'closed';
CREATE TABLE logbook (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  incident TEXT NOT NULL REFERENCES incident (id),
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  what TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX logbook_of_incident ON logbook (incident, number);
CREATE TABLE delivery (
  key TEXT PRIMARY KEY,
  incident TEXT NOT NULL REFERENCES incident (id),
  kind TEXT NOT NULL,
  recipient TEXT NOT NULL,
  approved_by TEXT NOT NULL,
  approved_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  path INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  rounds INTEGER NOT NULL,
  reference TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX delivery_open ON delivery (key) WHERE state <> 'acknowledged';
CREATE INDEX delivery_of_incident ON delivery (incident);
CREATE TABLE bus_outbox (
  seq INTEGER PRIMARY KEY,
  subject TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE TABLE journal_outbox (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  authority TEXT NOT NULL,
  act INTEGER NOT NULL,
  reason TEXT NOT NULL,
  recipient TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
)"}};

}  // namespace

std::span<const storage::migration> schema() noexcept { return history; }

}  // namespace vigie::incidents
