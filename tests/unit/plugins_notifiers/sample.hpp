// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common_notifier/notification.hpp"

namespace vigie::test {

/// An actual intrusion of 21 November 2026, 17:14 UTC.
inline notifier::notification sample() {
  notifier::notification n;
  n.status = VIGIE_NOTIFY_ACTUAL;
  n.key = "inc-42/corg-95";
  n.recipient = "corg-95";
  n.incident = "INC-2026-0042";
  n.event = "intrusion";
  n.headline = "Intrusion au collège Hugo";
  n.description = "Deux individus franchissent la clôture";
  n.instruction = "Accès par la rue des Lilas";
  n.commune_insee = "95018";
  n.place = "Collège Hugo, Argenteuil";
  n.camera = "cam-0001";
  n.has_human_verdict = true;
  n.at_utc_us = 1'795'281'240'000'000;
  n.priority = 1;
  n.latitude_microdeg = 48'947'500;
  n.longitude_microdeg = 2'246'700;
  return n;
}

}  // namespace vigie::test
