// SPDX-License-Identifier: Apache-2.0
#include "day/players.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/clock.hpp"
#include "base/time_text.hpp"
#include "camera_farm/control_server.hpp"
#include "camera_farm/faults.hpp"
#include "recipients/office.hpp"

namespace vigie::simulators {

namespace {

constexpr utc_us viewed_us = 60'000'000;
constexpr unsigned slow_ms = 700;

utc_us now_us() { return system_clock{}.utc(); }

}  // namespace

result<void> players::sit_down() {
  for (const day_person& one : options_.operators) {
    auto line = centre_line::open({options_.bus_url, one.name, one.password});
    if (!line) return tl::unexpected{line.error()};
    lines_.push_back(std::move(*line));
  }
  if (lines_.empty()) return fail(errc::config_invalid, "a day needs an operator");
  if (auto heard = lines_.front()->listen("vigie.v1.incident.>"); !heard) return heard;
  return learn_purposes();
}

std::vector<incident_news> players::news(std::chrono::milliseconds patience) {
  std::vector<incident_news> all;
  for (const auto& heard : lines_.front()->take(patience))
    if (auto one = read_news(heard.body)) all.push_back(std::move(*one));
  return all;
}

result<centre_answer> players::act(const deed& d) {
  switch (d.kind) {
    case deed_kind::fail:
    case deed_kind::heal:
      return to_farm(d);
    case deed_kind::raise:
      return raise(*d.entry);
    case deed_kind::open_live:
      return asked(d, ask_live(words(), *d.entry, purpose_of(*d.entry)));
    case deed_kind::open_replay: {
      const utc_us now = now_us();
      return asked(d, ask_replay(words(), *d.entry, purpose_of(*d.entry),
                                 to_rfc3339(now - viewed_us), to_rfc3339(now)));
    }
    case deed_kind::propose:
      return propose(d);
    default:
      break;
  }
  return asked(d, ask_act(words(), d, {}));
}

std::optional<incident_news> players::look_at(const std::string& incident) {
  const auto reply = lines_.front()->ask("incidents.show", ask_show(words(), incident));
  return reply ? read_answer(*reply).incident : std::nullopt;
}

void players::look_for(const std::vector<std::string>& incidents, day_counts& counts) {
  for (const std::string& id : incidents) {
    const auto stands = look_at(id);
    if (!stands)
      ++counts.lost;
    else if (stands->state != "closed")
      ++counts.still_open;
  }
}

std::string players::ledger() const {
  if (options_.recipients.empty()) return {};
  return ask_farm(options_.recipients, R"({"cmd":"ledger"})").value_or(std::string{});
}

request_words players::words() { return {fmt::format("day-{}", ++asked_), to_rfc3339(now_us())}; }

result<void> players::learn_purposes() {
  const auto all = lines_.front()->ask("state.snapshot", ask_snapshot(words(), {}));
  if (!all) return tl::unexpected{all.error()};
  snapshot_words learnt = read_snapshot(*all);
  for (const std::string& commune : learnt.communes_to_ask) {
    const auto part = lines_.front()->ask("state.snapshot", ask_snapshot(words(), commune));
    if (!part) return tl::unexpected{part.error()};
    learnt.purposes.merge(read_snapshot(*part).purposes);
  }
  purposes_ = std::move(learnt.purposes);
  return {};
}

std::string players::purpose_of(const day_entry& e) const {
  const auto found = purposes_.find(camera_id_of(e.camera));
  return found == purposes_.end() ? "persons_and_property_safety" : found->second;
}

result<centre_answer> players::asked(const deed& d, const std::string& body) {
  const auto reply = lines_[d.seat]->ask(request_of(d.kind), body);
  if (!reply) return tl::unexpected{reply.error()};
  return read_answer(*reply);
}

// The same cause is signalled as often as the plan says; the centre joins what it knows.
result<centre_answer> players::raise(const day_entry& e) {
  centre_answer first;
  for (unsigned i = 0; i < e.signals; ++i) {
    const auto reply = lines_.front()->ask("incidents.raise", ask_raise(words(), e));
    if (!reply) return tl::unexpected{reply.error()};
    if (i == 0) first = read_answer(*reply);
  }
  return first;
}

result<centre_answer> players::propose(const deed& d) {
  const auto file = lines_[d.seat]->ask("incidents.show", ask_show(words(), d.incident));
  if (!file) return tl::unexpected{file.error()};
  const auto open = read_recipients(*file);
  auto chosen = choose_recipient(open, d.entry->told);
  if (!chosen) {
    ++nobody_open_;
    if (open.empty()) return centre_answer{std::nullopt, "nobody_open", "", ""};
    chosen = open.front();
  }
  // A recipient without a machine has no mood, and says so.
  if (!options_.recipients.empty() && d.entry->mood != day_mood::normal)
    (void)ask_farm(options_.recipients,
                   behave_line(chosen->id, std::string{name_of(d.entry->mood)}, slow_ms, 1));
  return asked(d, ask_act(words(), d, chosen->kind));
}

result<centre_answer> players::to_farm(const deed& d) {
  if (options_.farm.empty()) return centre_answer{};
  std::vector<std::string> cameras;
  const site_place place = site_place_of(centre_, d.entry->site);
  for (unsigned i = place.cameras.first; i <= place.cameras.last; ++i)
    if (d.entry->camera == 0 || d.entry->camera == i) cameras.push_back(camera_id_of(i));
  const char* outage = d.entry->camera == 0 ? "power_cut" : "silence";
  const auto told =
      ask_farm(options_.farm, fault_line(cameras, d.kind == deed_kind::heal ? "none" : outage, 0));
  if (!told) return tl::unexpected{told.error()};
  return centre_answer{};
}

}  // namespace vigie::simulators
