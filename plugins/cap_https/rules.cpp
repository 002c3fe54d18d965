// SPDX-License-Identifier: Apache-2.0
#include "cap_https/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <pugixml.hpp>
#include <span>

namespace vigie::cap {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view cap_namespace = "urn:oasis:names:tc:emergency:cap:1.2";
constexpr std::size_t any_number = 1000;

// What the text of an element must be; `values` lists the words when it is a choice.
enum class form { text = 1, name, time, language, choice, circle, polygon, number, uri, nested };

struct rule;
using rules = std::span<const rule>;

struct rule {
  std::string_view element;
  std::size_t least;
  std::size_t most;
  form is = form::text;
  std::span<const std::string_view> values{};
  rules inside{};
};

constexpr std::string_view statuses[]{"Actual", "Exercise", "System", "Test", "Draft"};
constexpr std::string_view types[]{"Alert", "Update", "Cancel", "Ack", "Error"};
constexpr std::string_view scopes[]{"Public", "Restricted", "Private"};
constexpr std::string_view categories[]{"Geo",       "Met",   "Safety", "Security",
                                        "Rescue",    "Fire",  "Health", "Env",
                                        "Transport", "Infra", "CBRNE",  "Other"};
constexpr std::string_view responses[]{"Shelter", "Evacuate", "Prepare",  "Execute", "Avoid",
                                       "Monitor", "Assess",   "AllClear", "None"};
constexpr std::string_view urgencies[]{"Immediate", "Expected", "Future", "Past", "Unknown"};
constexpr std::string_view severities[]{"Extreme", "Severe", "Moderate", "Minor", "Unknown"};
constexpr std::string_view certainties[]{"Observed", "Likely", "Possible", "Unlikely", "Unknown"};

constexpr rule pair_rules[]{{"valueName", 1, 1}, {"value", 1, 1}};

constexpr rule resource_rules[]{{"resourceDesc", 1, 1},       {"mimeType", 1, 1},
                                {"size", 0, 1, form::number}, {"uri", 0, 1, form::uri},
                                {"derefUri", 0, 1},           {"digest", 0, 1}};

constexpr rule area_rules[]{{"areaDesc", 1, 1},
                            {"polygon", 0, any_number, form::polygon},
                            {"circle", 0, any_number, form::circle},
                            {"geocode", 0, any_number, form::nested, {}, pair_rules},
                            {"altitude", 0, 1, form::number},
                            {"ceiling", 0, 1, form::number}};

constexpr rule info_rules[]{{"language", 0, 1, form::language},
                            {"category", 1, any_number, form::choice, categories},
                            {"event", 1, 1},
                            {"responseType", 0, any_number, form::choice, responses},
                            {"urgency", 1, 1, form::choice, urgencies},
                            {"severity", 1, 1, form::choice, severities},
                            {"certainty", 1, 1, form::choice, certainties},
                            {"audience", 0, 1},
                            {"eventCode", 0, any_number, form::nested, {}, pair_rules},
                            {"effective", 0, 1, form::time},
                            {"onset", 0, 1, form::time},
                            {"expires", 0, 1, form::time},
                            {"senderName", 0, 1},
                            {"headline", 0, 1},
                            {"description", 0, 1},
                            {"instruction", 0, 1},
                            {"web", 0, 1, form::uri},
                            {"contact", 0, 1},
                            {"parameter", 0, any_number, form::nested, {}, pair_rules},
                            {"resource", 0, any_number, form::nested, {}, resource_rules},
                            {"area", 0, any_number, form::nested, {}, area_rules}};

constexpr rule alert_rules[]{{"identifier", 1, 1, form::name},
                             {"sender", 1, 1, form::name},
                             {"sent", 1, 1, form::time},
                             {"status", 1, 1, form::choice, statuses},
                             {"msgType", 1, 1, form::choice, types},
                             {"source", 0, 1},
                             {"scope", 1, 1, form::choice, scopes},
                             {"restriction", 0, 1},
                             {"addresses", 0, 1},
                             {"code", 0, any_number},
                             {"note", 0, 1},
                             {"references", 0, 1},
                             {"incidents", 0, 1},
                             {"info", 0, any_number, form::nested, {}, info_rules}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int two_digits(std::string_view text, std::size_t at) {
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

// dddd-dd-ddTdd:dd:dd[+-]dd:dd with numbers that a calendar has.
bool is_cap_time(std::string_view text) {
  constexpr std::string_view shape = "0000-00-00T00:00:00+00:00";
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == '0' && !is_digit(text[i])) return false;
    if (shape[i] == '+' && text[i] != '+' && text[i] != '-') return false;
    if (shape[i] != '0' && shape[i] != '+' && text[i] != shape[i]) return false;
  }
  const int year = two_digits(text, 0) * 100 + two_digits(text, 2);
  const int month = two_digits(text, 5);
  const int day = two_digits(text, 8);
  constexpr int lengths[]{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month >= 1 && month <= 12 && day >= 1 && day <= lengths[month - 1] &&
         (month != 2 || day < 29 || is_leap) && two_digits(text, 11) < 24 &&
         two_digits(text, 14) < 60 && two_digits(text, 17) < 60 && two_digits(text, 20) <= 14 &&
         two_digits(text, 23) < 60;
}

bool is_number(std::string_view text, double least, double most) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value >= least &&
         value <= most;
}

bool is_point(std::string_view text) {
  const std::size_t comma = text.find(',');
  return comma != std::string_view::npos && is_number(text.substr(0, comma), -90, 90) &&
         is_number(text.substr(comma + 1), -180, 180);
}

bool is_circle(std::string_view text) {
  const std::size_t blank = text.find(' ');
  return blank != std::string_view::npos && is_point(text.substr(0, blank)) &&
         is_number(text.substr(blank + 1), 0, 20'040);
}

// At least four points, the last equal to the first.
bool is_polygon(std::string_view text) {
  std::vector<std::string_view> points;
  while (!text.empty()) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    points.push_back(text.substr(0, blank));
    if (!is_point(points.back())) return false;
    text.remove_prefix(std::min(blank + 1, text.size()));
  }
  return points.size() >= 4 && points.front() == points.back();
}

// RFC 3066: groups of one to eight letters or digits.
bool is_language(std::string_view text) {
  std::size_t group = 0;
  for (const char c : text) {
    if (c == '-') {
      if (group == 0) return false;
      group = 0;
    } else if (!std::isalnum(static_cast<unsigned char>(c)) || ++group > 8) {
      return false;
    }
  }
  return group > 0;
}

bool has_form(const rule& r, std::string_view text) {
  switch (r.is) {
    case form::name:
      return !text.empty() && text.find_first_of(" ,<&\t\r\n") == text.npos;
    case form::time:
      return is_cap_time(text);
    case form::language:
      return is_language(text);
    case form::choice:
      return std::find(r.values.begin(), r.values.end(), text) != r.values.end();
    case form::circle:
      return is_circle(text);
    case form::polygon:
      return is_polygon(text);
    case form::number:
      return is_number(text, -1e12, 1e12);
    case form::uri:
      return !text.empty() && text.find_first_of(" <>\"") == text.npos;
    case form::text:
    case form::nested:
      break;
  }
  return !text.empty();
}

void check_children(pugi::xml_node node, rules expected, std::vector<std::string>& breaches) {
  std::vector<std::size_t> counts(expected.size(), 0);
  std::size_t reached = 0;
  for (const pugi::xml_node child : node.children()) {
    if (child.type() != pugi::node_element) {
      if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
        breaches.push_back(fmt::format("{} holds text between its elements", node.name()));
      continue;
    }
    const std::string_view name = child.name();
    const auto found = std::find_if(expected.begin(), expected.end(),
                                    [&](const rule& r) { return r.element == name; });
    if (found == expected.end()) {
      breaches.push_back(fmt::format("{} is no element of {}", name, node.name()));
      continue;
    }
    const auto place = static_cast<std::size_t>(found - expected.begin());
    if (place < reached)
      breaches.push_back(fmt::format("{} stands after {}", name, expected[reached].element));
    reached = std::max(reached, place);
    ++counts[place];
    if (found->is == form::nested)
      check_children(child, found->inside, breaches);
    else if (!has_form(*found, child.child_value()))
      breaches.push_back(fmt::format("{} has an impossible value", name));
  }
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (counts[i] < expected[i].least)
      breaches.push_back(fmt::format("{} is missing in {}", expected[i].element, node.name()));
    if (counts[i] > expected[i].most)
      breaches.push_back(fmt::format("{} stands {} times", expected[i].element, counts[i]));
  }
}

