// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/faults.hpp"

#include <doctest/doctest.h>

#include "camera_farm/scenario.hpp"

namespace {

using namespace vigie;
using namespace vigie::simulators;
using indexes = std::vector<unsigned>;

TEST_CASE("faults: each name leads back to its fault") {
  for (const fault f : all_faults) CHECK(fault_from(name_of(f)) == f);
  CHECK_FALSE(fault_from("explode"));
}

TEST_CASE("faults: cameras are named singly, by range, and all at once") {
  CHECK(cameras_named({"cam-0003"}, 9).value() == indexes{3});
  CHECK(cameras_named({"cam-0005..cam-0007", "cam-0001", "cam-0006"}, 9).value() ==
        indexes{1, 5, 6, 7});
  CHECK(cameras_named({"all"}, 3).value() == indexes{1, 2, 3});
}

TEST_CASE("faults: what is no camera of the farm is refused by name") {
  for (const char* item : {"cam-0000", "cam-0010", "camera", "cam-", "cam-3x", "cam-0004..cam-0002",
                           "cam-0001..", "..cam-0001", ""}) {
    CAPTURE(item);
    const auto named = cameras_named({item}, 9);
    REQUIRE_FALSE(named);
    CHECK(named.error().detail.find(std::string{"\""} + item + "\"") != std::string::npos);
  }
}

TEST_CASE("scenario: steps come out in time order with their cameras") {
  const auto steps = parse_scenario(
      "[[step]]\nat_s = 5\ncameras = [\"cam-0002..cam-0003\"]\nfault = \"rst\"\nseconds = 1.5\n"
      "[[step]]\nat_s = 0.25\ncameras = \"all\"\nfault = \"black\"\n",
      4);
  REQUIRE(steps);
  REQUIRE(steps->size() == 2);
  CHECK((*steps)[0].at == std::chrono::milliseconds{250});
  CHECK((*steps)[0].cameras == indexes{1, 2, 3, 4});
  CHECK((*steps)[0].heal_after.count() == 0);
  CHECK((*steps)[1].what == trouble{fault::rst, nullptr});
  CHECK((*steps)[1].cameras == indexes{2, 3});
  CHECK((*steps)[1].heal_after == std::chrono::milliseconds{1500});
}

TEST_CASE("scenario: chance follows the seed") {
  const auto with_seed = [](int seed) {
    return parse_scenario("seed = " + std::to_string(seed) +
                              "\n[[step]]\nat_s = 1\njitter_s = 10\ncameras = \"all\"\npick = 5\n"
                              "fault = \"silence\"\n",
                          100)
        .value()
        .front();
  };
  CHECK(with_seed(3).cameras.size() == 5);
  CHECK(with_seed(3).cameras == with_seed(3).cameras);
  CHECK(with_seed(3).at == with_seed(3).at);
  CHECK(with_seed(3).cameras != with_seed(4).cameras);
}

TEST_CASE("scenario: errors name the line") {
  const auto complaint = [](const char* text) {
    const auto steps = parse_scenario(text, 4);
    return steps ? std::string{} : steps.error().detail;
  };
  CHECK(complaint("[[step]\n").find("line 1") != std::string::npos);
  CHECK(complaint("seed = 1\n").find("no [[step]]") != std::string::npos);
  CHECK(complaint("\n[[step]]\nat_s = 1\ncameras = [\"cam-0009\"]\nfault = \"rst\"\n")
            .find("line 2") != std::string::npos);
  CHECK(complaint("[[step]]\nat_s = 1\ncameras = \"all\"\nfault = \"rust\"\n").find("fault") !=
        std::string::npos);
  CHECK(complaint("[[step]]\ncameras = \"all\"\nfault = \"rst\"\n").find("at_s") !=
        std::string::npos);
  CHECK(complaint("[[step]]\nat_s = 1\ncameras = \"all\"\nfault = \"rst\"\nsecond = 1\n")
            .find("line 5: a step has no \"second\"") != std::string::npos);
}

TEST_CASE("scenario: shares, communes and several faults are dealt out; repetitions written out") {
  const auto steps = parse_scenario(
      "[fleet]\ncommunes = 4\nsites = 8\n"
      "[[step]]\nat_s = 1\ncommunes = [2]\nfault = \"power_cut\"\n"
      "[[step]]\nat_s = 2\ncameras = \"all\"\npercent = 10\nfaults = [\"cseq\", \"no_marker\"]\n"
      "[[step]]\nat_s = 3\nevery_s = 10\nrepeats = 3\nsites = [1]\nclock_step_s = -2.5\n",
      40);
  REQUIRE(steps);
  REQUIRE(steps->size() == 6);
  CHECK((*steps)[0].cameras == indexes{11, 12, 13, 14, 15, 16, 17, 18, 19, 20});
  CHECK(name_of((*steps)[0].what) == "power_cut");
  CHECK(name_of((*steps)[1].what) == "cseq");
  CHECK(name_of((*steps)[2].what) == "no_marker");
  CHECK((*steps)[1].cameras.size() == 2);
  CHECK((*steps)[2].cameras.size() == 2);
  CHECK((*steps)[5].at == std::chrono::milliseconds{23'000});
  CHECK((*steps)[5].clock_step == std::chrono::milliseconds{-2500});
  CHECK((*steps)[5].cameras == indexes{1, 2, 3, 4, 5});
}

TEST_CASE("scenario: the committed ones are sound") {
  for (const char* name : {"demo", "commune_cut", "storm", "clock_steps", "quirks"}) {
    CAPTURE(name);
    const auto steps = load_scenario(std::string{"simulators/scenarios/"} + name + ".toml", 1000);
    CHECK_MESSAGE(steps.has_value(), (steps ? std::string{} : steps.error().detail));
  }
}

}  // namespace
