// SPDX-License-Identifier: Apache-2.0
#include "fuzz/target.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/random.hpp"

namespace vigie::fuzz {

std::vector<target>& targets() {
  static std::vector<target> all;
  return all;
}

void require(bool holds, std::string_view property) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: broken property: %.*s\n", static_cast<int>(property.size()),
               property.data());
  std::abort();
}

byte_view input::take(std::size_t size) {
  const auto out = bytes_.first(std::min(size, bytes_.size()));
  bytes_ = bytes_.subspan(out.size());
  return out;
}
std::uint8_t input::u8() {
  const auto one = take(1);
  return one.empty() ? std::uint8_t{0} : one[0];
}
std::uint16_t input::u16() {
  const unsigned high = u8();
  return static_cast<std::uint16_t>(high << 8 | u8());
}
std::uint32_t input::u32() {
  const std::uint32_t high = u16();
  return high << 16 | u16();
}
std::uint64_t input::u64() {
  const std::uint64_t high = u32();
  return high << 32 | u32();
}

std::vector<byte_view> pieces_of(byte_view bytes, std::uint64_t seed) {
  std::vector<byte_view> out;
  seeded_random random{seed};
  while (!bytes.empty()) {
    const auto wanted = seed == 0 ? 1 : 1 + static_cast<std::size_t>(random.next() % 97);
    const auto size = std::min(wanted, bytes.size());
    out.push_back(bytes.first(size));
    bytes = bytes.subspan(size);
  }
  return out;
}

std::string in_packets(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& part : parts) {
    out += static_cast<char>(part.size() >> 8);
    out += static_cast<char>(part.size() & 0xff);
    out += part;
  }
  return out;
}

std::vector<byte_view> packets_of(input& in) {
  std::vector<byte_view> out;
  while (!in.empty()) {
    const auto size = in.u16();
    out.push_back(in.take(size));
  }
  return out;
}

}  // namespace vigie::fuzz
