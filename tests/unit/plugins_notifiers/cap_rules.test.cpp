// SPDX-License-Identifier: Apache-2.0
#include "cap_https/rules.hpp"

#include <doctest/doctest.h>

#include "cap_https/alert.hpp"
#include "recipients/cap_desk.hpp"
#include "sample.hpp"

using namespace vigie;

namespace {

std::string good() {
  return *cap::write_alert({"csu.demo.example", "CSU", {}}, vigie::test::sample());
}

struct damage {
  const char* what;
  const char* from;
  const char* to;
};

// Each is one rule of the CAP 1.2 schema or of its conditional elements.
const damage damages[]{
    {"namespace of CAP 1.1", "cap:1.2", "cap:1.1"},
    {"no identifier", "<identifier>inc-42%2Fcorg-95</identifier>", ""},
    {"empty identifier", "inc-42%2Fcorg-95", ""},
    {"blank in the identifier", "inc-42%2F", "inc 42"},
    {"comma in the sender", "csu.demo", "csu,demo"},
    {"escaped ampersand in the sender", "csu.demo", "csu&amp;demo"},
    {"escaped angle bracket in the sender", "csu.demo", "csu&lt;demo"},
    {"Z instead of an offset", "<sent>2026-11-21T18:14:00+01:00", "<sent>2026-11-21T17:14:00Z"},
    {"no offset", "<sent>2026-11-21T18:14:00+01:00", "<sent>2026-11-21T18:14:00"},
    {"fractions of a second", "<sent>2026-11-21T18:14:00", "<sent>2026-11-21T18:14:00.5"},
    {"month 13", "<sent>2026-11", "<sent>2026-13"},
    {"hour 24", "<sent>2026-11-21T18", "<sent>2026-11-21T24"},
    {"Z in onset", "<onset>2026-11-21T18:14:00+01:00", "<onset>2026-11-21T17:14:00Z"},
    {"unknown status", "Actual", "Real"},
    {"status in small letters", "Actual", "actual"},
    {"unknown msgType", "<msgType>Alert", "<msgType>Alarm"},
    {"Update without references", "<msgType>Alert", "<msgType>Update"},
    {"unknown scope", "Private", "Secret"},
    {"Private without addresses", "<addresses>corg-95</addresses>", ""},
    {"two statuses", "<status>Actual</status>", "<status>Actual</status><status>Actual</status>"},
    {"scope after addresses", "<scope>Private</scope>\n <addresses>corg-95</addresses>",
     "<addresses>corg-95</addresses><scope>Private</scope>"},
    {"sender before identifier",
     "<identifier>inc-42%2Fcorg-95</identifier>\n "
     "<sender>csu.demo.example</sender>",
     "<sender>csu.demo.example</sender><identifier>inc-42%2Fcorg-95</identifier>"},
    {"unknown element", "<incidents>", "<priority>1</priority><incidents>"},
    {"no category", "<category>Security</category>", ""},
    {"unknown category", ">Security<", ">Police<"},
    {"no event", "<event>Intrusion</event>", ""},
    {"no urgency", "<urgency>Immediate</urgency>", ""},
    {"unknown urgency", "Immediate", "Now"},
    {"unknown severity", "Severe", "Bad"},
    {"unknown certainty", "Observed", "Sure"},
    {"severity before urgency", "<urgency>Immediate</urgency>\n  <severity>Severe</severity>",
     "<severity>Severe</severity><urgency>Immediate</urgency>"},
    {"headline before onset", "<onset>", "<headline>x</headline><onset>"},
    {"value before its name", "<valueName>camera</valueName>\n   <value>cam-0001</value>",
     "<value>cam-0001</value><valueName>camera</valueName>"},
    {"parameter without value", "<value>cam-0001</value>", ""},
    {"no areaDesc", "<areaDesc>Collège Hugo, Argenteuil</areaDesc>", ""},
    {"circle without radius", "2.246700 0.0", "2.246700"},
    {"circle without latitude", "48.947500,", ""},
    {"area before parameter", "<parameter>",
     "<area><areaDesc>x</areaDesc><geocode><valueName>INSEE</valueName><value>1</value></geocode>"
     "</area><parameter>"},
    {"cut off", "</alert>", ""},
    {"another root", "alert", "alarm"},
};

std::string replaced(std::string text, const std::string& from, const std::string& to,
                     bool everywhere) {
  std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  for (; at != std::string::npos; at = everywhere ? text.find(from, at + to.size()) : text.npos)
    text.replace(at, from.size(), to);
  return text;
}

}  // namespace

TEST_CASE("cap rules: both validators accept the sample") {
  CHECK(cap::breaches_of(good()).empty());
  CHECK(simulators::judge_cap(good()).breaches.empty());
}

TEST_CASE("cap rules: each damage is seen by the sender's and by the recipient's validator") {
  for (const damage& one : damages) {
    CAPTURE(one.what);
    const std::string xml =
        replaced(good(), one.from, one.to, std::string_view{one.from} == "alert");
    CHECK_FALSE(cap::breaches_of(xml).empty());
    CHECK_FALSE(simulators::judge_cap(xml).breaches.empty());
  }
}

TEST_CASE("cap rules: no prefix of a message passes, and none upsets the validators") {
  const std::string xml = good();
  const std::size_t whole = xml.find("</alert>") + 8;
  for (std::size_t length = 0; length < whole; ++length) {
    CHECK_FALSE(cap::breaches_of(xml.substr(0, length)).empty());
    CHECK_FALSE(simulators::judge_cap(xml.substr(0, length)).breaches.empty());
  }
}

TEST_CASE("cap rules: an Ack needs references and no info") {
  const simulators::cap_message about{"id",       "a.example", "2026-11-21T18:14:00+01:00",
                                      "Exercise", "Alert",     {}};
  const std::string ack = simulators::write_cap_reply(about, "Ack", "b.example", "ack-1",
                                                      "2026-11-21T17:15:00-00:00", "vu");
  CHECK(cap::breaches_of(ack).empty());
  CHECK(simulators::judge_cap(ack).breaches.empty());
  CHECK_FALSE(cap::breaches_of(replaced(ack,
                                        "<references>a.example,id,2026-11-21T18:14:00+01:00"
                                        "</references>",
                                        "", false))
                  .empty());
}
