// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "incidents/desk_room.hpp"
#include "support/temporary_folder.hpp"

namespace vigie::test {

using namespace std::chrono_literals;

inline const commune_id cergy{"95127"};
inline const site_id school{"college"};

/// A desk over a real file: two operators of Cergy on duty, police and fire brigade to be told, a
/// clock that moves when told to.
struct desk_bench {
  static constexpr utc_us year_us = 365LL * 86'400'000'000;

  temporary_folder folder;
  manual_clock time;
  std::shared_ptr<std::vector<domain::duty_person>> people =
      std::make_shared<std::vector<domain::duty_person>>();
  domain::routing_table table;
  std::size_t paths = 2;
  domain::incident_rules rules;
  incidents::delivery_rules deliveries;
  std::unique_ptr<incidents::desk_room> room;
  std::vector<incidents::due_send> sends;
  std::vector<std::string> changes;  ///< of the messages for the bus
  std::optional<incidents::refused> refused;

  desk_bench() {
    people->push_back(person("amel"));
    people->push_back(person("bruno"));
    table.zones.push_back({cergy, domain::state_force::police, {}, {}, 1});
    table.recipients.push_back(recipient("cic", domain::recipient_kind::national_police_cic));
    table.recipients.push_back(recipient("cta", domain::recipient_kind::fire_rescue_cta));
    start();
  }
  domain::duty_person person(std::string name) const {
    return {std::move(name),
            domain::centre_role::video_operator,
            true,
            domain::viewing_approval{"95", time.utc() - year_us, time.utc() + year_us, false},
            {cergy}};
  }
  static domain::recipient_entry recipient(std::string id, domain::recipient_kind kind) {
    domain::recipient_entry out;
    out.id = std::move(id);
    out.kind = kind;
    out.kinds = domain::usual_kinds(kind);
    return out;
  }
  domain::instant now() const { return {time.mono(), time.utc()}; }

  incidents::core_ports ports() {
    incidents::core_ports out;
    out.roster = [this] { return people; };
    out.knows_place = [](const commune_id& commune, const site_id& site) {
      return commune == cergy && site == school;
    };
    out.route = [this](const domain::incident& i, utc_us at) {
      return domain::route(table, {i.commune, {}}, i.kind, at);
    };
    out.paths = [this](const std::string&) { return paths; };
    out.encode = [this](const incidents::incident_fact& fact) {
      changes.emplace_back(fact.change);
      return incidents::bus_row{
          0, "vigie.v1.incident." + fact.what.commune.str() + "." + fact.what.id.str(),
          std::string{fact.change}};
    };
    return out;
  }
  /// (Re)starts the desk over what is on disk.
  void start() {
    room.reset();
    auto opened = incidents::desk_room::open(folder.path() / "incidents.db", "st", ports(), rules,
                                             deliveries, now());
    REQUIRE(opened);
    room = *std::move(opened);
  }

  incidents::run_outcome run(std::vector<incidents::desk_task> tasks = {}) {
    auto out = room->run(std::move(tasks), {}, now());
    for (auto& s : out.sends) sends.push_back(std::move(s));
    return out;
  }
  std::optional<domain::incident> one(incidents::desk_task task) {
    std::vector<incidents::desk_task> tasks;
    tasks.push_back(std::move(task));
    answer.reset();
    refused.reset();
    run(std::move(tasks));
    return answer;
  }
  incidents::act_answer keep_answer() {
    return [this](incidents::taken<domain::incident> what) {
      if (what)
        answer = *std::move(what);
      else
        refused = what.error();
    };
  }

  static domain::alarm_signal signal(std::string source = "panel-1",
                                     domain::incident_kind kind = domain::incident_kind::panic) {
    return {domain::incident_origin::alarm_panel, kind, cergy, school, std::move(source)};
  }
  std::optional<domain::incident> raise(domain::alarm_signal what = signal(),
                                        domain::sender from = {domain::sender_kind::plugin,
                                                               "dc09"}) {
    return one(incidents::raise_task{std::move(from), std::move(what), "", keep_answer()});
  }
  domain::signed_act message(const std::string& who, const domain::incident& i,
                             domain::incident_act what) const {
    return {i.id, who, i.commune, i.revision, time.utc(), std::move(what)};
  }
  std::optional<domain::incident> act(const std::string& who, const domain::incident& i,
                                      domain::incident_act what) {
    return one(incidents::act_task{
        {domain::sender_kind::person, who}, message(who, i, std::move(what)), keep_answer()});
  }
  /// Raised, claimed, looked at, confirmed, proposed and approved by amel.
  domain::incident approved(domain::incident i) {
    using namespace domain;
    for (const incident_act& what : std::vector<incident_act>{
             claim{}, start_verification{}, record_verdict{verdict_kind::confirmed, "seen"},
             propose_notification{recipient_kind::national_police_cic}, approve_notification{}}) {
      auto next = act("amel", i, what);
      REQUIRE(next);
      i = *std::move(next);
    }
    return i;
  }
  void report(const std::string& key, incidents::delivery_outcome outcome, std::uint32_t path = 0,
              const std::string& plugin = "webhook") {
    one(incidents::report_task{{domain::sender_kind::plugin, plugin},
                               key,
                               [path](const incidents::delivery&) { return std::optional{path}; },
                               {path, outcome, "ref-7", ""}});
  }
  const domain::incident* find(const domain::incident& i) const { return room->core().find(i.id); }

  std::optional<domain::incident> answer;
};

}  // namespace vigie::test
