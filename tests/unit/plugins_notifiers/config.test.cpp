// SPDX-License-Identifier: Apache-2.0
#include "common_notifier/config.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "common_notifier/transfer.hpp"
#include "recipients/ledger.hpp"
#include "recipients/options.hpp"
#include "support/temporary_folder.hpp"

using namespace vigie;
using namespace vigie::notifier;
using nlohmann::json;

namespace {
std::string problem_of_endpoint(const json& object) {
  config_reader one{object, "recipients.x", {VIGIE_ENDPOINT_KEYS}};
  read_endpoint(one, {"https://"}, false);
  return one.problem();
}
}  // namespace

TEST_CASE("config: an endpoint is refused with the place of the mistake") {
  CHECK(problem_of_endpoint({{"url", "https://a.example"}}).empty());
  CHECK(problem_of_endpoint(json::object()) == "recipients.x.url: is missing");
  CHECK(problem_of_endpoint({{"url", "http://a.example"}}) ==
        "recipients.x.url: must begin with https://");
  CHECK(problem_of_endpoint({{"url", "https://u:p@a.example"}}).find("credentials") !=
        std::string::npos);
  CHECK(problem_of_endpoint({{"url", "https://a.example\r\n"}}).find("blanks") !=
        std::string::npos);
  CHECK(problem_of_endpoint({{"url", "https://a"}, {"verify", false}}) ==
        "recipients.x.verify: is no key of it");
  CHECK(problem_of_endpoint({{"url", 7}}) == "recipients.x.url: must be a text");
  CHECK(problem_of_endpoint({{"url", "https://a"}, {"timeout_ms", 1}}).find("100 to 60000") !=
        std::string::npos);
  CHECK(problem_of_endpoint({{"url", "https://a"}, {"address", "a.example"}}) ==
        "recipients.x.address: must be a numeric address");
  CHECK(problem_of_endpoint({{"url", "https://a"}, {"key", "k"}}).find("certificate") !=
        std::string::npos);
  CHECK(problem_of_endpoint("https://a") == "recipients.x: must be an object");
}

TEST_CASE("config: a secret comes as text or from a file, not as both") {
  const test::temporary_folder folder;
  std::ofstream{folder / "secret"} << "from the file\n";
  const auto read = [](const json& object, std::string& problem) {
    config_reader one{object, "", {"secret", "secret_file"}};
    std::string text = one.text_or_file("secret", true);
    problem = one.problem();
    return text;
  };
  std::string problem;
  CHECK(read({{"secret", "here"}}, problem) == "here");
  CHECK(read({{"secret_file", (folder / "secret").string()}}, problem) == "from the file");
  CHECK(problem.empty());
  read({{"secret_file", (folder / "missing").string()}}, problem);
  CHECK(problem == "secret_file: cannot be read");
  read({{"secret", "a"}, {"secret_file", "b"}}, problem);
  CHECK(problem == "secret_file: excludes secret");
  read(json::object(), problem);
  CHECK(problem == "secret: is missing; write secret or secret_file");
}

TEST_CASE("config: clocks of overseas departments") {
  const auto offset_of = [](const char* text, std::string& problem) {
    const json object{{"time_offset", text}};
    config_reader one{object, "", {"time_offset"}};
    const int minutes = read_zone(one).fixed_offset_minutes;
    problem = one.problem();
    return minutes;
  };
  std::string problem;
  CHECK(offset_of("+04:00", problem) == 240);
  CHECK(offset_of("-03:30", problem) == -210);
  CHECK(problem.empty());
  for (const char* wrong : {"Z", "04:00", "+4:00", "+04:00x", "+15:00", "+04:60"}) {
    offset_of(wrong, problem);
    CHECK_FALSE(problem.empty());
  }
}

TEST_CASE("transfer: certificates refused by either side are not worth another try") {
  CHECK(failure_of_transfer(60, "").status == VIGIE_E_AUTH);
  CHECK(failure_of_transfer(58, "").status == VIGIE_E_AUTH);
  CHECK(failure_of_transfer(56, "tlsv13 alert certificate required").status == VIGIE_E_AUTH);
  CHECK(failure_of_transfer(35, "tlsv1 alert unknown ca").status == VIGIE_E_AUTH);
  CHECK(failure_of_transfer(56, "Connection reset by peer").status == VIGIE_E_IO);
  CHECK(failure_of_transfer(7, "").status == VIGIE_E_IO);
  CHECK(failure_of_transfer(6, "").status == VIGIE_E_IO);
  CHECK(failure_of_transfer(28, "").status == VIGIE_E_TIMEOUT);
  CHECK(failure_of_transfer(64, "").status == VIGIE_E_UNSUPPORTED);
  CHECK(failure_of_transfer(67, "").status == VIGIE_E_AUTH);
}

TEST_CASE("ledger: a key has one effect, and changed contents are counted") {
  simulators::ledger book;
  CHECK(book.take("cap", "k", "a"));
  CHECK_FALSE(book.take("cap", "k", "a"));
  CHECK_FALSE(book.take("cap", "k", "b"));
  CHECK(book.take("smtp", "k", "a"));
  book.turn_away("cap", "no XML");
  const auto all = json::parse(book.to_json());
  CHECK(all["taken"][0]["attempts"] == 3);
  CHECK(all["taken"][0]["effects"] == 1);
  CHECK(all["taken"][0]["conflicts"] == 1);
  CHECK(all["turned_away"][0]["why"] == "no XML");
}

TEST_CASE("simulated recipients: the configuration is read strictly") {
  const std::string tls = "[tls]\ncertificate_file='c'\nkey_file='k'\n";
  CHECK(simulators::parse_recipients(tls));
  CHECK_FALSE(simulators::parse_recipients(""));
  CHECK_FALSE(simulators::parse_recipients(tls + "[cap]\nlisten='127.0.0.1:1'\n"));
  CHECK_FALSE(simulators::parse_recipients(tls + "[smtp]\ntls='maybe'\n"));
  CHECK_FALSE(simulators::parse_recipients(tls + "[webhook]\nsecrets='x'\n"));
  CHECK_FALSE(simulators::parse_recipients(tls + "[webhook]\nsecret=7\n"));
  CHECK_FALSE(simulators::parse_recipients("= broken"));
}
