// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "day/day_plan.hpp"

namespace vigie::simulators {

/// A simulated operator, as the centre knows him.
struct day_person {
  std::string name;
  secret password;
};

struct day_run_options {
  std::string bus_url = "nats://127.0.0.1:4222";
  std::vector<day_person> operators;
  double speed = 100;            ///< simulated seconds in a second
  bool skips_quiet = false;      ///< hours in which nothing is due are left out
  std::string recipients;        ///< control door of `vigie-sim recipients`; empty: none
  std::string farm;              ///< control door of `vigie-sim farm`; empty: nothing fails
  std::chrono::seconds most{0};  ///< on the machine's clock; 0: until the day is over
};

/// Plays the plan against a running centre, as its operators: raises, claims, looks, concludes, has
/// others told, closes. Returns the day's account as one line of JSON: what was raised, verified,
/// notified, acknowledged, what the centre forgot, what recipients did twice, the headings of the
/// year, and the delays. Errors: bus_down, auth_rejected, io_timeout.
result<std::string> run_day(const day_plan& plan, const day_run_options& options);

}  // namespace vigie::simulators