void check_conditions(pugi::xml_node alert, std::vector<std::string>& breaches) {
  const std::string_view scope = alert.child_value("scope");
  const std::string_view type = alert.child_value("msgType");
  if (scope == "Private" && !alert.child("addresses"))
    breaches.emplace_back("scope Private needs addresses");
  if (scope == "Restricted" && !alert.child("restriction"))
    breaches.emplace_back("scope Restricted needs a restriction");
  if (type != "Alert" && !alert.child("references"))
    breaches.push_back(fmt::format("msgType {} needs references", type));
  if (type == "Alert" && !alert.child("info")) breaches.emplace_back("an Alert needs an info");
}

}  // namespace

std::vector<std::string> breaches_of(std::string_view xml) {
  pugi::xml_document document;
  const auto parsed = document.load_buffer(xml.data(), xml.size(),
                                           pugi::parse_default | pugi::parse_ws_pcdata_single);
  if (!parsed) return {fmt::format("no XML: {}", parsed.description())};
  const pugi::xml_node alert = document.document_element();
  if (std::string_view{alert.name()} != "alert") return {"the root is not alert"};
  std::vector<std::string> breaches;
  if (std::string_view{alert.attribute("xmlns").value()} != cap_namespace)
    breaches.emplace_back("alert is not in the namespace of CAP 1.2");
  if (alert.next_sibling()) breaches.emplace_back("something follows alert");
  check_children(alert, alert_rules, breaches);
  check_conditions(alert, breaches);
  return breaches;
}

}  // namespace vigie::cap
