// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <chrono>

#include "recipients_process.hpp"

using namespace vigie::test;

namespace {

struct webhook_rig : notifier_rig {
  explicit webhook_rig(const nlohmann::json& config = webhook_config())
      : notifier_rig{"webhook", "fr.vigie.webhook"} {
    run(config.dump());
  }
};

struct smtp_rig : notifier_rig {
  explicit smtp_rig(const nlohmann::json& config = smtp_config())
      : notifier_rig{"smtp", "fr.vigie.smtp"} {
    run(config.dump());
  }
};

const vigie_notification_t alert = sample_notification("inc-42", "corg-95");

}  // namespace

TEST_CASE("webhook: a signed request is believed and has one effect under retries") {
  const recipients_process sim;
  webhook_rig rig;
  CHECK(rig.probe("corg-95").status == VIGIE_OK);
  sim.behave("webhook", "drop", 2);
  CHECK(rig.deliver(alert).status == VIGIE_E_IO);
  CHECK(rig.deliver(alert).status == VIGIE_E_IO);
  CHECK(rig.deliver(alert).status == VIGIE_OK);  // answered 409: taken before
  REQUIRE(rig.reports.size() == 1);
  CHECK(rig.reports[0].outcome == VIGIE_DELIVERY_DELIVERED);
  CHECK(rig.reports[0].reference == "hook-inc-42");
  const auto taken = sim.only_taken("webhook");
  CHECK(taken["attempts"] == 3);
  CHECK(taken["effects"] == 1);
  CHECK(taken["conflicts"] == 0);
}

TEST_CASE("webhook: a wrong secret is not tried again") {
  const recipients_process sim;
  auto config = webhook_config();
  config["recipients"]["corg-95"]["secret"] = "un-autre-secret-assez-long";
  webhook_rig rig{config};
  CHECK(rig.deliver(alert).status == VIGIE_E_AUTH);
  CHECK(sim.ledger()["turned_away"][0]["why"] == "wrong signature");
  CHECK(sim.ledger()["taken"].empty());
}

TEST_CASE("webhook: each failure of the recipient has its class") {
  const recipients_process sim;
  webhook_rig rig;
  sim.behave("webhook", "busy", 1);
  CHECK(rig.deliver(alert).status == VIGIE_E_IO);
  sim.behave("webhook", "refuse", 1);
  CHECK(rig.deliver(alert).status == VIGIE_E_AUTH);
  sim.behave("webhook", "mute", 1);
  CHECK(rig.deliver(alert).status == VIGIE_E_TIMEOUT);
  sim.behave("webhook", "garbage", 1);
  CHECK(rig.deliver(alert).status == VIGIE_OK);
  CHECK(rig.reports.at(0).outcome == VIGIE_DELIVERY_DELIVERED);
}

TEST_CASE("smtp: a mail over STARTTLS and over TLS from the start") {
  for (const bool is_implicit : {false, true}) {
    const recipients_process sim{is_implicit ? "implicit" : "starttls"};
    smtp_rig rig{smtp_config(is_implicit ? "smtps" : "smtp")};
    const auto probed = rig.probe("corg-95");
    INFO(probed.error);
    CHECK(probed.status == VIGIE_OK);
    const auto answer = rig.deliver(alert);
    INFO(answer.error);
    REQUIRE(answer.status == VIGIE_OK);
    CHECK(rig.reports.at(0).outcome == VIGIE_DELIVERY_DELIVERED);
    CHECK(rig.reports.at(0).reference.starts_with("sim-"));
    const auto taken = sim.only_taken("smtp");
    CHECK(taken["key"] == "<inc-42@csu.example>");
    CHECK(taken["content"].get<std::string>().find("op-7") == std::string::npos);
  }
}

TEST_CASE("smtp: a relay without encryption gets nothing") {
  const recipients_process sim{"none"};
  smtp_rig rig;
  CHECK(rig.deliver(alert).status == VIGIE_E_UNSUPPORTED);
  CHECK(sim.ledger()["taken"].empty());
}

TEST_CASE("smtp: each failure of the relay has its class, and retries have one effect") {
  const recipients_process sim;
  auto config = smtp_config();
  config["recipients"]["corg-95"]["password"] = "faux";
  smtp_rig wrong_password{config};
  CHECK(wrong_password.deliver(alert).status == VIGIE_E_AUTH);
  config = smtp_config();
  config["recipients"]["corg-95"]["ca"] = test_certificates().text("stranger-ca.pem");
  smtp_rig wrong_authority{config};
  CHECK(wrong_authority.deliver(alert).status == VIGIE_E_AUTH);
  smtp_rig rig;
  sim.behave("smtp", "busy", 1);
  CHECK(rig.deliver(alert).status == VIGIE_E_IO);
  sim.behave("smtp", "refuse", 1);
  CHECK(rig.deliver(alert).status == VIGIE_E_UNSUPPORTED);
  sim.behave("smtp", "mute", 1);
  const auto began = std::chrono::steady_clock::now();
  CHECK(rig.deliver(alert).status == VIGIE_E_TIMEOUT);
  // 1.5 s are configured; the deadline is looked at once a second.
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds{5});
  CHECK(sim.ledger()["taken"].empty());
  sim.behave("smtp", "drop", 1);
  CHECK(rig.deliver(alert).status == VIGIE_E_IO);
  sim.behave("smtp", "garbage", 1);
  CHECK(rig.deliver(alert).status == VIGIE_E_TIMEOUT);  // no reply that could be understood
  CHECK(rig.deliver(alert).status == VIGIE_OK);
  const auto taken = sim.only_taken("smtp");
  CHECK(taken["attempts"] == 3);
  CHECK(taken["effects"] == 1);
  CHECK(taken["conflicts"] == 0);
}
