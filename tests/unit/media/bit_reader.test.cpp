// SPDX-License-Identifier: Apache-2.0
#include "media/bit_reader.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <string_view>

using namespace vigie;
using media::bit_reader;

namespace {

using bytes = std::vector<std::uint8_t>;

/// Bytes of a string of 0 and 1, blanks ignored, padded with zeros.
bytes packed(std::string_view bits) {
  bytes out;
  unsigned count = 0;
  for (const char c : bits) {
    if (c == ' ') continue;
    if (count++ % 8 == 0) out.push_back(0);
    out.back() = static_cast<std::uint8_t>(out.back() | (c - '0') << (7 - (count - 1) % 8));
  }
  return out;
}

std::string coded(std::uint32_t value) {
  const std::uint64_t plus_one = std::uint64_t{value} + 1;
  unsigned length = 0;
  while (plus_one >> (length + 1) != 0) ++length;
  std::string out(length, '0');
  for (unsigned i = length + 1; i-- > 0;) out += (plus_one >> i & 1) != 0 ? '1' : '0';
  return out;
}

}  // namespace

TEST_SUITE_BEGIN("media");

TEST_CASE("bit_reader: bits come most significant first across byte borders") {
  const bytes data{0xa5, 0x0f, 0xff, 0x00, 0x12};
  bit_reader r{data};
  CHECK(r.bits(3) == 0b101);
  CHECK(r.bits(7) == 0b0010100);
  CHECK(r.bits(0) == 0);
  CHECK(r.bits(30) == 0b001111'11111111'00000000'00010010);
  CHECK_FALSE(r.failed());
  CHECK(r.bits_left() == 0);
}

TEST_CASE("bit_reader: the end is a failure that stays") {
  const bytes data{0xff};
  bit_reader r{data};
  CHECK(r.bits(9) == 0);
  CHECK(r.failed());
  CHECK(r.bits(1) == 0);
  CHECK(r.exp_golomb() == 0);
  CHECK(r.failed());

  bit_reader skipping{data};
  skipping.skip(8);
  CHECK_FALSE(skipping.failed());
  skipping.skip(1);
  CHECK(skipping.failed());
}

TEST_CASE("bit_reader: exp-Golomb codes of the standard's table") {
  const auto data = packed("1 010 011 00100 00101 00110 00111 0001000");
  bit_reader r{data};
  for (std::uint32_t expected = 0; expected <= 7; ++expected) CHECK(r.exp_golomb() == expected);

  const auto signed_data = packed("1 010 011 00100 00101");
  bit_reader s{signed_data};
  for (const std::int32_t expected : {0, 1, -1, 2, -2}) CHECK(s.signed_exp_golomb() == expected);
  CHECK_FALSE(s.failed());
}

TEST_CASE("bit_reader: exp-Golomb codes round-trip at any bit offset") {
  std::mt19937 random{7};
  for (int i = 0; i < 2000; ++i) {
    const std::uint32_t value = static_cast<std::uint32_t>(random()) >> (random() % 32);
    const unsigned offset = static_cast<unsigned>(random() % 8);
    const auto data = packed(std::string(offset, '1') + coded(value));
    bit_reader r{data};
    r.skip(offset);
    CHECK(r.exp_golomb() == value);
    CHECK_FALSE(r.failed());
  }
}

TEST_CASE("bit_reader: an exp-Golomb code of zeros without end fails") {
  const bytes zeros(64, 0);
  bit_reader r{zeros};
  r.exp_golomb();
  CHECK(r.failed());
}

TEST_CASE("emulation prevention: only the 3 after two zeros goes") {
  CHECK(media::remove_emulation_prevention(bytes{0, 0, 3, 1}) == bytes{0, 0, 1});
  CHECK(media::remove_emulation_prevention(bytes{0, 0, 3, 0, 0, 3}) == bytes{0, 0, 0, 0});
  CHECK(media::remove_emulation_prevention(bytes{0, 3, 0, 0, 4}) == bytes{0, 3, 0, 0, 4});
  CHECK(media::remove_emulation_prevention(bytes{0, 0, 3, 3}) == bytes{0, 0, 3});
  CHECK(media::remove_emulation_prevention(bytes{}).empty());
}
