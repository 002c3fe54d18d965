// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "config/detail/readers.hpp"

namespace vigie::config::detail {
namespace {

using domain::recipient_kind;

struct recipients_reading {
  const reading& context;
  const std::vector<plugin_section>& plugins;
  const std::vector<std::string_view>& communes;
  std::map<std::string, place> ids;
};

/// "HH:MM", to 24:00; minutes of the day.
std::optional<std::uint16_t> minute_of(std::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4))
    return std::nullopt;
  const int minute =
      ((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] - '0';
  if (text[3] > '5' || minute > 1440) return std::nullopt;
  return static_cast<std::uint16_t>(minute);
}

void read_hours(table_reader& table, const reading& context, domain::recipient_entry& out) {
  const auto list = table.texts("hours");
  if (!list) return;
  for (const auto& text : list->value) {
    if (const auto hours = hours_of(text.value))
      out.hours.push_back(*hours);
    else
      context.log.add(text.at, fmt::format("\"{}\" are no hours of a day", text.value),
                      "write \"06:00-23:00\", local time; \"22:00-06:00\" goes past midnight");
  }
  if (list->value.empty())
    context.log.add(list->at, "hours is empty",
                    "remove it for all day, or write [\"06:00-23:00\"]");
}

void read_incidents(table_reader& table, const reading& context, domain::recipient_entry& out) {
  const bool is_present = table.key_place("incidents").has_value();
  const auto list = table.texts("incidents");
  if (!is_present) {
    out.kinds = domain::usual_kinds(out.kind);
    if (out.kinds.empty())
      context.log.add(
          table.here(),
          fmt::format("{} names no incidents: a {} is told what its instruction says",
                      table.title(), domain::name_of(out.kind)),
          "write incidents = [\"…\"], with some of " + joined(domain::incident_kind_names()));
    return;
  }
  if (!list) return;
  for (const auto& name : list->value) {
    if (const auto type = domain::incident_kind_from(name.value))
      out.kinds.push_back(*type);
    else
      context.log.add(name.at, fmt::format("\"{}\" is no kind of incident", name.value),
                      remedy_for(name.value, domain::incident_kind_names()));
  }
  if (list->value.empty())
    context.log.add(list->at, "incidents is empty",
                    "name some of " + joined(domain::incident_kind_names()));
}

/// The whole centre when there is no `communes`; municipal police and mayors have exactly one.
void read_territory(table_reader& table, const recipients_reading& all,
                    domain::recipient_entry& out) {
  const bool is_of_one =
      out.kind == recipient_kind::municipal_police || out.kind == recipient_kind::mayor_on_call;
  const auto list = table.texts("communes");
  if (list)
    for (const auto& code : list->value)
      if (auto id = take_commune(code, all.communes, all.context))
        out.communes.push_back(std::move(*id));
  const auto present = table.key_place("communes");
  if (is_of_one && (!present || (list && list->value.size() != 1)))
    all.context.log.add(present.value_or(table.here()),
                        fmt::format("{} is of no single commune: a {} is told of its own only",
                                    table.title(), domain::name_of(out.kind)),
                        "write communes = [\"95018\"]; one [[recipient]] for each commune",
                        "LEG-04");
  else if (list && list->value.empty())
    all.context.log.add(list->at, "communes is empty",
                        "remove it for the whole centre, or name some");
  out.area = read_area(table, all.context);
  if (!out.area.empty() && out.communes.size() != 1)
    all.context.log.add(table.here(),
                        fmt::format("the polygon of {} is of no commune", table.title()),
                        "write communes with the one commune it is a part of");
}

std::optional<domain::police_permission> read_permission(table_reader& owner,
                                                         const reading& context,
                                                         recipient_kind kind) {
  const auto present = owner.key_place("permission");
  const auto* const source = owner.table("permission");
  const bool is_municipal = kind == recipient_kind::municipal_police;
  if (is_municipal && !present)
    context.log.add(owner.here(), fmt::format("{} has no permission of its commune", owner.title()),
                    "write [recipient.permission] with act, signed_on, valid_from and valid_until "
                    "of the commune's act, or remove the recipient",
                    "LEG-05");
  if (!is_municipal && present)
    context.log.add(*present, fmt::format("{} needs no permission", owner.title()),
                    "remove it; it is for municipal_police");
  if (source == nullptr || !is_municipal) return std::nullopt;

  table_reader table{*source, "the permission of " + owner.title(), context.log};
  domain::police_permission out;
  out.line = table.here().line;
  const auto act = table.text("act");
  if (act) out.act = act->value;
  if (out.act.empty() && (act || !table.key_place("act")))
    context.log.add(act ? act->at : table.here(), fmt::format("{} cites no act", table.title()),
                    "write act = \"arrêté 2026-12\", its reference", "LEG-05");
  const auto signed_on = table.date("signed_on");
  if (signed_on) out.signed_on = signed_on->value;
  out.valid = read_dates(table, context, "valid_from", "valid_until");
  for (const std::string_view key : {"signed_on", "valid_from", "valid_until"})
    if (!table.key_place(key))
      context.log.add(table.here(), fmt::format("{} has no {}", table.title(), key),
                      fmt::format("write {} = 2026-01-31, as the act says it", key), "LEG-05");
  if (signed_on && out.valid.from.ok() && out.valid.from < signed_on->value)
    context.log.add(signed_on->at, "the permission is valid before it is signed",
                    "mend signed_on or valid_from", "LEG-05");
  if (auto clause = table.text("night_clause")) out.night_clause = std::move(clause->value);
  table.finish();
  return out;
}

/// Windows inside 6 h to 23 h need nothing more; others need the convention's clause.
void refuse_night(const domain::recipient_entry& who, table_reader& table, const reading& context) {
  if (!who.permission || !who.permission->night_clause.empty()) return;
  const auto& day = domain::municipal_police_day;
  for (const auto& hours : who.hours)
    if (hours.from >= hours.until || hours.from < day.from || hours.until > day.until)
      context.log.add(
          table.key_place("hours").value_or(table.here()),
          fmt::format("{} works outside {}", domain::to_text(hours), domain::to_text(day)),
          "keep within it, or cite the clause of the coordination convention: "
          "night_clause = \"…\" in [recipient.permission]",
          "CSI L512-6");
}

void read_notifier(table_reader& table, const recipients_reading& all,
                   domain::recipient_entry& out) {
  if (const auto plugin = table.text("notifier")) {
    out.notifier = plugin->value;
    if (std::none_of(all.plugins.begin(), all.plugins.end(),
                     [&](const plugin_section& p) { return p.id == plugin->value; }))
      all.context.log.add(plugin->at, fmt::format("no plugin {} is loaded", plugin->value),
                          fmt::format("add [[plugin]] with id = \"{}\"", plugin->value));
  } else if (!table.key_place("notifier")) {
    all.context.log.add(table.here(), fmt::format("{} has no notifier", table.title()),
                        "write notifier = \"fr.vigie.phone_script\", a plugin that reaches it");
  }
  out.notifier_recipient = out.id;
  if (auto name = table.text("notifier_recipient")) out.notifier_recipient = std::move(name->value);
}

void read_recipient(const toml::table& source, recipients_reading& all,
                    std::vector<domain::recipient_entry>& out) {
  const auto& context = all.context;
  const auto id_text = source["id"].value<std::string>();
  table_reader table{source, id_text ? fmt::format("recipient \"{}\"", *id_text) : "a recipient",
                     context.log};
  domain::recipient_entry who;
  who.line = table.here().line;
  if (auto id = take_id(table, "id", "recipient", all.ids, context)) who.id = std::move(*id);
  who.name = who.id;
  if (auto name = table.text("name"); name && !name->value.empty())
    who.name = std::move(name->value);
  const auto word = table.text("kind");
  const auto kind = word ? domain::recipient_kind_from(word->value) : std::nullopt;
  if (word && !kind)
    context.log.add(word->at, fmt::format("\"{}\" is no kind of recipient", word->value),
                    remedy_for(word->value, domain::recipient_kind_names()));
  else if (!word && !table.key_place("kind"))
    context.log.add(table.here(), fmt::format("{} has no kind", table.title()),
                    "write kind = \"…\", one of " + joined(domain::recipient_kind_names()));
  if (!kind) return;  // everything else is judged by the kind
  who.kind = *kind;
  read_notifier(table, all, who);
  read_territory(table, all, who);
  read_hours(table, context, who);
  read_incidents(table, context, who);
  who.permission = read_permission(table, context, who.kind);
  refuse_night(who, table, context);
  table.finish();
  out.push_back(std::move(who));
}

}  // namespace

std::optional<domain::day_hours> hours_of(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto from = minute_of(text.substr(0, dash));
  const auto until = minute_of(text.substr(dash + 1));
  if (!from || !until || *from == *until || *from == 1440) return std::nullopt;
  return domain::day_hours{*from, *until};
}

void read_recipients(table_reader& root, const reading& context, const centre_config& centre,
                     const std::vector<std::string_view>& known,
                     std::vector<domain::recipient_entry>& out) {
  recipients_reading all{context, centre.plugins, known, {}};
  for (const auto* source : root.tables("recipient", "[[recipient]]"))
    read_recipient(*source, all, out);
}

}  // namespace vigie::config::detail
