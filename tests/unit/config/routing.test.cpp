// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "config_bench.hpp"

using namespace vigie;

namespace {

constexpr std::string_view centre = R"([defaults]
retention_days = 10
purposes = ["persons_and_property_safety"]
[[plugin]]
id = "fr.vigie.phone_script"
[[commune]]
insee = "95127"
[[commune]]
insee = "2A004"
  [[commune.site]]
  id = "s"
  position = [41.9, 8.7]
    [[commune.site.camera]]
    id = "cam-1"
    url = "rtsp://10.0.0.1/a"
    [[commune.site.camera]]
    id = "cam-2"
    url = "rtsp://10.0.0.2/a"
    position = [42, 8.75]
)";

config::load_outcome load(const test::config_bench& bench, std::string_view routing) {
  return bench.load(std::string{centre} + std::string{routing});
}

/// The lines with findings are the marked ones, and each finding says what to do.
config::load_outcome refuse(std::string_view routing) {
  test::config_bench bench;
  const auto outcome = load(bench, routing);
  CHECK_FALSE(outcome.config);
  std::vector<std::uint32_t> lines;
  for (const auto& finding : outcome.findings) {
    INFO(config::to_string(finding));
    CHECK_FALSE(finding.remedy.empty());
    if (lines.empty() || lines.back() != finding.line) lines.push_back(finding.line);
  }
  CHECK(lines == test::marked_lines(std::string{centre} + std::string{routing}));
  return outcome;
}

