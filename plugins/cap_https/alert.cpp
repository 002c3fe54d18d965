// SPDX-License-Identifier: Apache-2.0
#include "cap_https/alert.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <pugixml.hpp>
#include <sstream>
#include <utility>

#include "common_notifier/french.hpp"

namespace vigie::cap {

namespace {

using namespace std::string_view_literals;
using notifier::notification;

struct category_row {
  std::string_view event;
  std::array<std::string_view, 2> categories;
};

// CAP has no word for most of what a camera sees; "Security" is law enforcement and private
// security, "Safety" general emergency (CAP 1.2 §3.2.2, category).
constexpr std::array category_table{
    category_row{"intrusion", {"Security"}},
    category_row{"assault", {"Security"}},
    category_row{"theft", {"Security"}},
    category_row{"burglary", {"Security"}},
    category_row{"vandalism", {"Security"}},
    category_row{"brawl", {"Security"}},
    category_row{"crowd", {"Security"}},
    category_row{"weapon", {"Security"}},
    category_row{"panic_button", {"Security"}},
    category_row{"abandoned_object", {"Security", "Safety"}},
    category_row{"fire", {"Fire"}},
    category_row{"fall", {"Rescue", "Health"}},
    category_row{"person_down", {"Rescue", "Health"}},
    category_row{"rescue", {"Rescue", "Health"}},
    category_row{"dumping", {"Env"}},
    category_row{"flood", {"Geo", "Met"}},
    category_row{"traffic", {"Transport"}},
    category_row{"road_accident", {"Transport", "Rescue"}},
};

struct pressure {
  const char* urgency;
  const char* severity;
};

pressure pressure_of(std::int32_t priority) {
  switch (priority) {
    case 1:
      return {"Immediate", "Severe"};
    case 2:
      return {"Immediate", "Moderate"};
    case 3:
      return {"Expected", "Moderate"};
    case 4:
      return {"Expected", "Minor"};
    case 5:
      return {"Future", "Minor"};
    default:
      return {"Unknown", "Unknown"};
  }
}

const char* status_of(const notification& n) {
  if (n.status == VIGIE_NOTIFY_ACTUAL) return "Actual";
  return n.status == VIGIE_NOTIFY_EXERCISE ? "Exercise" : "Test";
}

void add(pugi::xml_node to, const char* name, std::string_view text) {
  to.append_child(name).text().set(std::string{text}.c_str());
}

void add_if(pugi::xml_node to, const char* name, std::string_view text) {
  if (!text.empty()) add(to, name, text);
}

void add_pair(pugi::xml_node to, const char* name, const char* value_name, std::string_view value) {
  if (value.empty()) return;
  pugi::xml_node pair = to.append_child(name);
  add(pair, "valueName", value_name);
  add(pair, "value", value);
}

// addresses and incidents are lists with blanks between; an entry with blanks stands in quotes.
std::string list_entry(const std::string& text) {
  if (text.find(' ') == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text)
    if (c != '"') quoted += c;
  return quoted + '"';
}

std::string coordinate(std::int32_t microdeg) {
  const auto magnitude = std::abs(static_cast<std::int64_t>(microdeg));
  return fmt::format("{}{}.{:06}", microdeg < 0 ? "-" : "", magnitude / 1'000'000,
                     magnitude % 1'000'000);
}

// A mark in the words too: a reader may show nothing but the headline.
std::string marked(const notification& n, const std::string& text) {
  const std::string_view mark = notifier::mark_of(n);
  return mark.empty() || text.empty() ? text : fmt::format("{} - {}", mark, text);
}

void write_area(pugi::xml_node info, const notification& n) {
  pugi::xml_node area = info.append_child("area");
  add(area, "areaDesc", !n.place.empty() ? n.place : fmt::format("Commune {}", n.commune_insee));
  if (n.has_position())
    add(area, "circle",
        fmt::format("{},{} 0.0", coordinate(n.latitude_microdeg),
                    coordinate(n.longitude_microdeg)));
  add_pair(area, "geocode", "INSEE", n.commune_insee);
}

void write_info(pugi::xml_node alert, const author& from, const notification& n) {
  pugi::xml_node info = alert.append_child("info");
  add(info, "language", "fr-FR");
  for (const std::string_view category : categories_of(n.event)) add(info, "category", category);
  add(info, "event", notifier::event_in_french(n.event));
  const auto [urgency, severity] = pressure_of(n.priority);
  add(info, "urgency", urgency);
  add(info, "severity", severity);
  add(info, "certainty", n.has_human_verdict ? "Observed" : "Unknown");
  add_pair(info, "eventCode", "vigie", n.event);
  add(info, "onset", cap_time(notifier::civil_in(from.zone, n.at_utc_us)));
  add_if(info, "senderName", from.sender_name);
  add_if(info, "headline", marked(n, n.headline));
  add_if(info, "description", marked(n, n.description));
  add_if(info, "instruction", n.instruction);
  add_pair(info, "parameter", "camera", n.camera);
  write_area(info, n);
}

}  // namespace

std::vector<std::string_view> categories_of(std::string_view event) {
  for (const category_row& row : category_table) {
    if (row.event != event) continue;
    std::vector<std::string_view> found{row.categories[0]};
    if (!row.categories[1].empty()) found.push_back(row.categories[1]);
    return found;
  }
  return {"Other"};
}

message_name name_of(const author& from, const notification& n) {
  return {from.sender, notifier::encode_key(n.key),
          cap_time(notifier::civil_in(from.zone, n.at_utc_us))};
}

notifier::result<std::string> write_alert(const author& from, const notification& n) {
  if (notifier::is_technical(n.event))
    return notifier::fail(VIGIE_E_UNSUPPORTED, "an outage of equipment is no CAP alert");
  if (n.event.empty()) return notifier::fail(VIGIE_E_INVALID, "a CAP alert needs an event");
  if (n.place.empty() && n.commune_insee.empty())
    return notifier::fail(VIGIE_E_INVALID, "a CAP alert needs a place or a commune");
  const message_name name = name_of(from, n);
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node alert = document.append_child("alert");
  alert.append_attribute("xmlns") = "urn:oasis:names:tc:emergency:cap:1.2";
  add(alert, "identifier", name.identifier);
  add(alert, "sender", name.sender);
  add(alert, "sent", name.sent);
  add(alert, "status", status_of(n));
  add(alert, "msgType", "Alert");
  add(alert, "scope", "Private");
  add(alert, "addresses", list_entry(n.recipient));
  if (!n.incident.empty()) add(alert, "incidents", list_entry(n.incident));
  write_info(alert, from, n);
  std::ostringstream out;
  document.save(out, " ", pugi::format_indent, pugi::encoding_utf8);
  return std::move(out).str();
}

}  // namespace vigie::cap
