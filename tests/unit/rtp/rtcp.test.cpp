// SPDX-License-Identifier: Apache-2.0
#include "rtp/rtcp.hpp"

#include <doctest/doctest.h>

#include <random>

#include "support/rtp_builder.hpp"

using namespace vigie;
using namespace vigie::rtp;
using test::bytes;

namespace {

bytes joined(std::initializer_list<bytes> parts) {
  bytes out;
  for (const bytes& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

const bytes sdes{0x81, 202, 0, 3, 0, 0, 0, 9, 1, 3, 'c', 'a', 'm', 0, 0, 0};

}  // namespace

TEST_SUITE_BEGIN("rtp");

TEST_CASE("rtcp: sender report and goodbye of a compound are read") {
  const auto data =
      joined({test::make_sender_report(9, 0xe0000000'80000000, 1234), sdes, test::make_bye(9)});
  const auto c = parse_rtcp(data);
  REQUIRE(c.sender_reports.size() == 1);
  CHECK(c.sender_reports[0].ssrc == 9);
  CHECK(c.sender_reports[0].ntp_64 == 0xe0000000'80000000);
  CHECK(c.sender_reports[0].rtp_ts == 1234);
  CHECK(c.sender_reports[0].packets == 10);
  CHECK(c.byes == std::vector<std::uint32_t>{9});
  CHECK(c.malformed == 0);
}

TEST_CASE("rtcp: a malformed SDES does not hide the report before it") {
  const bytes cut(sdes.begin(), sdes.end() - 5);
  const auto c = parse_rtcp(joined({test::make_sender_report(9, 1, 2), cut}));
  CHECK(c.sender_reports.size() == 1);
  CHECK(c.malformed == 1);
}

TEST_CASE("rtcp: cut at every byte, it counts instead of failing") {
  const auto data = joined({test::make_sender_report(9, 1, 2), sdes, test::make_bye(9)});
  for (std::size_t size = 0; size < data.size(); ++size) {
    const auto c = parse_rtcp(byte_view{data}.first(size));
    CHECK(c.sender_reports.size() == (size >= 28 ? 1 : 0));
    CHECK(c.byes.empty());
  }
}

TEST_CASE("rtcp: any bytes are survived") {
  std::mt19937 random{12};
  for (int i = 0; i < 50'000; ++i) {
    bytes data(random() % 80);
    for (auto& b : data) b = static_cast<std::uint8_t>(random());
    for (std::size_t at = 0; at + 3 < data.size(); at += 8) {
      data[at] = static_cast<std::uint8_t>(data[at] | 0x80);
      data[at + 1] = static_cast<std::uint8_t>(200 + random() % 5);
      data[at + 2] = 0;
    }
    const auto c = parse_rtcp(data);
    CHECK(c.sender_reports.size() <= data.size() / 28 + 1);
  }
}

TEST_CASE("rtcp: NTP times become UTC, those of a camera without a clock do not") {
  const utc_us t = 1'795'292'133'400'000;
  const auto back = utc_of_ntp(ntp_of_utc(t));
  REQUIRE(back);
  CHECK(std::llabs(*back - t) <= 1);
  CHECK_FALSE(utc_of_ntp(0));
  CHECK_FALSE(utc_of_ntp(std::uint64_t{86'400} << 32));         // counts from its own start
  CHECK_FALSE(utc_of_ntp(std::uint64_t{2'208'988'900} << 32));  // 1970
  // Era 1: 2040-01-01.
  const utc_us in_2040 = 2'208'988'800'000'000;
  const auto era_1 = utc_of_ntp(ntp_of_utc(in_2040) & 0xffffffff'ffffffff);
  REQUIRE(era_1);
  CHECK(*era_1 == in_2040);
}

TEST_CASE("rtcp: our receiver report is a compound that our parser and the RFC accept") {
  for (const char* cname : {"v", "vi", "vig", "vigi", "vigie"}) {
    report_block block;
    block.ssrc = 0xa1a2a3a4;
    block.fraction_lost = 64;
    block.cumulative_lost = 0x010203;
    block.highest_sequence = 0x00020005;
    block.last_sr = 0xdeadbeef;
    const auto out = make_receiver_report(7, cname, block);
    CHECK(parse_rtcp(out).malformed == 0);
    REQUIRE(out.size() % 4 == 0);
    REQUIRE(out.size() >= 44);
    CHECK(bytes(out.begin(), out.begin() + 8) == bytes{0x81, 201, 0, 7, 0, 0, 0, 7});
    CHECK(bytes(out.begin() + 8, out.begin() + 20) ==
          bytes{0xa1, 0xa2, 0xa3, 0xa4, 64, 1, 2, 3, 0, 2, 0, 5});
    CHECK(bytes(out.begin() + 24, out.begin() + 28) == bytes{0xde, 0xad, 0xbe, 0xef});
    CHECK(out[33] == 202);
    CHECK(out.back() == 0);  // the SDES chunk ends with a zero item
    const std::size_t sdes_words = (std::size_t{out[34]} << 8 | out[35]) + 1;
    CHECK(32 + sdes_words * 4 == out.size());
  }
  const auto empty = make_receiver_report(7, "vigie", std::nullopt);
  CHECK(bytes(empty.begin(), empty.begin() + 8) == bytes{0x80, 201, 0, 1, 0, 0, 0, 7});
}
