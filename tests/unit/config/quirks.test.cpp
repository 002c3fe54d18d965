// SPDX-License-Identifier: Apache-2.0
#include "base/quirk_words.hpp"
#include "config/load.hpp"
#include "config_bench.hpp"

using namespace vigie;

namespace {

constexpr auto centre = R"(
[defaults]
retention_days = 10
purposes = ["persons_and_property_safety"]
[[commune]]
insee = "95018"
  [[commune.site]]
  id = "s"
    [[commune.site.camera]]
    id = "cam-1"
    url = "rtsp://10.0.0.1/a"
)";

config::load_outcome load_quirks(test::config_bench& bench, std::string_view quirks) {
  bench.write("quirks.toml", quirks);
  return bench.load(centre);
}

}  // namespace

TEST_SUITE_BEGIN("config");

TEST_CASE("quirks: the file beside the configuration is read, rule by rule") {
  test::config_bench bench;
  const auto outcome = load_quirks(bench, R"(
[[quirk]]
match = { vendor = "Acme", tool = "streamer" }
why = "its second firmware"
keepalive = "options"
range_header = "omit"

[[quirk]]
match = { camera = "cam-1" }
transport = "udp"
)");
  for (const auto& finding : outcome.findings) MESSAGE(config::to_string(finding));
  REQUIRE(outcome.config);
  const auto& quirks = outcome.config->quirks;
  REQUIRE(quirks.size() == 2);
  CHECK(quirks[0].vendor == "Acme");
  CHECK(quirks[0].tool == "streamer");
  CHECK(quirks[0].settings.size() == 2);
  CHECK(quirks[1].camera == "cam-1");
  CHECK(quirks[1].settings ==
        std::vector<std::pair<std::string, std::string>>{{"transport", "udp"}});
}

TEST_CASE("quirks: without a file there are none; a named file must exist") {
  test::config_bench bench;
  REQUIRE(bench.load(centre).config);
  CHECK(bench.load(centre).config->quirks.empty());
  const auto missing = bench.load(std::string{"quirks_file = \"no.toml\"\n"} + centre);
  REQUIRE(missing.findings.size() == 1);
  CHECK(missing.findings[0].line == 1);
  bench.write("mine.toml", "[[quirk]]\nmatch = { server = \"x\" }\nresync = \"refuse\"\n");
  const auto named = bench.load(std::string{"quirks_file = \"mine.toml\"\n"} + centre);
  REQUIRE(named.config);
  CHECK(named.config->quirks.size() == 1);
}

TEST_CASE("quirks: every policy of the table may be set, to each of its words") {
  test::config_bench bench;
  for (const quirk_word& word : quirk_words)
    for (const auto value : word.values) {
      if (value.empty()) continue;
      const auto outcome =
          load_quirks(bench, "[[quirk]]\nmatch = { vendor = \"x\" }\n" + std::string{word.policy} +
                                 " = \"" + std::string{value} + "\"\n");
      REQUIRE(outcome.config);
      CHECK(outcome.config->quirks[0].settings[0].second == value);
    }
}

TEST_CASE("quirks: what is wrong is told with file and line, all of it") {
  test::config_bench bench;
  const std::string_view quirks = R"(quark = 1 #<
[[quirk]] #<
keepalive = "options"
[[quirk]] #<
match = {}
keepalive = "options"
[[quirk]] #<
match = { vendor = "x" }
[[quirk]]
match = { vendor = "", colour = "red" } #<
keepalive = "sometimes" #<
resink = "refuse" #<
range_header = 3 #<
[[quirk]]
match = { camera = "cam-9" } #<
teardown = "never"
)";
  const auto outcome = load_quirks(bench, quirks);
  CHECK_FALSE(outcome.config);
  std::vector<std::uint32_t> lines;
  for (const auto& finding : outcome.findings) {
    CHECK(finding.file.ends_with("quirks.toml"));
    CHECK_FALSE(finding.remedy.empty());
    if (lines.empty() || lines.back() != finding.line) lines.push_back(finding.line);
  }
  CHECK(lines == test::marked_lines(quirks));
  const auto told = [&](std::string_view text) {
    for (const auto& finding : outcome.findings)
      if (config::to_string(finding).find(text) != std::string::npos) return true;
    return false;
  };
  CHECK(told("did you mean resync?"));
  CHECK(told("write one of automatic, get_parameter, options, set_parameter, off"));
}

TEST_CASE("config: how a camera is pulled is inherited and checked") {
  test::config_bench bench;
  bench.write("ca.pem", "x");
  const std::string pin(64, 'A');
  const auto outcome = bench.load(R"(
[defaults]
retention_days = 10
purposes = ["persons_and_property_safety"]
vendor = "Acme"
transport = "udp"
ca_file = "ca.pem"
[[commune]]
insee = "95018"
  [[commune.site]]
  id = "s"
    [[commune.site.camera]]
    id = "cam-1"
    url = "rtsps://10.0.0.1/a"
    certificate_sha256 = ")" + pin +
                                  R"("
    [[commune.site.camera]]
    id = "cam-2"
    url = "rtsp://10.0.0.2/a"
    transport = "tcp"
    vendor = "Other"
)");
  for (const auto& finding : outcome.findings) MESSAGE(config::to_string(finding));
  REQUIRE(outcome.config);
  const auto& cameras = outcome.config->topology.communes[0].sites[0].cameras;
  CHECK(cameras[0].pull.vendor == "Acme");
  CHECK(cameras[0].pull.prefers_udp);
  CHECK(cameras[0].pull.ca_file == (bench.folder() / "ca.pem").string());
  CHECK(cameras[0].pull.certificate_sha256 == std::string(64, 'a'));
  CHECK_FALSE(cameras[1].pull.prefers_udp);
  CHECK(cameras[1].pull.vendor == "Other");

  for (const auto* wrong :
       {"transport = \"quic\"", "ca_file = \"none.pem\"", "certificate_sha256 = \"12:34\""}) {
    const auto refused = bench.load(std::string{centre} + "    " + wrong + "\n");
    REQUIRE(refused.findings.size() == 1);
    CHECK(refused.findings[0].line == 12);
  }
}
