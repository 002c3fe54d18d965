// SPDX-License-Identifier: Apache-2.0
// A farm whose cameras share one listening socket, and the habits of real cameras seen from
// outside.
#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "farm_process.hpp"
#include "raw_client.hpp"

namespace {

using namespace vigie::test;

constexpr std::uint16_t port = 23'754;
const std::string control = "127.0.0.1:23755";
constexpr int patience_ms = 10'000;

void need_farm() {
  static const farm_process farm{{"--cameras", "10", "--port", std::to_string(port), "--control",
                                  control, "--gop", "12", "--size", "320x240", "--one-listener",
                                  "--seconds", "120"}};
}

TEST_CASE("one listener: every camera answers at its own address, with its own pictures") {
  need_farm();
  for (const unsigned camera : {1U, 7U, 10U}) {
    raw_client client{camera, port};
    REQUIRE(client.play());
    CHECK(client.frame(patience_ms).value_or(raw_frame{}).camera == camera);
  }
}

TEST_CASE("one listener: an address that is no camera's is hung up on") {
  need_farm();
  raw_client client{11, port};
  CHECK(client.wait_for_end(patience_ms) != line_state::open);
}

TEST_CASE("power cut: a session hangs, a call is not answered, both are reset when it is back") {
  need_farm();
  raw_client playing{2, port};
  REQUIRE(playing.play());
  REQUIRE(playing.frame(patience_ms));
  REQUIRE(order_fault(control, "cam-0002", "power_cut"));
  while (playing.frame(400)) {}
  CHECK(playing.state() == line_state::open);
  raw_client calling{2, port};
  CHECK(calling.bytes_during(300) == 0);
  REQUIRE(order_fault(control, "cam-0002", "none"));
  CHECK(playing.wait_for_end(patience_ms) == line_state::reset);
  CHECK(calling.wait_for_end(patience_ms) == line_state::reset);
  raw_client again{2, port};
  CHECK(again.play());
}

TEST_CASE("a habit of the handshake cuts the running session and shows in the next one") {
  need_farm();
  raw_client before{3, port};
  REQUIRE(before.play());
  REQUIRE(order_fault(control, "cam-0003", "cseq"));
  CHECK(before.wait_for_end(patience_ms) != line_state::open);
  raw_client after{3, port};
  CHECK(after.request("OPTIONS") == 200);
  CHECK(after.answer().find("CSeq") == std::string::npos);
  REQUIRE(order_fault(control, "cam-0003", "none"));
}

TEST_CASE("a habit of the packets shows in mid-stream and goes away again") {
  need_farm();
  raw_client client{4, port};
  REQUIRE(client.play());
  REQUIRE(client.frame(patience_ms));
  REQUIRE(order_fault(control, "cam-0004", "foreign_payload_type"));
  const auto type_within = [&](unsigned wanted, int packets) {
    for (int i = 0; i < packets; ++i) {
      const auto packet = client.packet(patience_ms);
      if (!packet) return false;
      if ((static_cast<unsigned char>(packet->data[1]) & 0x7fU) == wanted) return true;
    }
    return false;
  };
  CHECK(type_within(50, 200));
  REQUIRE(order_fault(control, "cam-0004", "none"));
  CHECK(client.frame(patience_ms));
}

TEST_CASE("H.265: the mark is in a prefix SEI, parameter sets come with each key picture") {
  const auto folder = std::filesystem::temp_directory_path();
  const auto log = folder / "vigie-farm-test-sessions.jsonl";
  farm_process farm{{"--cameras", "1", "--port", "23756", "--control", "", "--size", "320x240",
                     "--kbps", "128", "--codec", "h265", "--seconds", "6", "--session-log",
                     log.string()}};
  {
    raw_client client{1, 23'756};
    REQUIRE(client.play());
    CHECK(client.describe("vigie-demo") == 200);
    CHECK(client.answer().find("H265/90000") != std::string::npos);
    CHECK(client.answer().find("sprop-vps=") != std::string::npos);
    std::uint64_t last = 0;
    for (int i = 0; i < 12; ++i) {
      const auto frame = client.frame(patience_ms);
      REQUIRE(frame);
      CHECK(frame->camera == 1);
      if (last != 0) CHECK(frame->counter == last + 1);
      last = frame->counter;
    }
  }
  CHECK(farm.wait() == 0);
  std::ifstream in{log};
  std::string line;
  REQUIRE(std::getline(in, line));
  const auto told = nlohmann::json::parse(line);
  CHECK(told["camera"] == "cam-0001");
  CHECK(told["frames"].get<int>() >= 12);
  CHECK(told["torn_down"] == false);
  std::filesystem::remove(log);
}

}  // namespace
