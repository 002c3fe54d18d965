// SPDX-License-Identifier: Apache-2.0
#include "health/trial.hpp"

#include <cstdio>

namespace vigie::test {
namespace {

using camera_health::fault;

void print_line(const scenes::sequence& shown, int number, const camera_health::judgement& seen) {
  const auto& c = seen.with;
  std::printf(
      "%5d %-8s dark %3.0f/%3.0f still %3d changed %3d %s%s agree %.2f lost %.2f strange %.2f "
      "lostlayout %.2f relief %.2f contrast %.2f sharp %.2f detail %.2f rich %d edges %.2f shift "
      "%d,%d "
      "%.2f\n",
      number, std::string{name_of(shown.truth())}.c_str(), double{seen.dark_level},
      double{seen.dark_spread}, seen.still_cells, seen.changed_cells, seen.night ? "N" : "D",
      seen.compared ? "" : "-", double{c.agreement}, double{c.lost}, double{c.strange},
      double{c.lost_layout}, double{c.lost_relief}, double{c.contrast}, double{c.sharpness},
      double{c.detail}, c.rich, double{c.edges}, seen.shift.right, seen.shift.down,
      double{seen.shift.agreement});
}

}  // namespace

trial_result run(const trial& how) {
  trial_result out;
  scenes::sequence shown{how.what};
  camera_health::health_core rules;
  const std::string expected{name_of(how.what.fault)};
  for (int i = 0; i < how.pictures; ++i) {
    const auto& picture = shown.next();
    const auto said = rules.observe({picture.data(), 320, 320, 180}, shown.seconds() * 1'000'000);
    if (how.trace) print_line(shown, i, rules.last());
    for (const auto& change : said) {
      const std::string name = camera_health::name_of(change.what);
      if (how.trace) std::printf("      %s %s\n", name.c_str(), change.active ? "began" : "ended");
      if (!change.active) {
        out.cleared = out.cleared || (name == expected && i >= how.what.fault_to);
        continue;
      }
      if (name == expected && shown.truth() == how.what.fault) {
        if (!out.detected) out.delay_seconds = (i - how.what.fault_from) * how.what.seconds_between;
        out.detected = true;
      } else {
        out.false_alarms.push_back(name);
      }
    }
  }
  return out;
}

trial fault_trial(std::uint64_t seed, scenes::weather under, scenes::label fault) {
  trial out;
  out.what = {seed, under, fault, 60, 105, 10};
  out.pictures = 130;
  if (fault == scenes::label::healthy) out.what.fault_from = out.what.fault_to = 0;
  return out;
}

}  // namespace vigie::test
