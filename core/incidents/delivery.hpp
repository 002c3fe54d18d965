// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "domain/incident_verdict.hpp"

// How one approved notification reaches its recipient, as a pure machine: sent, taken, reported;
// another path when one is mute or refuses; a person's voice when none is left.
namespace vigie::incidents {

enum class delivery_state : std::uint8_t {
  waiting = 1,   ///< to be sent when `due`
  sent,          ///< with the notifier; nothing was heard of it yet
  delivered,     ///< the recipient's system has it
  needs_human,   ///< an operator is to call: `detail` is what to say
  acknowledged,  ///< somebody there took charge of it
};
std::string_view name_of(delivery_state s) noexcept;
std::optional<delivery_state> delivery_state_from(std::string_view name) noexcept;

struct delivery_rules {
  std::chrono::milliseconds mute_after{5000};  ///< no word of a path: the next one
  std::chrono::milliseconds first_pause{1000};
  std::chrono::milliseconds longest_pause{60'000};
};

/// One notification on its way. A plain value.
struct delivery {
  std::string key;  ///< of the approved notification: the same over all paths and attempts
  domain::incident_id incident;
  domain::recipient_kind kind = domain::recipient_kind::national_police_cic;
  std::string recipient;  ///< id of the `[[recipient]]`
  std::string approved_by;
  utc_us approved_utc_us = 0;

  delivery_state state = delivery_state::waiting;
  std::uint32_t path = 0;     ///< of the recipient's paths, from 0
  std::uint32_t attempt = 0;  ///< sent so far, over all paths
  std::uint32_t rounds = 0;   ///< all paths were tried in vain so often
  mono_ns due = 0;            ///< of waiting and sent
  std::string reference;      ///< the recipient's own number
  std::string detail;         ///< what was last said of it: an error, or the script to read
};

/// A delivery of what the incident machine approved: there is no other way to begin one.
delivery begin_delivery(const domain::approved_notification& what,
                        const domain::incident_id& incident, std::string recipient, mono_ns now);
/// After a restart nobody knows what became of it: it is sent again, under the same key.
void resume(delivery& d, mono_ns now) noexcept;
/// Nothing more is to be done for it by the centre.
bool is_settled(delivery_state s) noexcept;

enum class delivery_outcome : std::uint8_t {
  delivered = 1,
  acknowledged,
  needs_human,
  failed,
};

struct time_passed {};
/// The notifier of `path` did not take it, or reports. A report of a former path counts, too.
struct path_report {
  std::uint32_t path = 0;
  delivery_outcome outcome = delivery_outcome::failed;
  std::string reference;
  std::string text;
};
/// The operator reached the recipient by voice.
struct reached_by_voice {
  std::string answer;
};
using delivery_input = std::variant<time_passed, path_report, reached_by_voice>;

/// Give it to the notifier of this path, once this step is on disk.
struct send_now {
  std::uint32_t path = 0;
  std::uint32_t attempt = 1;
};
struct tell_delivered {};
struct tell_acknowledged {};
/// No machine reaches the recipient: an operator calls.
struct tell_human {};
using delivery_effect = std::variant<send_now, tell_delivered, tell_acknowledged, tell_human>;

struct delivery_step {
  delivery next;
  std::vector<delivery_effect> effects;
};

/// `paths` is how many the recipient has now (it may have lost some since the last step); with none
/// a person calls at once. [thread-safe]
delivery_step step(const delivery& state, const delivery_input& input, std::size_t paths,
                   const delivery_rules& rules, mono_ns now);

}  // namespace vigie::incidents
