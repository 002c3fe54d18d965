// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <random>

#include "onvif/addresses.hpp"
#include "onvif/answers.hpp"
#include "onvif/backoff.hpp"
#include "onvif/discovery.hpp"
#include "onvif/event_pump.hpp"
#include "onvif/requests.hpp"
#include "onvif/security.hpp"
#include "onvif/topics.hpp"
#include "onvif/xml.hpp"

using namespace vigie::onvif;
using namespace std::chrono_literals;

namespace {

message answer_of(const std::string& body) {
  auto read = read_answer(200, envelope("", body));
  REQUIRE(read);
  return std::move(*read);
}

std::string notification(const std::string& topic, const std::string& item,
                         const std::string& declared = "http://www.onvif.org/ver10/topics") {
  return "<tev:PullMessagesResponse xmlns:tns1=\"" + declared +
         "\"><wsnt:NotificationMessage><wsnt:Topic>" + topic +
         "</wsnt:Topic><wsnt:Message><tt:Message UtcTime=\"2026-11-21T20:15:33Z\" "
         "PropertyOperation=\"Changed\"><tt:Source><tt:SimpleItem Name=\"Source\" "
         "Value=\"VideoSource_2\"/></tt:Source><tt:Data>" +
         item +
         "</tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>"
         "</tev:PullMessagesResponse>";
}
const std::string state_true = "<tt:SimpleItem Name=\"State\" Value=\"true\"/>";

}  // namespace

