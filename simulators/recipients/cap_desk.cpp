// SPDX-License-Identifier: Apache-2.0
#include "recipients/cap_desk.hpp"

#include <fmt/format.h>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <regex>
#include <sstream>

namespace vigie::simulators {

namespace {

using boost::property_tree::ptree;

// An element's children in one line, "identifier sender sent …", so that order and number are one
// regular expression.
std::string children_of(const ptree& node) {
  std::string line;
  for (const auto& [name, child] : node)
    if (name != "<xmlattr>" && name != "<xmlcomment>") line += name + " ";
  return line;
}

const std::regex alert_shape{
    "identifier sender sent status msgType (source )?scope (restriction )?(addresses )?(code "
    ")*(note )?(references )?(incidents )?(info )*"};
const std::regex info_shape{
    "(language )?(category )+event (responseType )*urgency severity certainty (audience "
    ")?(eventCode )*(effective )?(onset )?(expires )?(senderName )?(headline )?(description "
    ")?(instruction )?(web )?(contact )?(parameter )*(resource )*(area )*"};
const std::regex area_shape{"areaDesc (polygon )*(circle )*(geocode )*(altitude )?(ceiling )?"};
const std::regex pair_shape{"valueName value "};
const std::regex time_shape{
    R"(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d[-+](0\d|1[0-4]):[0-5]\d)"};
const std::regex name_shape{"[^\\s,<&]+"};
const std::regex circle_shape{R"(-?\d{1,2}(\.\d+)?,-?\d{1,3}(\.\d+)? \d+(\.\d+)?)"};
const std::regex status_words{"Actual|Exercise|System|Test|Draft"};
const std::regex type_words{"Alert|Update|Cancel|Ack|Error"};
const std::regex category_words{
    "Geo|Met|Safety|Security|Rescue|Fire|Health|Env|Transport|Infra|CBRNE|Other"};
const std::regex urgency_words{"Immediate|Expected|Future|Past|Unknown"};
const std::regex severity_words{"Extreme|Severe|Moderate|Minor|Unknown"};
const std::regex certainty_words{"Observed|Likely|Possible|Unlikely|Unknown"};

class judge {
 public:
  explicit judge(std::vector<std::string>& breaches) : breaches_{breaches} {}

  void must(bool holds, const std::string& what) {
    if (!holds) breaches_.push_back(what);
  }
  void shape(const ptree& node, const std::regex& expected, const char* name) {
    must(std::regex_match(children_of(node), expected),
         fmt::format("the elements of {} are out of order: {}", name, children_of(node)));
  }
  void value(const ptree& node, const char* name, const std::regex& expected) {
    for (const auto& [child, content] : node)
      if (child == name)
        must(std::regex_match(content.data(), expected),
             fmt::format("{} has the value \"{}\"", name, content.data()));
  }
  void pairs(const ptree& node, const char* name) {
    for (const auto& [child, content] : node)
      if (child == name) shape(content, pair_shape, name);
  }

  void area(const ptree& node) {
    shape(node, area_shape, "area");
    value(node, "circle", circle_shape);
    pairs(node, "geocode");
    must(node.get("geocode.valueName", "") == "INSEE", "there is no INSEE geocode");
  }

  void info(const ptree& node, const std::string& status) {
    shape(node, info_shape, "info");
    value(node, "category", category_words);
    value(node, "urgency", urgency_words);
    value(node, "severity", severity_words);
    value(node, "certainty", certainty_words);
    value(node, "effective", time_shape);
    value(node, "onset", time_shape);
    value(node, "expires", time_shape);
    pairs(node, "eventCode");
    pairs(node, "parameter");
    must(node.get("language", "") == "fr-FR", "the language is not fr-FR");
    must(!node.get_child_optional("resource"), "a resource is attached");
    must(status != "Actual" || node.get("certainty", "") == "Observed",
         "an actual alert that nobody observed");
    for (const auto& [child, content] : node)
      if (child == "area") area(content);
  }

 private:
  std::vector<std::string>& breaches_;
};

}  // namespace

cap_message judge_cap(const std::string& xml) {
  cap_message read;
  judge on{read.breaches};
  ptree document;
  try {
    std::istringstream in{xml};
    boost::property_tree::read_xml(in, document, boost::property_tree::xml_parser::trim_whitespace);
  } catch (const boost::property_tree::xml_parser_error& e) {
    read.breaches.push_back("no XML: " + e.message());
    return read;
  }
  const auto alert = document.get_child_optional("alert");
  if (!alert || document.size() != 1) {
    read.breaches.emplace_back("the document is not one alert");
    return read;
  }
  read.identifier = alert->get("identifier", "");
  read.sender = alert->get("sender", "");
  read.sent = alert->get("sent", "");
  read.status = alert->get("status", "");
  read.type = alert->get("msgType", "");
  on.must(alert->get("<xmlattr>.xmlns", "") == "urn:oasis:names:tc:emergency:cap:1.2",
          "the namespace is not CAP 1.2");
  on.shape(*alert, alert_shape, "alert");
  on.value(*alert, "identifier", name_shape);
  on.value(*alert, "sender", name_shape);
  on.value(*alert, "sent", time_shape);
  on.value(*alert, "status", status_words);
  on.value(*alert, "msgType", type_words);
  on.must(alert->get("scope", "") == "Private", "the scope is not Private");
  on.must(!alert->get("addresses", "").empty(), "there are no addresses");
  on.must(read.type == "Alert" || !alert->get("references", "").empty(), "references are missing");
  on.must(read.type != "Alert" || alert->get_child_optional("info"), "there is no info");
  for (const auto& [child, content] : *alert)
    if (child == "info") on.info(content, read.status);
  return read;
}

std::string write_cap_reply(const cap_message& about, std::string_view type,
                            const std::string& sender, const std::string& identifier,
                            const std::string& sent, const std::string& note) {
  return fmt::format(
      "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>{}</identifier>"
      "<sender>{}</sender><sent>{}</sent><status>{}</status><msgType>{}</msgType>"
      "<scope>Private</scope><addresses>{}</addresses><note>{}</note>"
      "<references>{},{},{}</references></alert>",
      identifier, sender, sent, about.status, type, about.sender, note, about.sender,
      about.identifier, about.sent);
}

}  // namespace vigie::simulators
