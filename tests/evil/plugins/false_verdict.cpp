// SPDX-License-Identifier: Apache-2.0
// Reports an acknowledged alarm that nobody raised.
#include "evil.hpp"

const evil::script evil::plan{.in_frame = [](const vigie_frame_t&) {
  const vigie_str_t key = VIGIE_STR("incident-1");
  const vigie_delivery_report_t report{
      sizeof report, VIGIE_DELIVERY_ACKNOWLEDGED, key, key, {}, {}, 0};
  evil::w.delivery->report(evil::w.host, &report);
}};