bool tells(const config::load_outcome& outcome, std::string_view text) {
  for (const auto& finding : outcome.findings)
    if (config::to_string(finding).find(text) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_SUITE_BEGIN("config");

TEST_CASE("routing: zones, recipients and places are read with the lines that declare them") {
  test::config_bench bench;
  const auto outcome = load(bench, R"([[zone]]
commune = "2a004"
force = "gendarmerie"
from = 2026-01-01
until = 2026-12-31
polygon = [[41, 8], [41, 9], [42, 9]]
[[recipient]]
id = "pm"
kind = "municipal_police"
name = "PM"
notifier = "fr.vigie.phone_script"
notifier_recipient = "pm-2a"
communes = ["2A004"]
hours = ["07:00-12:00", "14:00-23:00"]
  [recipient.permission]
  act = "A 12"
  signed_on = 2026-01-15
  valid_from = 2026-02-01
  valid_until = 2027-01-31
)");
  for (const auto& finding : outcome.findings) MESSAGE(config::to_string(finding));
  REQUIRE(outcome.config);
  const auto& routing = outcome.config->routing;
  REQUIRE(routing.zones.size() == 1);
  CHECK(routing.zones[0].commune == commune_id{"2a004"});
  CHECK(routing.zones[0].force == domain::state_force::gendarmerie);
  CHECK(domain::to_text(routing.zones[0].valid.until) == "2026-12-31");
  CHECK(routing.zones[0].area.size() == 3);
  const std::uint32_t first = 20;  // the line after `centre`
  CHECK(routing.zones[0].line == first);
  REQUIRE(routing.recipients.size() == 1);
  const auto& pm = routing.recipients[0];
  CHECK(pm.line == first + 6);
  CHECK(pm.kind == domain::recipient_kind::municipal_police);
  CHECK(pm.notifier_recipient == "pm-2a");
  CHECK(pm.hours == std::vector<domain::day_hours>{{420, 720}, {840, 1380}});
  CHECK(pm.kinds == domain::usual_kinds(pm.kind));
  REQUIRE(pm.permission);
  CHECK(pm.permission->line == first + 14);
  CHECK(domain::to_text(pm.permission->signed_on) == "2026-01-15");
  CHECK(routing.positions.at(camera_id{"cam-1"}) == domain::position{41.9, 8.7});
  CHECK(routing.positions.at(camera_id{"cam-2"}) == domain::position{42, 8.75});
}

TEST_CASE("routing: two forces for one place and time are refused, each its own is not") {
  const auto outcome = refuse(R"([[zone]]
commune = "95127"
force = "police"
until = 2026-06-30
[[zone]] #<
commune = "95127"
force = "gendarmerie"
from = 2026-06-30
[[zone]]
commune = "2A004"
force = "police"
polygon = [[41, 8], [41, 9], [42, 9], [42, 8]]
[[zone]] #<
commune = "2A004"
force = "gendarmerie"
polygon = [[41.5, 8.5], [41.5, 9.5], [42, 9.5]]
[[zone]]
commune = "2A004"
force = "police"
[[zone]]
commune = "2A004"
force = "gendarmerie"
polygon = [[41, 9.5], [41, 10], [42, 10]]
)");
  CHECK(tells(outcome, "two forces at one time"));
}

TEST_CASE("routing: what a zone says wrong is told, all of it") {
  const auto outcome = refuse(R"([[zone]]
commune = "95128" #<
force = "gendarmery" #<
from = "2026-01-01" #<
polygon = [[49, 2], [49, 3], [50, 500]] #<
[[zone]] #<
from = 2026-02-01
until = 2026-01-01 #<
polygon = [[0, 0], [1, 1], [1, 0], [0, 1]] #<
colour = "red" #<
)");
  CHECK(tells(outcome, "did you mean 95127?"));
  CHECK(tells(outcome, "did you mean gendarmerie?"));
  CHECK(tells(outcome, "without quotes"));
}

TEST_CASE("routing: municipal police without its commune's permission is refused by rule") {
  const auto outcome = refuse(R"([[recipient]] #<
id = "a"
kind = "municipal_police"
notifier = "fr.vigie.phone_script"
communes = ["95127"]
[[recipient]]
id = "b"
kind = "municipal_police"
notifier = "fr.vigie.phone_script"
communes = ["95127", "2A004"] #<
  [recipient.permission] #<
  signed_on = 2026-03-01 #<
  valid_from = 2026-02-01
[[recipient]]
id = "c"
kind = "municipal_police"
notifier = "fr.vigie.phone_script"
communes = ["95127"]
hours = ["06:00-23:30"] #<
permission = { act = "x", signed_on = 2026-01-01, valid_from = 2026-01-01, valid_until = 2026-12-31 }
[[recipient]]
id = "d"
kind = "municipal_police"
notifier = "fr.vigie.phone_script"
communes = ["95127"]
hours = ["22:00-06:00"]
permission = { act = "x", signed_on = 2026-01-01, valid_from = 2026-01-01, valid_until = 2026-12-31, night_clause = "7" }
)");
  CHECK(tells(outcome, "LEG-05: recipient \"a\" has no permission of its commune"));
  CHECK(tells(outcome, "LEG-04: recipient \"b\" is of no single commune"));
  CHECK(tells(outcome, "LEG-05: the permission of recipient \"b\" cites no act"));
  CHECK(tells(outcome, "LEG-05: the permission of recipient \"b\" has no valid_until"));
  CHECK(tells(outcome, "LEG-05: the permission is valid before it is signed"));
  CHECK(tells(outcome, "CSI L512-6: 06:00-23:30 works outside 06:00-23:00"));
}

TEST_CASE("routing: what a recipient says wrong is told, all of it") {
  const auto outcome = refuse(R"([[recipient]]
id = "a"
kind = "municipal_polise" #<
[[recipient]] #<
id = "b"
[[recipient]]
id = "a" #<
kind = "fire_rescue_cta"
notifier = "fr.vigie.pigeon" #<
communes = [] #<
hours = ["6-23", "06:00-06:00", "24:00-06:00", "06:60-07:00", "06:00-24:01"] #<
incidents = ["fires"] #<
[[recipient]] #<
id = "e"
kind = "mayor_on_call"
notifier = "fr.vigie.phone_script"
communes = ["99999"] #<
permission = {} #<
[[recipient]] #<
id = "f"
kind = "guarding_company"
incidents = [] #<
hours = [] #<
polygon = [[0, 0], [0, 1], [1, 1]]
)");
  CHECK(tells(outcome, "did you mean municipal_police?"));
  CHECK(tells(outcome, "did you mean fire?"));
  CHECK(tells(outcome, "no plugin fr.vigie.pigeon is loaded"));
}

TEST_CASE("routing: the example is accepted") {
  const char* const source = std::getenv("VIGIE_SOURCE");
  REQUIRE(source != nullptr);
  const auto outcome =
      config::load(std::filesystem::path{source} / "configs/routing-example.toml",
                   [](const std::string&) -> std::optional<std::string> { return std::nullopt; });
  for (const auto& finding : outcome.findings) MESSAGE(config::to_string(finding));
  REQUIRE(outcome.config);
  CHECK(outcome.config->routing.recipients.size() == 7);
  CHECK(outcome.config->routing.zones.size() == 3);
}
