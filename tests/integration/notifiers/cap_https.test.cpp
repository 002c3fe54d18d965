// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "recipients_process.hpp"

using namespace vigie::test;

namespace {

struct cap_rig : notifier_rig {
  explicit cap_rig(const nlohmann::json& config = cap_config())
      : notifier_rig{"cap_https", "fr.vigie.cap_https"} {
    run(config.dump());
  }
};

nlohmann::json changed(const char* key, const nlohmann::json& value) {
  nlohmann::json config = cap_config();
  config["recipients"]["corg-95"][key] = value;
  return config;
}

const vigie_notification_t alert = sample_notification("inc-42", "corg-95");

}  // namespace

TEST_CASE("cap_https: an alert over mutual TLS is acknowledged and has one effect") {
  const recipients_process sim;
  cap_rig rig;
  CHECK(rig.probe("corg-95").status == VIGIE_OK);
  CHECK(sim.ledger()["taken"].empty());
  const auto answer = rig.deliver(alert);
  INFO(answer.error);
  REQUIRE(answer.status == VIGIE_OK);
  REQUIRE(rig.reports.size() == 1);
  CHECK(rig.reports[0].outcome == VIGIE_DELIVERY_ACKNOWLEDGED);
  CHECK(rig.reports[0].key == "inc-42");
  CHECK(rig.reports[0].recipient == "corg-95");
  CHECK(rig.reports[0].reference == "ack-inc-42");
  const auto taken = sim.only_taken("cap");
  CHECK(taken["effects"] == 1);
  const std::string xml = taken["content"];
  CHECK(xml.find("<status>Actual</status>") != std::string::npos);
  CHECK(xml.find("op-7") == std::string::npos);  // the operator is nobody's business out there
}

TEST_CASE("cap_https: a host name can be pinned to an address, and the certificate fits the name") {
  const recipients_process sim;
  auto config = changed("url", "https://recipient.test:26001/cap");
  config["recipients"]["corg-95"]["address"] = "127.0.0.1";
  cap_rig rig{config};
  CHECK(rig.deliver(alert).status == VIGIE_OK);
  config["recipients"]["corg-95"]["url"] = "https://somebody-else.test:26001/cap";
  cap_rig other{config};
  CHECK(other.deliver(alert).status == VIGIE_E_AUTH);
}

TEST_CASE("cap_https: a stranger's certificate and a stranger's authority are not tried again") {
  const recipients_process sim;
  auto config = changed("certificate", test_certificates().text("stranger.pem"));
  config["recipients"]["corg-95"]["key"] = test_certificates().text("stranger.key");
  cap_rig unknown_here{config};
  CHECK(unknown_here.deliver(alert).status == VIGIE_E_AUTH);
  cap_rig unknown_there{changed("ca", test_certificates().text("stranger-ca.pem"))};
  CHECK(unknown_there.deliver(alert).status == VIGIE_E_AUTH);
  CHECK(unknown_there.probe("corg-95").status == VIGIE_E_AUTH);
  CHECK(sim.ledger()["taken"].empty());
}

TEST_CASE("cap_https: each failure of the recipient has its class") {
  const recipients_process sim;
  cap_rig rig;
  sim.behave("cap", "busy", 1);
  CHECK(rig.deliver(alert).status == VIGIE_E_IO);
  sim.behave("cap", "refuse", 1);
  CHECK(rig.deliver(alert).status == VIGIE_E_AUTH);
  sim.behave("cap", "mute", 1);
  CHECK(rig.deliver(alert).status == VIGIE_E_TIMEOUT);
  CHECK(sim.ledger()["taken"].empty());
  sim.behave("cap", "error_message", 1);
  CHECK(rig.deliver(alert).status == VIGIE_E_UNSUPPORTED);
  CHECK(rig.reports.empty());
}

TEST_CASE("cap_https: nobody at the address is worth another try") {
  cap_rig rig{changed("url", "https://127.0.0.1:26999/cap")};
  CHECK(rig.deliver(alert).status == VIGIE_E_IO);
  CHECK(rig.probe("corg-95").status == VIGIE_E_IO);
}

TEST_CASE("cap_https: lost answers lead to retries, retries to one effect") {
  const recipients_process sim;
  cap_rig rig;
  sim.behave("cap", "drop", 3);
  auto n = alert;
  for (n.attempt = 1; n.attempt <= 3; ++n.attempt) CHECK(rig.deliver(n).status == VIGIE_E_IO);
  CHECK(rig.deliver(n).status == VIGIE_OK);
  // A second instance, as after a crash, knows nothing and sends the same message again.
  cap_rig again;
  CHECK(again.deliver(n).status == VIGIE_OK);
  const auto taken = sim.only_taken("cap");
  CHECK(taken["attempts"] == 5);
  CHECK(taken["effects"] == 1);
  CHECK(taken["conflicts"] == 0);
}

TEST_CASE("cap_https: a delivered key is reported again without being sent again") {
  const recipients_process sim;
  cap_rig rig;
  for (int i = 0; i < 3; ++i) CHECK(rig.deliver(alert).status == VIGIE_OK);
  CHECK(rig.reports.size() == 3);
  CHECK(rig.reports[2].outcome == VIGIE_DELIVERY_ACKNOWLEDGED);
  CHECK(sim.only_taken("cap")["attempts"] == 1);
}

TEST_CASE("cap_https: slow, doubled, foreign and garbled answers") {
  const recipients_process sim;
  const auto outcome_of = [&](const char* behaviour) {
    sim.behave("cap", behaviour, 1, 300);
    cap_rig rig;
    CHECK(rig.deliver(alert).status == VIGIE_OK);
    CHECK(rig.reports.size() == 1);
    return rig.reports.empty() ? 0 : rig.reports[0].outcome;
  };
  CHECK(outcome_of("slow") == VIGIE_DELIVERY_ACKNOWLEDGED);
  CHECK(outcome_of("duplicate_ack") == VIGIE_DELIVERY_ACKNOWLEDGED);
  CHECK(outcome_of("foreign_ack") == VIGIE_DELIVERY_DELIVERED);
  CHECK(outcome_of("garbage") == VIGIE_DELIVERY_DELIVERED);
  CHECK(sim.only_taken("cap")["effects"] == 1);
}

TEST_CASE("cap_https: what must never leave does not leave") {
  const recipients_process sim;
  cap_rig rig;
  auto n = alert;
  n.operator_id = abi_text("");
  CHECK(rig.deliver(n).status == VIGIE_E_INVALID);  // actual without a human's verdict
  n = alert;
  n.status = 9;
  CHECK(rig.deliver(n).status == VIGIE_E_INVALID);
  n = alert;
  n.event = abi_text("camera_down");
  CHECK(rig.deliver(n).status == VIGIE_E_UNSUPPORTED);
  n = alert;
  n.recipient = abi_text("somebody");
  CHECK(rig.deliver(n).status == VIGIE_E_NOT_FOUND);
  CHECK(rig.probe("somebody").status == VIGIE_E_NOT_FOUND);
  CHECK(sim.ledger()["taken"].empty());
  CHECK(sim.ledger()["turned_away"].empty());
}
