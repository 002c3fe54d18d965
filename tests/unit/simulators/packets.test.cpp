// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/packets.hpp"

#include <doctest/doctest.h>

#include <array>

#include "strict_decoder.hpp"

namespace {

using namespace vigie::simulators;

bytes nal_of(std::size_t size, std::uint8_t header) {
  bytes nal(size);
  for (std::size_t i = 0; i < size; ++i) nal[i] = static_cast<std::uint8_t>(i * 31);
  nal[0] = header;
  return nal;
}

TEST_CASE("packets: NAL units of every size around the limit come out whole") {
  for (const std::size_t size : {1UL, 1399UL, 1400UL, 1401UL, 2797UL, 2798UL, 50'000UL}) {
    CAPTURE(size);
    const bytes nal = nal_of(size, 0x65);
    packet_train train;
    train.add_nal(nal, true);
    REQUIRE(vigie::test::nals_of(train).size() == 1);
    CHECK(vigie::test::nals_of(train)[0] == nal);
    for (std::size_t i = 0; i < train.starts.size(); ++i) {
      const std::uint8_t* head = train.data.data() + train.starts[i];
      CHECK(head[2] * 256U + head[3] <= max_payload_bytes + 12);
      CHECK(((head[5] & 0x80) != 0) == (i + 1 == train.starts.size()));
    }
  }
}

TEST_CASE("packets: small NAL units travel together, large ones alone") {
  const bytes a = nal_of(20, 0x67), b = nal_of(5, 0x68), big = nal_of(1400, 0x41);
  packet_train small;
  small.add_together(std::array<byte_span, 2>{a, b});
  CHECK(small.starts.size() == 1);
  CHECK(vigie::test::nals_of(small) == std::vector{a, b});
  packet_train large;
  large.add_together(std::array<byte_span, 2>{a, big});
  CHECK(large.starts.size() == 2);
  CHECK(vigie::test::nals_of(large) == std::vector{a, big});
}

TEST_CASE("packets: a session's numbers go on from frame to frame") {
  packet_train train;
  train.add_nal(nal_of(3000, 0x41), true);
  rtp_state state{6, 65'534, 0x01020304, 0, 0};
  bytes out;
  append_packets(train, state, 0xfffffff0, out);
  REQUIRE(train.starts.size() == 3);
  CHECK(state.sequence == 1);
  CHECK(state.packets == 3);
  CHECK(state.octets == 3000 - 1 + 3 * 2);
  const std::uint8_t* last = out.data() + train.starts[2];
  CHECK(last[1] == 6);
  CHECK(last[6] * 256 + last[7] == 0);
  CHECK(last[8] == 0xff);
  CHECK(last[11] == 0xf0);
  CHECK(last[12] == 1);
}

TEST_CASE("packets: a sender report maps UTC to RTP time") {
  bytes out;
  append_sender_report({3, 7, 1'500'000, 90'000, 11, 13, "cam-0001", false}, out);
  CHECK(out[1] == 3);
  CHECK(out[2] * 256U + out[3] == out.size() - 4);
  const bytes report(out.begin() + 4, out.end());
  const auto word = [&](std::size_t at) {
    return (std::uint32_t{report[at]} << 24) | (std::uint32_t{report[at + 1]} << 16) |
           (std::uint32_t{report[at + 2]} << 8) | report[at + 3];
  };
  CHECK(word(0) == 0x80c80006);
  CHECK(word(8) == 2'208'988'801U);  // 1970-01-01T00:00:01 in NTP seconds
  CHECK(word(12) == 0x80000000U);    // half a second
  CHECK(word(16) == 90'000);
  CHECK(word(20) == 11);
  CHECK(word(24) == 13);
  CHECK(report[29] == 202);
  CHECK(report.size() % 4 == 0);
}

}  // namespace
