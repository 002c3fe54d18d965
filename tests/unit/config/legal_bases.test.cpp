// SPDX-License-Identifier: Apache-2.0
#include "config/legal_bases.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/time_text.hpp"
#include "config_bench.hpp"

using namespace vigie;

namespace {

const std::string whole = R"([[basis]]
id = "TEST-2026-1"
law = "a law"
order = "an order"
enabled = true
valid_from = 2026-03-01
valid_until = 2026-03-31
events = ["forbidden_zone"]
controllers = ["municipal_police"]
place = "the yard"
communes = ["95018", "2A004"]
cameras = ["cam-0001"]
)";

std::string without(const std::string& key) {
  std::string out;
  std::size_t begin = 0;
  while (begin < whole.size()) {
    const auto end = whole.find('\n', begin) + 1;
    const auto line = whole.substr(begin, end - begin);
    if (!line.starts_with(key)) out += line;
    begin = end;
  }
  return out;
}

std::string with(const std::string& key, const std::string& line) {
  return without(key) + line + "\n";
}

}  // namespace

TEST_CASE("legal bases: a whole basis is read; days are days of French local time") {
  const auto read = config::read_legal_bases(whole, "bases");
  REQUIRE(read.bases);
  REQUIRE(read.bases->size() == 1);
  const auto& b = read.bases->front();
  CHECK(b.id == "TEST-2026-1");
  CHECK(b.is_enabled);
  CHECK(to_rfc3339(b.valid_from) == "2026-02-28T23:00:00.000Z");
  // The clocks went forward two days before: the month ends at 22:00 UTC.
  CHECK(to_rfc3339(b.valid_until) == "2026-03-31T22:00:00.000Z");
  CHECK(b.communes == std::vector{commune_id{"95018"}, commune_id{"2a004"}});
  CHECK(b.cameras == std::vector{camera_id{"cam-0001"}});
}

TEST_CASE("legal bases: an exact end is an instant with its offset") {
  auto read = config::read_legal_bases(
      with("valid_until", "valid_until = 2026-03-05T10:00:30.5+02:00"), "bases");
  REQUIRE(read.bases);
  CHECK(to_rfc3339(read.bases->front().valid_until) == "2026-03-05T08:00:30.500Z");
  read =
      config::read_legal_bases(with("valid_until", "valid_until = 2026-03-05T10:00:30"), "bases");
  CHECK_FALSE(read.bases);
}

TEST_CASE("legal bases: an enabled basis leaves nothing open (LEG-51)") {
  for (const auto* key : {"law", "order", "place", "events", "controllers", "valid_from",
                          "valid_until", "enabled", "id"}) {
    CAPTURE(key);
    const auto read = config::read_legal_bases(without(key), "bases");
    CHECK_FALSE(read.bases);
    CHECK_FALSE(read.findings.empty());
  }
  CHECK(config::read_legal_bases(without("communes"), "bases").bases);
  CHECK(config::read_legal_bases(without("cameras"), "bases").bases);
  CHECK_FALSE(config::read_legal_bases(without("c"), "bases").bases);
}

TEST_CASE("legal bases: what the law does not know is refused with its line") {
  for (const auto* line : {
           R"(events = ["loitering"])",
           R"(controllers = ["everybody"])",
           R"(communes = ["all"])",
           R"(cameras = ["*"])",
           R"(id = "lower case")",
           "valid_until = 2026-02-01",
           "valid_until = \"2026-03-31\"",
           R"(events = ["fire", "fire"])",
           "enabled = \"yes\"",
       }) {
    CAPTURE(line);
    const std::string text{line};
    const auto read = config::read_legal_bases(with(text.substr(0, text.find(' ')), text), "bases");
    CHECK_FALSE(read.bases);
    REQUIRE_FALSE(read.findings.empty());
    CHECK(read.findings.front().line >= 1);
    CHECK_FALSE(read.findings.front().remedy.empty());
  }
  CHECK_FALSE(config::read_legal_bases(whole + "anything = 1\n", "bases").bases);
  CHECK_FALSE(config::read_legal_bases(whole + whole, "bases").bases);
  CHECK_FALSE(config::read_legal_bases("[[basis", "bases").bases);
}

TEST_CASE("configuration: who answers for a camera is inherited, a joint authority by default") {
  const test::config_bench bench;
  const std::string head = "[defaults]\nretention_days = 15\npurposes = [\"rescue_and_fire\"]\n";
  const std::string tail =
      "[[commune.site]]\nid = \"s\"\n[[commune.site.camera]]\nid = \"c\"\nurl = "
      "\"rtsp://127.0.0.1/a\"\n";
  auto outcome = bench.load(head + "[[commune]]\ninsee = \"95018\"\n" + tail);
  REQUIRE(outcome.config);
  const auto controller_of = [](const config::load_outcome& o) {
    return o.config->topology.communes.at(0).sites.at(0).cameras.at(0).controller;
  };
  CHECK(controller_of(outcome) == domain::controller_kind::joint_authority);
  outcome = bench.load(
      head + "[[commune]]\ninsee = \"95018\"\ncontroller = \"municipal_police\"\n" + tail);
  REQUIRE(outcome.config);
  CHECK(controller_of(outcome) == domain::controller_kind::municipal_police);
  outcome = bench.load(head + "controller = \"anybody\"\n[[commune]]\ninsee = \"95018\"\n" + tail);
  CHECK_FALSE(outcome.config);
}

TEST_CASE("configuration: legal bases beside the file are found; named ones must exist") {
  const test::config_bench bench;
  auto outcome = bench.load("");
  REQUIRE(outcome.config);
  CHECK(outcome.config->analytics.legal_bases.empty());
  bench.write("legal-bases.toml", "");
  bench.write("legal-bases.pub", "");
  outcome = bench.load("[analytics]\naggregation_threshold = 12\n");
  REQUIRE(outcome.config);
  CHECK(outcome.config->analytics.legal_bases == bench.folder() / "legal-bases.toml");
  CHECK(outcome.config->analytics.legal_key == bench.folder() / "legal-bases.pub");
  CHECK(outcome.config->analytics.aggregation_threshold == 12);
  CHECK_FALSE(bench.load("[analytics]\nlegal_bases = \"none.toml\"\n").config);
  CHECK_FALSE(bench.load("[analytics]\naggregation_threshold = 1\n").config);
}
