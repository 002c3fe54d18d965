// SPDX-License-Identifier: Apache-2.0
#include "cap_https/alert.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "cap_https/rules.hpp"
#include "recipients/cap_desk.hpp"
#include "sample.hpp"

using namespace vigie;
using vigie::test::sample;

namespace {
const cap::author author{"csu.demo.example", "CSU de démonstration", {}};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}
}  // namespace

TEST_CASE("cap: the whole alert, to the letter") {
  const auto xml = cap::write_alert(author, sample());
  REQUIRE(xml);
  CHECK(*xml == R"(<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
 <identifier>inc-42%2Fcorg-95</identifier>
 <sender>csu.demo.example</sender>
 <sent>2026-11-21T18:14:00+01:00</sent>
 <status>Actual</status>
 <msgType>Alert</msgType>
 <scope>Private</scope>
 <addresses>corg-95</addresses>
 <incidents>INC-2026-0042</incidents>
 <info>
  <language>fr-FR</language>
  <category>Security</category>
  <event>Intrusion</event>
  <urgency>Immediate</urgency>
  <severity>Severe</severity>
  <certainty>Observed</certainty>
  <eventCode>
   <valueName>vigie</valueName>
   <value>intrusion</value>
  </eventCode>
  <onset>2026-11-21T18:14:00+01:00</onset>
  <senderName>CSU de démonstration</senderName>
  <headline>Intrusion au collège Hugo</headline>
  <description>Deux individus franchissent la clôture</description>
  <instruction>Accès par la rue des Lilas</instruction>
  <parameter>
   <valueName>camera</valueName>
   <value>cam-0001</value>
  </parameter>
  <area>
   <areaDesc>Collège Hugo, Argenteuil</areaDesc>
   <circle>48.947500,2.246700 0.0</circle>
   <geocode>
    <valueName>INSEE</valueName>
    <value>95018</value>
   </geocode>
  </area>
 </info>
</alert>
)");
}

TEST_CASE("cap: what is simulated says so, in the status and in the words") {
  auto n = sample();
  n.status = VIGIE_NOTIFY_EXERCISE;
  std::string xml = *cap::write_alert(author, n);
  CHECK(has(xml, "<status>Exercise</status>"));
  CHECK(has(xml, "<headline>EXERCICE - "));
  CHECK(has(xml, "<description>EXERCICE - "));
  CHECK_FALSE(has(xml, "Actual"));
  n.status = VIGIE_NOTIFY_TEST;
  n.has_human_verdict = false;
  xml = *cap::write_alert(author, n);
  CHECK(has(xml, "<status>Test</status>"));
  CHECK(has(xml, "<certainty>Unknown</certainty>"));
}

TEST_CASE("cap: categories follow the event") {
  using list = std::vector<std::string_view>;
  CHECK(cap::categories_of("assault") == list{"Security"});
  CHECK(cap::categories_of("fire") == list{"Fire"});
  CHECK(cap::categories_of("fall") == list{"Rescue", "Health"});
  CHECK(cap::categories_of("dumping") == list{"Env"});
  CHECK(cap::categories_of("flood") == list{"Geo", "Met"});
  CHECK(cap::categories_of("traffic") == list{"Transport"});
  CHECK(cap::categories_of("something_new") == list{"Other"});
}

TEST_CASE("cap: an outage of our own equipment is no alert") {
  for (const char* event : {"camera_down", "site_outage", "picture_black", "plugin_fault"}) {
    auto n = sample();
    n.event = event;
    const auto xml = cap::write_alert(author, n);
    REQUIRE_FALSE(xml);
    CHECK(xml.error().status == VIGIE_E_UNSUPPORTED);
  }
}

TEST_CASE("cap: without a place the commune stands for it, without both nothing is sent") {
  auto n = sample();
  n.place.clear();
  CHECK(has(*cap::write_alert(author, n), "<areaDesc>Commune 95018</areaDesc>"));
  n.commune_insee.clear();
  CHECK(cap::write_alert(author, n).error().status == VIGIE_E_INVALID);
}

TEST_CASE("cap: southern and western places keep their sign") {
  auto n = sample();
  n.latitude_microdeg = -500;
  n.longitude_microdeg = -61'000'001;
  CHECK(has(*cap::write_alert(author, n), "<circle>-0.000500,-61.000001 0.0</circle>"));
}

TEST_CASE("cap: an incident with blanks stands in quotes") {
  auto n = sample();
  n.incident = "INC \"42\" bis";
  const std::string xml = *cap::write_alert(author, n);
  const bool is_quoted = has(xml, "<incidents>\"INC 42 bis\"</incidents>") ||
                         has(xml, "<incidents>&quot;INC 42 bis&quot;</incidents>");
  CHECK(is_quoted);
}

TEST_CASE("cap: whatever the texts, both validators accept and no forbidden character is left") {
  std::mt19937 random{2026};
  const auto any_text = [&](std::size_t most) {
    std::string bytes(random() % most, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 3 == 0 ? random() : 32 + random() % 95);
    return bytes;
  };
  for (int round = 0; round < 500; ++round) {
    auto n = sample();
    n.key = "k" + any_text(40);
    n.status = 1 + static_cast<int>(random() % 3);
    n.incident = notifier::clean_text(any_text(30));
    n.event = "x" + notifier::clean_text(any_text(20));
    n.headline = notifier::clean_text(any_text(80));
    n.description = notifier::clean_text(any_text(200));
    n.place = "p" + notifier::clean_text(any_text(50));
    n.camera = notifier::clean_text(any_text(20));
    n.priority = static_cast<int>(random() % 8);
    n.latitude_microdeg = static_cast<int>(random() % 180'000'001) - 90'000'000;
    n.longitude_microdeg = static_cast<int>(random() % 360'000'001) - 180'000'000;
    n.at_utc_us = static_cast<std::int64_t>(random()) * 1'000'000 + 1;
    const auto xml = cap::write_alert(author, n);
    REQUIRE(xml);
    INFO(*xml);
    CHECK(cap::breaches_of(*xml).empty());
    const simulators::cap_message read = simulators::judge_cap(*xml);
    CHECK(read.breaches.empty());
    CHECK(read.identifier == cap::name_of(author, n).identifier);
    CHECK(read.identifier.find_first_of(" ,<&") == std::string::npos);
    CHECK(read.sent.find('Z') == std::string::npos);
    CHECK(std::all_of(xml->begin(), xml->end(),
                      [](char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\n'; }));
  }
}

TEST_CASE("cap: every attempt is the same message") {
  const auto n = sample();
  CHECK(*cap::write_alert(author, n) == *cap::write_alert(author, n));
}
