// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include "plugin_host/conformance/child/cases.hpp"
#include "plugin_host/conformance/child/subject.hpp"

namespace vigie::plugin_host::conformance::child {
namespace {

constexpr std::string_view nobody = "check-nobody";

vigie_str_t str(std::string_view text) { return {text.data(), text.size()}; }

/// A notification that looks like a test of the path and nothing else.
vigie_notification_t test_of(std::string_view key, std::string_view recipient, utc_us now) {
  vigie_notification_t what{};
  what.size = sizeof what;
  what.status = VIGIE_NOTIFY_TEST;
  what.key = str(key);
  what.recipient = str(recipient);
  what.incident = str("check");
  what.event = str("intrusion");
  what.headline = str("Essai de transmission");
  what.description = str("Essai");
  what.instruction = str("Aucune action");
  what.commune_insee = str("95018");
  what.place = str("Essai");
  what.operator_id = str("check");
  what.at_utc_us = now;
  what.priority = 3;
  what.attempt = 1;
  return what;
}

}  // namespace

void deliveries(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.bring_up()) return;
  // Peers are out of reach here, so that a check can never alarm anybody: what may be expected of
  // known recipients is an honest refusal, or an operator asked to act.
  auto recipients = run.order.recipients;
  recipients.emplace_back(nobody);
  for (const auto& recipient : recipients) {
    const auto key = "check-" + recipient;
    auto what = test_of(key, recipient, time.utc());
    const auto first = s.deliver(what);
    what.attempt = 2;
    const auto second = s.deliver(what);
    const auto fresh_key = key + "-2";
    const auto fresh = test_of(fresh_key, recipient, time.utc());
    s.deliver(fresh);
    if (!run.holds(first.ok() == second.ok() || !first.ok(),
                   "a key that was taken is refused the second time with " +
                       name_of_status(second.status)))
      return;
  }
  s.take_down();
  const auto seen = s.host().seen();
  for (const auto& offence : seen.offences)
    if (!run.holds(false, "a centre would tell: " + offence)) return;
  const auto is_lie = [&](const delivery_report& r) {
    return r.recipient == nobody &&
           (r.outcome == VIGIE_DELIVERY_DELIVERED || r.outcome == VIGIE_DELIVERY_ACKNOWLEDGED);
  };
  if (!run.holds(std::none_of(seen.reports.begin(), seen.reports.end(), is_lie),
                 "an unknown recipient was reported as reached"))
    return;
  run.note(std::to_string(recipients.size()) + " recipients, " +
           std::to_string(seen.reports.size()) + " reports");
}

void probe(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.bring_up()) return;
  if (s.notifier()->probe == nullptr) {
    run.note("it has no probe");
    return s.take_down();
  }
  for (const auto& recipient : run.order.recipients) s.probe(recipient);
  s.probe(nobody);
  s.probe("");
  s.take_down();
  run.holds(s.host().seen().report_calls == 0, "probing caused a delivery report");
}

}  // namespace vigie::plugin_host::conformance::child
