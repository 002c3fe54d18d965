// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/bits.hpp"

#include <doctest/doctest.h>

namespace {

using namespace vigie::simulators;

TEST_CASE("bits: Exp-Golomb codes read back what was written") {
  bit_writer out;
  for (std::uint32_t value = 0; value < 600; ++value) out.ue(value);
  for (std::int32_t value = -300; value < 300; ++value) out.se(value);
  const bytes rbsp = out.finish();
  bit_reader in{rbsp};
  for (std::uint32_t value = 0; value < 600; ++value) REQUIRE(in.ue() == value);
  for (std::int32_t value = -300; value < 300; ++value) REQUIRE(in.se() == value);
  CHECK(in.position() == in.payload_end());
  CHECK_FALSE(in.overrun());
}

TEST_CASE("bits: reading past the end gives zeros and says so") {
  const bytes rbsp{0xff};
  bit_reader in{rbsp};
  CHECK(in.bits(8) == 0xff);
  CHECK(in.bits(8) == 0);
  CHECK(in.overrun());
}

TEST_CASE("bits: the rest of a payload is copied to any alignment, trailing bits aside") {
  bit_writer original;
  for (std::uint32_t i = 0; i < 100; ++i) original.bits(i * 37 % 256, 8);
  const bytes rbsp = original.finish();
  for (unsigned shift = 0; shift < 8; ++shift) {
    bit_reader in{rbsp};
    bit_writer moved;
    moved.bits(0, shift);
    in.copy_rest(moved);
    const bytes copied = moved.finish();
    bit_reader check{copied};
    check.bits(shift);
    for (std::uint32_t i = 0; i < 100; ++i) REQUIRE(check.bits(8) == i * 37 % 256);
    CHECK(check.payload_end() == shift + 800);
  }
}

TEST_CASE("bits: emulation prevention hides start codes and is undone") {
  const bytes payload{0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0x80};
  const bytes nal = make_nal(0x65, payload);
  for (std::size_t i = 0; i + 2 < nal.size(); ++i)
    CHECK_FALSE((nal[i] == 0 && nal[i + 1] == 0 && nal[i + 2] < 3));
  CHECK(rbsp_of(nal) == payload);
}

}  // namespace
