// SPDX-License-Identifier: Apache-2.0
#include "rtsp/quirk_book.hpp"

#include <doctest/doctest.h>

#include "base/quirk_words.hpp"
#include "unit/rtsp/dialogue.hpp"

using namespace vigie;
using namespace vigie::rtsp;
using namespace vigie::tests;

TEST_CASE("quirk words: every word sets its policy, and the first one is the default") {
  for (const quirk_word& word : quirk_words) {
    CAPTURE(word.policy);
    quirk_policies defaults;
    REQUIRE(set_policy(defaults, word.policy, word.values[0]));
    CHECK(defaults == quirk_policies{});
    for (std::size_t i = 1; i < word.values.size() && !word.values[i].empty(); ++i) {
      quirk_policies other;
      REQUIRE(set_policy(other, word.policy, word.values[i]));
      CHECK_FALSE(other == quirk_policies{});
    }
    quirk_policies untouched;
    CHECK_FALSE(set_policy(untouched, word.policy, ""));
    CHECK_FALSE(set_policy(untouched, word.policy, "sometimes"));
    CHECK(untouched == quirk_policies{});
  }
  quirk_policies untouched;
  CHECK_FALSE(set_policy(untouched, "no_such_policy", "off"));
}

TEST_CASE(
    "quirk book: rules match by camera, vendor, server, user agent and tool; the last one wins") {
  const quirk_book book{{
      {"", "acme", "", "", "", {{"keepalive", "options"}, {"range_header", "omit"}}},
      {"", "", "LIVE555", "", "", {{"keepalive", "off"}}},
      {"", "", "", "ancient/1", "", {{"resync", "refuse"}}},
      {"", "", "", "", "streamer", {{"session_id", "take_last"}}},
      {"cam-7", "", "", "", "", {{"transport", "udp"}, {"nonsense", "x"}}},
      {"", "acme", "dome", "", "", {{"teardown", "never"}}},
  }};
  const auto names = [](const quirk_book::outcome& found) {
    std::string out;
    for (const auto name : found.overridden) out += std::string{name} + " ";
    return out;
  };
  CHECK(book.apply({}, {}).policies == quirk_policies{});
  CHECK(names(book.apply({}, {"cam-1", "ACME Cameras", {}, {}, {}})) == "keepalive range_header ");
  const auto both = book.apply({}, {"cam-1", "acme", "live555 media", {}, {}});
  CHECK(both.policies.keepalive == keepalive_policy::off);
  CHECK(both.policies.range_header == range_header_policy::omit);
  CHECK(names(book.apply({}, {"cam-70", {}, {}, "Ancient/1.2", "A Streamer"})) ==
        "session_id resync ");
  CHECK(names(book.apply({}, {"cam-7", {}, {}, {}, {}})) == "transport ");
  CHECK(names(book.apply({}, {"x", "acme", "Dome/3", {}, {}})) ==
        "keepalive teardown range_header ");
}

TEST_CASE("session: overrides take effect as the camera tells who it is, and are named") {
  auto options = ordinary_options();
  options.quirks = std::make_shared<const quirk_book>(std::vector<quirk_rule>{
      {"", "", "cam/2", "", "", {{"range_header", "omit"}}},
      {"", "", "", "", "cam 1", {{"keepalive", "set_parameter"}}},
      {"", "", "other", "", "", {{"teardown", "never"}}},
  });
  dialogue d{options};
  d.connect();
  d.answer_options();
  CHECK(d.session.overridden().empty());
  d.answer_describe();
  CHECK(d.session.overridden() == std::vector<std::string_view>{"keepalive", "range_header"});
  d.answer_setup();
  CHECK(d.header("Range") == "<absent>");
  d.answer_play();
  d.wait_for_deadline();
  CHECK(d.last().method == "SET_PARAMETER");
}
