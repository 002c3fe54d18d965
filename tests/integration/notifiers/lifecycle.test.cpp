// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "recipients_process.hpp"

using namespace vigie::test;

namespace {

constexpr const char* phone_config =
    R"({"centre":"Centre de démonstration","recipients":{"corg-95":{"name":"CORG","number":"17"}}})";

struct row {
  const char* name;
  const char* config;
};

std::string id_of(const std::string& name) { return "fr.vigie." + name; }

}  // namespace

TEST_CASE("phone_script: the operator is given the script, nothing else happens") {
  notifier_rig rig{"phone_script", "fr.vigie.phone_script"};
  rig.run(phone_config);
  CHECK(rig.probe("corg-95").status == VIGIE_OK);
  CHECK(rig.probe("sdis").status == VIGIE_E_NOT_FOUND);
  auto n = sample_notification("inc-42", "corg-95");
  n.status = VIGIE_NOTIFY_EXERCISE;
  REQUIRE(rig.deliver(n).status == VIGIE_OK);
  REQUIRE(rig.reports.size() == 1);
  CHECK(rig.reports[0].outcome == VIGIE_DELIVERY_NEEDS_HUMAN);
  CHECK(rig.reports[0].reference == "17");
  CHECK(rig.reports[0].text.starts_with("*** EXERCICE"));
  CHECK(rig.reports[0].text.find("op-7") == std::string::npos);
  n.recipient = abi_text("sdis");
  CHECK(rig.deliver(n).status == VIGIE_E_NOT_FOUND);
}

TEST_CASE("phone_script: a notification of an older host is read by its size") {
  notifier_rig rig{"phone_script", "fr.vigie.phone_script"};
  rig.run(phone_config);
  auto n = sample_notification("inc-42", "corg-95");
  n.size = offsetof(vigie_notification_t, priority);
  n.priority = 99;
  CHECK(rig.deliver(n).status == VIGIE_OK);
  n.size = offsetof(vigie_notification_t, recipient);
  CHECK(rig.deliver(n).status == VIGIE_E_INVALID);
}

TEST_CASE("notifiers: a configuration that makes no sense is refused with words") {
  const row rows[]{
      {"phone_script", "not json"},
      {"phone_script", "[]"},
      {"phone_script", "{}"},
      {"phone_script", R"({"centre":"C"})"},
      {"phone_script", R"({"centre":"C","recipients":{}})"},
      {"phone_script", R"({"centre":"C","recipients":{"A B":{"name":"x","number":"17"}}})"},
      {"phone_script", R"({"centre":"C","recipients":{"a":{"name":"x","number":"tel:17"}}})"},
      {"phone_script", R"({"centre":"C","recipients":{"a":{"name":"x","numbr":"17"}}})"},
      {"cap_https", R"({"sender":"a b","recipients":{"a":{"url":"https://x"}}})"},
      {"cap_https", R"({"sender":"a","recipients":{"a":{"url":"https://x"}}})"},
      {"cap_https",
       R"({"sender":"a","recipients":{"a":{"url":"http://x","ca":"c","certificate":"c","key":"k"}}})"},
      {"webhook", R"({"recipients":{"a":{"url":"https://x","secret":"short"}}})"},
      {"webhook", R"({"recipients":{"a":{"url":"https://x"}}})"},
      {"smtp", R"({"from":"nobody","recipients":{"a":{"url":"smtp://x","to":["a@b"]}}})"},
      {"smtp", R"({"from":"a@b","recipients":{"a":{"url":"smtp://x","to":[]}}})"},
      {"smtp", R"({"from":"a@b","recipients":{"a":{"url":"https://x","to":["a@b"]}}})"},
      {"smtp",
       R"({"from":"a@b","recipients":{"a":{"url":"smtp://x","to":["a@b"],"username":"u"}}})"},
  };
  for (const row& one : rows) {
    CAPTURE(one.name);
    CAPTURE(one.config);
    notifier_rig rig{one.name, id_of(one.name)};
    const auto answer = rig.init(one.config);
    CHECK(answer.status == VIGIE_E_INVALID);
    CHECK_FALSE(answer.error.empty());
  }
}

TEST_CASE("notifiers: no secret of the configuration is in a refusal") {
  notifier_rig rig{"webhook", "fr.vigie.webhook"};
  const auto answer = rig.init(
      R"({"recipients":{"a":{"url":"https://u:tres-secret@x","secret":"aussi-tres-secret-ici"}}})");
  CHECK(answer.status == VIGIE_E_INVALID);
  CHECK(answer.error.find("tres-secret") == std::string::npos);
}