TEST_SUITE("plugins/onvif") {
  TEST_CASE("security: the password is proved, not shown") {
    CHECK(password_digest("abc", "", "") == "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");  // SHA-1 of "abc"
    const std::string header = security_header({"us<er", "secret"}, "0123456789abcdef", "now");
    CHECK(header.find("secret") == std::string::npos);
    CHECK(header.find("us&lt;er") != std::string::npos);
    CHECK(security_header({"", "secret"}, "n", "now").empty());
  }

  TEST_CASE("xml: hostile documents are refused") {
    CHECK_FALSE(
        parse_bounded("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"));
    CHECK_FALSE(parse_bounded("<a>" + std::string(max_message_bytes, ' ') + "</a>"));
    std::string deep;
    for (int i = 0; i < 65; ++i) deep += "<a>";
    for (int i = 0; i < 65; ++i) deep += "</a>";
    CHECK_FALSE(parse_bounded(deep));
    CHECK_FALSE(parse_bounded(""));
    CHECK(parse_bounded("<a><b/></a>"));
  }

  TEST_CASE("xml: an answer cut at any byte is refused or read, never more") {
    const std::string whole =
        envelope("", notification("tns1:VideoSource/MotionAlarm", state_true));
    for (std::size_t cut = 0; cut < whole.size(); ++cut)
      CHECK_FALSE(read_answer(200, whole.substr(0, cut)));
    CHECK(read_answer(200, whole));
    std::minstd_rand random{7};
    for (int i = 0; i < 500; ++i) {
      std::string broken = whole;
      for (int k = 0; k < 4; ++k)
        broken[random() % broken.size()] = static_cast<char>(random() % 256);
      if (auto read = read_answer(200, broken)) {
        drop_counts dropped;
        for (const auto& e : read_notifications(*read, 1, {5, 0}, dropped)) CHECK(e.camera == 1);
      }
    }
  }

  TEST_CASE("soap: faults become statuses") {
    const auto code = [](const std::string& sub) {
      return read_answer(400, envelope("",
                                       "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode>"
                                       "<s:Value>" +
                                           sub + "</s:Value></s:Subcode></s:Code></s:Fault>"))
          .error()
          .code;
    };
    CHECK(code("ter:NotAuthorized") == VIGIE_E_AUTH);
    CHECK(code("ter:ActionNotSupported") == VIGIE_E_UNSUPPORTED);
    CHECK(code("ter:NoProfile") == VIGIE_E_NOT_FOUND);
    CHECK(code("ter:Whatever") == VIGIE_E_IO);
    CHECK(read_answer(401, "").error().code == VIGIE_E_AUTH);
    CHECK(read_answer(500, "").error().code == VIGIE_E_IO);
  }

  TEST_CASE("topics: only the closed list passes, persons' attributes never") {
    std::int32_t type = 0;
    CHECK(judge_topic("VideoSource/ImageTooDark/ImagingService", type) == verdict::device_fact);
    CHECK(type == VIGIE_DEVICE_IMAGE_TOO_DARK);
    for (const char* path :
         {"RuleEngine/Recognition/Face", "RuleEngine/Recognition/LicensePlate",
          "RuleEngine/AudioDetector/Class", "VideoSource/Radiometry/BodyTemperatureAlarm",
          "Any/HumanFace/Gender", "HumanBody/Clothing/Tops", "VideoSource/MotionAlarm/Hijab"})
      CHECK(judge_topic(path, type) == verdict::personal);
    for (const char* path :
         {"RuleEngine/LoiteringDetector/X", "RuleEngine/LineDetector/Crossed",
          "RuleEngine/FieldDetector/ObjectsInside", "RuleEngine/CountAggregation/Counter"})
      CHECK(judge_topic(path, type) == verdict::gated);
    CHECK(judge_topic("VideoSource/MotionAlarmX", type) == verdict::unlisted);
    CHECK(judge_topic("", type) == verdict::unlisted);
  }

  TEST_CASE("topics: the namespace decides, not the prefix") {
    drop_counts dropped;
    CHECK(read_notifications(answer_of(notification("tns1:VideoSource/MotionAlarm", state_true)), 4,
                             {9, 0}, dropped)
              .size() == 1);
    CHECK(read_notifications(
              answer_of(notification("tns1:VideoSource/MotionAlarm", state_true, "urn:acme")), 4,
              {9, 0}, dropped)
              .empty());
    CHECK(dropped.unlisted == 1);
  }

  TEST_CASE("notifications: type, state, time and a bounded channel, and nothing else") {
    drop_counts dropped;
    const auto facts =
        read_notifications(answer_of(notification("tns1:VideoSource/SignalLoss", state_true)), 4,
                           {1'795'292'140'000'000, 0}, dropped);
    REQUIRE(facts.size() == 1);
    CHECK(facts[0].type == VIGIE_DEVICE_SIGNAL_LOSS);
    CHECK(facts[0].active == 1);
    CHECK(facts[0].channel == 2);
    CHECK(facts[0].at_utc_us == 1795292133000000);
    CHECK(read_notifications(answer_of(notification("tns1:VideoSource/SignalLoss", "")), 4, {9, 0},
                             dropped)
              .empty());
  }

  TEST_CASE("notifications: a wrong clock of the device is taken out of their times") {
    constexpr std::int64_t second = 1'000'000, year = 31'536'000 * second, arrived = 50 * year;
    CHECK(event_time(arrived - 3 * second, {arrived, 0}) == arrived - 3 * second);
    // Its clock is as right as it can be told: whole seconds and a way of its own.
    CHECK(event_time(arrived - 3 * second, {arrived, second}) == arrived - 3 * second);
    // A dead battery: eleven years behind.
    CHECK(event_time(arrived - 11 * year - 3 * second, {arrived, -11 * year}) ==
          arrived - 3 * second);
    // An hour ahead.
    CHECK(event_time(arrived + 3590 * second, {arrived, 3600 * second}) == arrived - 10 * second);
    CHECK(event_time(arrived + 7 * second, {arrived, 0}) == arrived);
    CHECK(event_time(std::nullopt, {arrived, year}) == arrived);
  }

  TEST_CASE("polls: a device that does not wait is asked once a second") {
    CHECK(pause_after_poll(false, 20s) == 0ms);
    CHECK(pause_after_poll(false, 1ms) == 999ms);
    CHECK(pause_after_poll(true, 1ms) == 99ms);
    CHECK(pause_after_poll(true, 100ms) == 0ms);
  }

  TEST_CASE("times and durations") {
    CHECK(read_xml_time("2026-11-21T20:15:33Z") == 1795292133000000);
    CHECK(read_xml_time("2026-11-21T20:15:33.25Z") == 1795292133250000);
    CHECK(read_xml_time("2026-11-21T21:15:33+01:00") == 1795292133000000);
    CHECK_FALSE(read_xml_time("2026-13-21T20:15:33Z"));
    CHECK_FALSE(read_xml_time("yesterday"));
    CHECK(xml_time(1795292133250000) == "2026-11-21T20:15:33.250Z");
    CHECK(xml_duration(1500ms) == "PT1.500S");
    CHECK(xml_duration(20s) == "PT20S");
  }

  TEST_CASE("addresses: the device's host, no credentials, no way down from https") {
    CHECK(device_service("http://10.0.0.1") == std::string{"http://10.0.0.1/onvif/device_service"});
    CHECK_FALSE(device_service("http://u:p@10.0.0.1"));
    CHECK_FALSE(device_service("file:///etc/passwd"));
    const std::string device = "http://10.0.0.1:81/onvif/device_service";
    CHECK(on_device_host("http://192.0.2.1/onvif/media", device, false) ==
          std::string{"http://10.0.0.1:81/onvif/media"});
    CHECK(on_device_host("http://10.0.0.1:82/m", device, false) ==
          std::string{"http://10.0.0.1:82/m"});
    CHECK(on_device_host("http://192.0.2.1/m", device, true) == std::string{"http://192.0.2.1/m"});
    CHECK(on_device_host("http://10.0.0.1/m", "https://10.0.0.1/d", false) ==
          std::string{"https://10.0.0.1/m"});
    CHECK_FALSE(on_device_host("gopher://10.0.0.1/m", device, false));
    CHECK(stream_on_device_host("rtsp://a:b@192.0.2.1:8554/s?x=1", device, false) ==
          std::string{"rtsp://10.0.0.1:8554/s?x=1"});
    CHECK_FALSE(stream_on_device_host("http://10.0.0.1/s", device, false));
    CHECK_FALSE(stream_on_device_host("rtsp://h/" + std::string(600, 'x'), device, false));
  }

  TEST_CASE("profiles: the wanted one, else H.264, else any video") {
    const std::vector<profile> all{{"a", "JPEG", "s", false}, {"b", "H264", "s", true}};
    CHECK(choose_profile(all, "")->token == "b");
    CHECK(choose_profile(all, "a")->token == "a");
    CHECK(choose_profile(all, "c") == nullptr);
    CHECK(choose_profile({{"x", "", "s", false}}, "") == nullptr);
  }

  TEST_CASE("back-off: grows, is bounded, and is minutes after a refusal") {
    CHECK(back_off(1, false, 1.0) == 1000ms);
    CHECK(back_off(3, false, 1.0) == 4000ms);
    CHECK(back_off(100, false, 1.0) == 60s);
    CHECK(back_off(100, false, 0.0) == 100ms);
    CHECK(back_off(1, true, 0.0) == 150s);
  }

  TEST_CASE("discovery: answers to another question and malformed ones are none") {
    const std::string match =
        "<e:Envelope xmlns:e=\"x\"><e:Header><RelatesTo>urn:uuid:1</RelatesTo></e:Header><e:Body>"
        "<ProbeMatches><ProbeMatch><EndpointReference><Address>urn:uuid:2</Address>"
        "</EndpointReference><Scopes>onvif://www.onvif.org/name/A%20b%0A</Scopes>"
        "<XAddrs>http://[fe80::1]/x http://10.0.0.9/x</XAddrs></ProbeMatch></ProbeMatches></e:Body>"
        "</e:Envelope>";
    REQUIRE(read_probe_matches(match, "urn:uuid:1").size() == 1);
    CHECK(read_probe_matches(match, "urn:uuid:1")[0].address == "http://10.0.0.9/x");
    CHECK(read_probe_matches(match, "urn:uuid:1")[0].name == "A b");
    CHECK(read_probe_matches(match, "urn:uuid:3").empty());
    for (std::size_t cut = 0; cut < match.size(); ++cut)
      CHECK(read_probe_matches(match.substr(0, cut), "urn:uuid:1").empty());
    CHECK(fresh_message_id().size() == 45);
    CHECK(fresh_message_id() != fresh_message_id());
    CHECK(parse_target("127.0.0.1:3702"));
    CHECK_FALSE(parse_target("127.0.0.1"));
    CHECK_FALSE(parse_target("host:99999"));
  }
}
