// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/incident_grouping.hpp"
#include "domain/incident_machine.hpp"
#include "domain/incident_priority.hpp"
#include "domain/jurisdiction.hpp"
#include "incidents/incident_store.hpp"
#include "incidents/rows.hpp"

// What the desk does, without threads and disk: it takes inputs through the incident machine, keeps
// the open incidents, and says what must be durable before anybody hears of it.
namespace vigie::incidents {

/// A change that the bus is told.
struct incident_fact {
  std::uint64_t seq = 0;
  std::string store;  ///< whose numbers `seq` are
  utc_us at = 0;
  std::string_view change;  ///< a state's name, or "signals", "note", "help_wanted", "delivery"
  std::string author;       ///< empty: the centre itself
  const domain::incident& what;
  domain::incident_priority priority;
  const delivery* on_its_way = nullptr;  ///< the incident's present notification
};

using duty_list = std::shared_ptr<const std::vector<domain::duty_person>>;

/// What the desk asks the world. All answer at once and never throw.
struct core_ports {
  std::function<duty_list()> roster;  ///< who may act now; never null
  std::function<bool(const commune_id&, const site_id&)> knows_place;
  /// Who is told of it now; points into a table that outlives the desk.
  std::function<domain::routing(const domain::incident&, utc_us)> route;
  /// How many paths lead to the recipient of that id.
  std::function<std::size_t(const std::string& recipient)> paths;
  /// The message for the bus; its seq is set by the desk.
  std::function<bus_row(const incident_fact&)> encode;
};

/// What to do once the batch is on disk.
struct due_send {
  delivery what;
  std::uint32_t path = 0;
  domain::incident about;
};

/// Why an input was not taken.
using refused = domain::refusal_kind;
template <class T>
using taken = tl::expected<T, refused>;

struct core_counts {
  std::uint64_t open = 0;
  std::uint64_t waiting = 0;  ///< open and nobody's
  std::uint64_t raised = 0;   ///< since the start
  std::uint64_t signals = 0;  ///< raises, joined ones included
  std::uint64_t acts = 0;
  std::uint64_t escalated = 0;
  std::uint64_t notified = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t deliveries_open = 0;
  std::map<refused, std::uint64_t> refusals;
};

/// One batch at a time: `begin`, inputs, then `batch` to the disk, and `accept` or `discard`. What
/// is discarded never happened. Not synchronised.
class desk_core {
 public:
  desk_core(core_ports ports, domain::incident_rules rules, delivery_rules deliveries,
            recovered found, domain::instant now);

  void begin(domain::instant now);
  /// A raise. `text` is for the logbook. Gives the incident it belongs to.
  taken<domain::incident> signal(const domain::sender& from, const domain::alarm_signal& signal,
                                 const std::string& text);
  /// The cause of a signal is over: a line in the logbook of its incident, no more.
  void remark(const domain::alarm_signal& signal, const std::string& text);
  /// `kept` gives a closed incident that is not in memory.
  taken<domain::incident> act(const domain::sender& from, const domain::signed_act& message,
                              const std::function<std::optional<domain::incident>()>& kept);
  /// What a notifier says. `is_of_path` tells which of a recipient's paths that notifier is.
  taken<std::uint32_t> report(
      const domain::sender& from, const std::string& key,
      const std::function<std::optional<std::uint32_t>(const delivery&)>& path_of,
      path_report what);
  /// Timers of incidents and deliveries.
  void tick();
  /// Something was refused elsewhere (a request that cannot be read as an act): counted,
  /// journalled.
  void note_refusal(const std::string& author, const commune_id& authority, refused why,
                    const std::string& about);

  const store_batch& batch();
  std::vector<due_send> accept();
  void discard();

  /// As of the last accepted batch.
  const domain::incident* find(const domain::incident_id& id) const;
  std::vector<const domain::incident*> open() const;
  const delivery* delivery_of(const domain::incident& i) const;
  core_counts counts() const;
  const std::string& store() const noexcept { return store_; }
  std::uint64_t last_seq() const noexcept { return last_seq_; }
  duty_list roster() const { return people_; }
  domain::routing route(const domain::incident& i, utc_us at) const { return ports_.route(i, at); }

 private:
  using id_text = std::string;
  const domain::incident* present(const id_text& id) const;
  domain::incident_setting setting(const std::vector<domain::recipient_kind>& open) const;
  taken<domain::incident> raise(const domain::sender& from, const domain::alarm_signal& signal,
                                const domain::incident_id& id, const std::string& text);
  taken<domain::incident_step> stepped(const domain::incident& i,
                                       const domain::incident_input& input);
  void keep(domain::incident next);
  void apply(domain::incident_step step, const std::string& text);
  void tell(const domain::incident& i, std::string_view change, const std::string& author);
  void line(const domain::incident& i, std::string author, std::string what, std::string text,
            std::string from = {}, std::string to = {});
  void begin_notification(const domain::incident& i, const domain::approved_notification& what);
  void journal_act_of(const domain::incident& before, const domain::incident& i,
                      const domain::signed_act& message);
  void journal(const std::string& author, const commune_id& authority, journal_act act,
               std::string reason, std::string recipient, std::string detail);
  void step_delivery(const std::string& key, const delivery_input& input);
  void tell_incident(const std::string& incident, domain::incident_body body);
  delivery* changed_delivery(const std::string& key);
  refused refuse(refused why, const std::string& author, const commune_id& authority,
                 const std::string& about);

  const core_ports ports_;
  const domain::incident_rules rules_;
  const delivery_rules delivery_rules_;
  std::string store_;
  domain::instant now_{};
  duty_list people_;
  domain::incident_grouping grouping_;

  std::unordered_map<id_text, domain::incident> open_;
  std::map<std::string, delivery> deliveries_;  ///< by key, not settled
  std::uint64_t last_incident_ = 0;
  std::uint64_t last_seq_ = 0;
  core_counts totals_;
  mono_ns refusals_since_ = 0;
  std::uint64_t refusals_journalled_ = 0;
  std::uint64_t refusals_unsaid_ = 0;

  // The batch in hand
  std::map<id_text, domain::incident> changed_;
  std::map<std::string, delivery> changed_deliveries_;
  std::vector<domain::incident> raised_;  ///< new causes, to be forgotten when discarded
  std::vector<due_send> sends_;
  store_batch batch_;
  std::uint64_t next_incident_ = 0;
  std::uint64_t next_seq_ = 0;
  core_counts delta_;
};

}  // namespace vigie::incidents
