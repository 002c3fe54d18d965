// SPDX-License-Identifier: Apache-2.0
#include "app/route_explain.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/camera_places.hpp"
#include "base/time_text.hpp"
#include "domain/jurisdiction.hpp"

namespace vigie::app {
namespace {

using nlohmann::json;

constexpr auto not_sent = "Nothing was sent: no desk of this centre routes by this answer yet.";

/// What was asked, resolved.
struct explained {
  const camera_places::place& where;
  std::optional<domain::position> position;
  domain::incident_kind type;
  utc_us at;
  std::string file;
  const domain::routing& answer;
};

std::string local_text(const domain::local_time& t) {
  return domain::to_text(t.date) + " " + domain::clock_text(t.minute);
}

std::string source_of(const explained& e, std::uint32_t line) {
  return line == 0 ? e.file : fmt::format("{}:{}", e.file, line);
}

std::string reason_of(const explained& e, const domain::routing_verdict& v) {
  return fmt::format("{}{}{} ({})", v.rule, v.rule.empty() ? "" : ": ", v.why,
                     source_of(e, v.line));
}

void print_head(const explained& e) {
  const auto& [commune, site, camera] = e.where;
  fmt::print("{} \"{}\", {}, {} ({}){}\n", camera->id.str(), camera->name, site->name,
             commune->name, commune->id.str(),
             e.position
                 ? fmt::format(", at {:.5f}, {:.5f}", e.position->latitude, e.position->longitude)
                 : ", without position");
  fmt::print("{} on {} in Paris ({})\n", domain::name_of(e.type), local_text(e.answer.when),
             to_rfc3339(e.at));
  const auto& zone = e.answer.zone;
  fmt::print("zone: {}; {}{}\n", zone.force ? domain::name_of(*zone.force) : "unknown", zone.why,
             zone.line == 0 ? "" : fmt::format(" ({})", source_of(e, zone.line)));
}

void print_text(const explained& e, bool shows_all) {
  print_head(e);
  fmt::print("\ntold, in this order:{}\n", e.answer.told.empty() ? " nobody" : "");
  int number = 0;
  for (const auto& v : e.answer.told)
    fmt::print("  {}. {} {} \"{}\", by {} to {}\n     {}\n", ++number, domain::name_of(v.who->kind),
               v.who->id, v.who->name, v.who->notifier, v.who->notifier_recipient, reason_of(e, v));
  for (const auto& reason : e.answer.operator_chooses)
    fmt::print("  the operator chooses: {}\n", reason);

  const auto& refused = e.answer.refused;
  std::size_t hidden = 0;
  fmt::print("\nnot told:{}\n", refused.empty() ? " nobody else is declared" : "");
  for (const auto& v : refused) {
    if (v.ground == domain::routing_ground::elsewhere && v.who->area.empty() && !shows_all) {
      ++hidden;
      continue;
    }
    fmt::print("  {} {} \"{}\"\n     {}\n", domain::name_of(v.who->kind), v.who->id, v.who->name,
               reason_of(e, v));
  }
  if (hidden > 0) fmt::print("  {} of other communes (--all lists them)\n", hidden);
  fmt::print("\nby telephone, always: 17 police and gendarmerie, 18 fire and rescue, 112\n{}\n",
             not_sent);
}

json to_json(const explained& e, const domain::routing_verdict& v) {
  return {{"id", v.who->id},
          {"kind", domain::name_of(v.who->kind)},
          {"name", v.who->name},
          {"notifier", v.who->notifier},
          {"notifier_recipient", v.who->notifier_recipient},
          {"rule", v.rule.empty() ? json{} : json(v.rule)},
          {"why", v.why},
          {"decided_by", source_of(e, v.line)}};
}

void print_json(const explained& e) {
  const auto& zone = e.answer.zone;
  json out = {{"camera", e.where.camera->id.str()},
              {"commune", e.where.commune->id.str()},
              {"type", domain::name_of(e.type)},
              {"at", to_rfc3339(e.at)},
              {"local_time", local_text(e.answer.when)},
              {"zone",
               {{"force", zone.force ? json(domain::name_of(*zone.force)) : json{}},
                {"why", zone.why},
                {"decided_by", zone.line == 0 ? json{} : json(source_of(e, zone.line))}}},
              {"told", json::array()},
              {"not_told", json::array()},
              {"operator_chooses", e.answer.operator_chooses},
              {"sent", false}};
  for (const auto& v : e.answer.told) out["told"].push_back(to_json(e, v));
  for (const auto& v : e.answer.refused) out["not_told"].push_back(to_json(e, v));
  fmt::print("{}\n", out.dump(2, ' ', false, json::error_handler_t::replace));
}

exit_code usage(const std::string& text) {
  fmt::print(stderr, "vigie: {}\n", text);
  return exit_code::usage;
}

}  // namespace

result<utc_us> instant_from(const std::string& text, const clock& time) {
  if (text == "now") return time.utc();
  if (const auto instant = from_rfc3339(text)) return *instant;
  std::string local = text;
  if (local.size() == 16 && local[10] == ' ') local[10] = 'T';
  const auto read = local.size() == 16 ? from_rfc3339(local + ":00Z") : std::nullopt;
  if (!read)
    return fail(errc::config_invalid,
                fmt::format("\"{}\" is no time; write \"2026-11-22T01:30\" (French local time), "
                            "\"2026-11-22T00:30:00Z\" (UTC) or now",
                            text));
  const auto day = day_of(*read);
  const auto instants = domain::instants_of(
      {std::chrono::year{day.year}, std::chrono::month{day.month}, std::chrono::day{day.day}},
      static_cast<std::uint16_t>((*read - start_of(day)) / 60'000'000));
  if (instants.size() == 1) return instants.front();
  if (instants.empty())
    return fail(errc::config_invalid,
                fmt::format("{} does not exist: the clocks go from 02:00 to 03:00 that night; "
                            "write a time outside that hour, or UTC",
                            text));
  return fail(errc::config_invalid,
              fmt::format("{} comes twice: the clocks go back that night; write {} for the first "
                          "or {} for the second",
                          text, to_rfc3339(instants[0]), to_rfc3339(instants[1])));
}

exit_code route_explain(const route_request& request, const clock& time) {
  const auto type = domain::incident_kind_from(request.type);
  if (!type)
    return usage(fmt::format("\"{}\" is no kind of incident; write one of {}", request.type,
                             fmt::join(domain::incident_kind_names(), ", ")));
  const auto at = instant_from(request.time, time);
  if (!at) return usage(at.error().detail);
  const auto config = load_or_tell(request.config);
  if (!config) return exit_code::bad_config;
  const camera_places places{config->topology};
  const camera_id camera{request.camera};
  const auto* const where = places.find(camera);
  if (where == nullptr)
    return usage(fmt::format("{} has no camera \"{}\"; write the id of a [[commune.site.camera]]",
                             request.config.string(), request.camera));
  std::optional<domain::position> position;
  if (const auto found = config->routing.positions.find(camera);
      found != config->routing.positions.end())
    position = found->second;
  const auto answer = domain::route(config->routing, {where->commune->id, position}, *type, *at);
  const explained e{*where, position, *type, *at, request.config.filename().string(), answer};
  if (request.as_json)
    print_json(e);
  else
    print_text(e, request.shows_all);
  return exit_code::done;
}

}  // namespace vigie::app
