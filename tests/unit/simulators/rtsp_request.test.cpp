// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/rtsp_request.hpp"

#include <doctest/doctest.h>

#include <random>

namespace {

using namespace vigie::simulators;

const std::string receiver_report{
    "$\x01\x00\x08"
    "\x80\xc9\x00\x01\r\n\r\n",
    12};
const std::string dialogue =
    "OPTIONS rtsp://127.1.0.1:8554/stream RTSP/1.0\r\nCSeq: 1\r\n\r\n" + receiver_report +
    "SET_PARAMETER rtsp://127.1.0.1:8554/stream RTSP/1.0\r\ncseq:  2 \r\nContent-Length: 9\r\n"
    "\r\nvolume: 3" +
    receiver_report + "TEARDOWN * RTSP/1.0\r\nCSeq: 3\r\n\r\n";

std::string read_in_pieces(const std::vector<std::size_t>& cuts) {
  rtsp_request_reader reader;
  std::string seen;
  std::size_t from = 0;
  const auto take = [&](std::size_t to) {
    reader.feed(std::string_view{dialogue}.substr(from, to - from));
    from = to;
    while (const auto request = reader.next())
      seen +=
          request->method + " " + request->uri + " " + std::string{request->header("cseq")} + ";";
  };
  for (const std::size_t cut : cuts) take(cut);
  take(dialogue.size());
  CHECK_FALSE(reader.broken());
  return seen;
}

const std::string all_seen =
    "OPTIONS rtsp://127.1.0.1:8554/stream 1;SET_PARAMETER rtsp://127.1.0.1:8554/stream 2;"
    "TEARDOWN * 3;";

TEST_CASE("rtsp_request: requests, bodies and interleaved packets are told apart") {
  CHECK(read_in_pieces({}) == all_seen);
}

TEST_CASE("rtsp_request: split at every byte") {
  for (std::size_t cut = 1; cut < dialogue.size(); ++cut) CHECK(read_in_pieces({cut}) == all_seen);
}

TEST_CASE("rtsp_request: split at random") {
  std::mt19937 random{11};
  for (int round = 0; round < 200; ++round) {
    std::vector<std::size_t> cuts;
    for (std::size_t at = random() % 9; at < dialogue.size(); at += random() % 23)
      cuts.push_back(at);
    REQUIRE(read_in_pieces(cuts) == all_seen);
  }
}

TEST_CASE("rtsp_request: what is not RTSP breaks the reader instead of filling it") {
  for (const char* text :
       {"GET / HTTP/1.1\r\n\r\n", "NONSENSE\r\n\r\n", "PLAY * RTSP/1.0\r\nno colon here\r\n\r\n",
        "PLAY * RTSP/1.0\r\nContent-Length: 4294967296\r\n\r\n",
        "PLAY * RTSP/1.0\r\nContent-Length: x\r\n\r\n"}) {
    CAPTURE(text);
    rtsp_request_reader reader;
    reader.feed(text);
    CHECK_FALSE(reader.next());
    CHECK(reader.broken());
  }
  rtsp_request_reader endless;
  endless.feed(std::string(20'000, 'a'));
  CHECK_FALSE(endless.next());
  CHECK(endless.broken());
}

}  // namespace
