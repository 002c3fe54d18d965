// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/camera_health_machine.hpp"
#include "domain/incident.hpp"
#include "incidents/delivery.hpp"

// What the incident store keeps, as plain values.
namespace vigie::incidents {

/// A line of an incident's logbook: numbered, never changed.
struct logbook_line {
  std::int64_t number = 0;  ///< given by the store
  domain::incident_id incident;
  utc_us at = 0;
  std::string author;  ///< empty: the centre itself
  std::string what;    ///< "raised", "moved", "note", "help_wanted", "notification", "remark"
  std::string from;    ///< states, where it moved
  std::string to;
  std::string text;
};

/// A message for the bus; the store's own numbers have no hole.
struct bus_row {
  std::uint64_t seq = 0;
  std::string subject;
  std::string body;
};

/// What an incident's act says in the access journal (LEG-33).
enum class journal_act : std::uint8_t { verdict = 1, notification, refusal };

struct journal_row {
  std::int64_t number = 0;  ///< given by the store
  utc_us at = 0;
  std::string author;
  commune_id authority;
  journal_act act = journal_act::refusal;
  std::string reason;
  std::string recipient;
  std::string detail;
};

/// An incident with the wall-clock time of its present state: monotonic times end with the machine.
struct incident_row {
  domain::incident what;
  utc_us entered_utc_us = 0;
};

/// All that one commit writes, or nothing of it.
struct store_batch {
  std::vector<incident_row> incidents;
  std::vector<logbook_line> logbook;
  std::vector<delivery> deliveries;
  std::vector<bus_row> bus;
  std::vector<journal_row> journal;
  std::uint64_t bus_confirmed = 0;     ///< the bus has all up to this number
  std::int64_t journal_confirmed = 0;  ///< the journal has

  bool is_empty() const noexcept {
    return incidents.empty() && logbook.empty() && deliveries.empty() && bus.empty() &&
           journal.empty() && bus_confirmed == 0 && journal_confirmed == 0;
  }
};

}  // namespace vigie::incidents
