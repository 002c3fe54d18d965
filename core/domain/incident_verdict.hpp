// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/incident_words.hpp"

// The two values that only the incident machine can make, and that only the archive
// (incident_archive.hpp) can read back. Whoever holds an `approved_notification`
// holds the proof that a human confirmed this very incident: there is no other way to get one.
namespace vigie::domain {

using incident_id = name_id<struct incident_tag>;

/// What a person concludes from looking (levée de doute).
enum class verdict_kind : std::uint8_t { confirmed = 1, false_alarm, inconclusive };
std::string_view name_of(verdict_kind v) noexcept;
std::optional<verdict_kind> verdict_kind_from(std::string_view name) noexcept;
std::vector<std::string_view> verdict_kind_names();

/// The machine's own hand: defined in incident_machine.cpp and nowhere else.
struct incident_acts;
struct incident_archive;

/// A verdict by a person who, at that moment, was on duty with a valid viewing approval for the
/// incident's commune (LEG-02, LEG-52). Made by the incident machine alone. [thread-safe]
class human_verdict {
 public:
  const incident_id& incident() const noexcept { return incident_; }
  verdict_kind kind() const noexcept { return kind_; }
  const std::string& author() const noexcept { return author_; }
  const std::string& reason() const noexcept { return reason_; }
  utc_us at_utc_us() const noexcept { return at_utc_us_; }

 private:
  friend struct incident_acts;
  friend struct incident_archive;
  human_verdict(incident_id incident, verdict_kind kind, std::string author, std::string reason,
                utc_us at)
      : incident_{std::move(incident)},
        kind_{kind},
        author_{std::move(author)},
        reason_{std::move(reason)},
        at_utc_us_{at} {}

  incident_id incident_;
  verdict_kind kind_;
  std::string author_;
  std::string reason_;
  utc_us at_utc_us_;
};

/// Leave to tell one recipient of one incident. Made by the incident machine alone, from a
/// `confirmed` verdict of the same incident whose author approves it. [thread-safe]
class approved_notification {
 public:
  /// Idempotency key: the same notification has the same id however often it is sent.
  const std::string& id() const noexcept { return id_; }
  recipient_kind to() const noexcept { return to_; }
  const human_verdict& verdict() const noexcept { return verdict_; }
  utc_us approved_utc_us() const noexcept { return approved_utc_us_; }

 private:
  friend struct incident_acts;
  approved_notification(std::string id, recipient_kind to, human_verdict verdict, utc_us at)
      : id_{std::move(id)}, to_{to}, verdict_{std::move(verdict)}, approved_utc_us_{at} {}

  std::string id_;
  recipient_kind to_;
  human_verdict verdict_;
  utc_us approved_utc_us_;
};

}  // namespace vigie::domain
