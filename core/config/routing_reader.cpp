// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "config/detail/readers.hpp"

namespace vigie::config::detail {
namespace {

domain::jurisdiction_zone read_zone(const toml::table& source, const reading& context,
                                    const std::vector<std::string_view>& known) {
  table_reader table{source, "a zone", context.log};
  domain::jurisdiction_zone out;
  out.line = table.here().line;
  if (const auto code = table.text("commune")) {
    if (auto id = take_commune(*code, known, context)) out.commune = std::move(*id);
  } else if (!table.key_place("commune")) {
    context.log.add(table.here(), "a zone has no commune", "write commune = \"95018\"");
  }
  if (const auto name = table.text("force")) {
    const auto force = domain::state_force_from(name->value);
    if (force)
      out.force = *force;
    else
      context.log.add(name->at, fmt::format("\"{}\" is no force with zones", name->value),
                      remedy_for(name->value, domain::state_force_names()));
  } else if (!table.key_place("force")) {
    context.log.add(table.here(), "a zone has no force",
                    "write force = \"police\" or force = \"gendarmerie\"");
  }
  out.valid = read_dates(table, context, "from", "until");
  out.area = read_area(table, context);
  table.finish();
  return out;
}

void refuse_contradictions(const std::vector<domain::jurisdiction_zone>& zones,
                           const reading& context) {
  for (std::size_t i = 0; i < zones.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (!zones[i].commune.empty() && domain::contradict(zones[i], zones[k]))
        context.log.add({zones[i].line, 1},
                        fmt::format("this zone and the one of line {} give commune {} to two "
                                    "forces at one time",
                                    zones[k].line, zones[i].commune.str()),
                        "end one before the other begins (until, from), or part their polygons");
}

}  // namespace

std::optional<commune_id> take_commune(const written<std::string>& code,
                                       const std::vector<std::string_view>& known,
                                       const reading& context) {
  std::string id = code.value;
  std::transform(id.begin(), id.end(), id.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (std::find(known.begin(), known.end(), id) != known.end()) return commune_id{std::move(id)};
  const auto meant = nearest(id, known);
  context.log.add(code.at, fmt::format("\"{}\" is no commune of this centre", code.value),
                  meant.empty() ? "write the insee of a [[commune]] of this file"
                                : fmt::format("did you mean {}?", meant));
  return std::nullopt;
}

domain::date_range read_dates(table_reader& table, const reading& context,
                              std::string_view from_key, std::string_view until_key) {
  domain::date_range out;
  const auto from = table.date(from_key);
  const auto until = table.date(until_key);
  if (from) out.from = from->value;
  if (until) out.until = until->value;
  if (from && until && until->value < from->value)
    context.log.add(until->at, fmt::format("{} is before {}", until_key, from_key),
                    "write the first and the last day, both included");
  return out;
}

domain::polygon read_area(table_reader& table, const reading& context) {
  auto area = table.polygon("polygon");
  if (!area) return {};
  if (!domain::is_area(area->value)) {
    context.log.add(area->at, "the polygon is no area",
                    "write at least three corners in their order around it, so that no edge "
                    "crosses another");
    return {};
  }
  return std::move(area->value);
}

void read_routing(table_reader& root, const reading& context, const centre_config& centre,
                  domain::routing_table& out) {
  std::vector<std::string_view> known;
  for (const auto& commune : centre.topology.communes) known.push_back(commune.id.str());
  for (const auto* source : root.tables("zone", "[[zone]]"))
    out.zones.push_back(read_zone(*source, context, known));
  refuse_contradictions(out.zones, context);
  read_recipients(root, context, centre, known, out.recipients);
}

}  // namespace vigie::config::detail
