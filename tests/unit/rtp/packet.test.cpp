// SPDX-License-Identifier: Apache-2.0
#include "rtp/packet.hpp"

#include <doctest/doctest.h>

#include <random>

#include "support/rtp_builder.hpp"

using namespace vigie;
using test::bytes;

namespace {

bytes of(byte_view view) { return {view.begin(), view.end()}; }

/// A packet with 2 CSRC, a one-word extension, the payload {1, 2, 3} and 5 bytes of padding.
bytes decorated() {
  return {0xb2, 0xe0, 0x12, 0x34, 0, 0, 0, 7, 0xaa, 0xbb, 0xcc, 0xdd,  // fixed header
          0,    0,    0,    1,    0, 0, 0, 2,                          // CSRC
          0xbe, 0xde, 0,    1,    9, 8, 7, 6,                          // extension
          1,    2,    3,                                               // payload
          0,    0,    0,    0,    5};
}

}  // namespace

TEST_SUITE_BEGIN("rtp");

TEST_CASE("packet: the fixed header is read") {
  const auto data = test::make_rtp({true, 97, 0xfffe, 0x89abcdef, 0x01020304}, bytes{5, 6});
  const auto p = rtp::parse_packet(data);
  REQUIRE(p);
  CHECK(p->marker);
  CHECK(p->payload_type == 97);
  CHECK(p->sequence_number == 0xfffe);
  CHECK(p->rtp_ts == 0x89abcdef);
  CHECK(p->ssrc == 0x01020304);
  CHECK(p->extension_profile == 0);
  CHECK(of(p->payload) == bytes{5, 6});
}

TEST_CASE("packet: CSRC list, extension and padding are taken off") {
  const auto data = decorated();
  const auto p = rtp::parse_packet(data);
  REQUIRE(p);
  CHECK(p->extension_profile == 0xbede);
  CHECK(of(p->extension) == bytes{9, 8, 7, 6});
  CHECK(of(p->payload) == bytes{1, 2, 3});
  CHECK(p->payload.data() == data.data() + 28);  // a view, not a copy
}

TEST_CASE("packet: an empty payload is a packet") {
  const auto data = test::make_rtp({}, {});
  const auto p = rtp::parse_packet(data);
  REQUIRE(p);
  CHECK(p->payload.empty());
}

TEST_CASE("packet: what is too short, of another version or badly padded is malformed") {
  const auto whole = decorated();
  // Without its padding bit, so that only the headers decide.
  auto plain = whole;
  plain[0] = 0x92;
  for (std::size_t size = 0; size < 28; ++size)
    CHECK_FALSE(rtp::parse_packet(byte_view{plain}.first(size)));
  CHECK(rtp::parse_packet(byte_view{plain}.first(28)));

  auto other_version = whole;
  other_version[0] = 0x52;
  CHECK_FALSE(rtp::parse_packet(other_version));
  auto no_padding = whole;
  no_padding.back() = 0;
  CHECK_FALSE(rtp::parse_packet(no_padding));
  auto long_padding = whole;
  long_padding.back() = 9;
  const auto failed = rtp::parse_packet(long_padding);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == errc::rtp_malformed);
}

TEST_CASE("packet: any bytes give a view inside them or a failure") {
  std::mt19937 random{11};
  for (int i = 0; i < 50'000; ++i) {
    bytes data(random() % 48);
    for (auto& b : data) b = static_cast<std::uint8_t>(random());
    if (!data.empty()) data[0] = static_cast<std::uint8_t>((data[0] & 0x3f) | 0x80);
    const auto p = rtp::parse_packet(data);
    if (!p || p->payload.empty()) continue;
    CHECK(p->payload.data() >= data.data() + 12);
    CHECK(p->payload.data() + p->payload.size() <= data.data() + data.size());
  }
}
