// SPDX-License-Identifier: Apache-2.0
#include "media/unit_bytes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

using namespace vigie;
using media::unit_builder;
using media::unit_bytes;

namespace {

using bytes = std::vector<std::uint8_t>;

bytes copy_of(const unit_bytes& unit) { return {unit.begin(), unit.end()}; }

}  // namespace

TEST_CASE("unit bytes: a vector's bytes are kept by every copy") {
  unit_bytes copy;
  CHECK(copy.empty());
  {
    const unit_bytes own = bytes{1, 2, 3};
    copy = own;
  }
  CHECK(copy_of(copy) == bytes{1, 2, 3});
  CHECK(copy[2] == 3);
}

TEST_CASE("unit builder: small pictures lie one behind the other in one block") {
  unit_builder builder;
  builder.append(bytes(1000, 1));
  const auto first = builder.take();
  builder.append(bytes(1000, 2));
  const auto second = builder.take();
  CHECK(second.data() == first.data() + first.size());
  CHECK(copy_of(first) == bytes(1000, 1));
  CHECK(copy_of(second) == bytes(1000, 2));
}

TEST_CASE("unit builder: pictures outlive their builder and each other") {
  unit_bytes last;
  {
    unit_builder builder;
    for (int i = 0; i < 100; ++i) {
      builder.append(bytes(3000, static_cast<std::uint8_t>(i)));
      last = builder.take();
    }
  }
  CHECK(copy_of(last) == bytes(3000, 99));
}

TEST_CASE("unit builder: what is cut or cleared leaves no trace in the next picture") {
  unit_builder builder;
  builder.append(bytes(10, 1));
  builder.append(bytes(10, 2));
  builder.cut(10);
  CHECK(builder.size() == 10);
  builder.cut(50);
  CHECK(builder.size() == 10);
  builder.append(bytes(5, 3));
  bytes expected(10, 1);
  expected.insert(expected.end(), 5, 3);
  CHECK(copy_of(builder.take()) == expected);
  builder.append(bytes(1 << 20, 4));
  builder.clear();
  CHECK(builder.size() == 0);
  builder.append(bytes{5});
  CHECK(copy_of(builder.take()) == bytes{5});
}

TEST_CASE("unit builder: pictures of any size are what was appended, whatever was reserved") {
  std::mt19937 random{5};
  unit_builder builder;
  std::vector<unit_bytes> taken;
  std::vector<bytes> expected;
  for (int round = 0; round < 400; ++round) {
    bytes all;
    for (auto part = random() % 6; part > 0; --part) {
      if (random() % 4 == 0) builder.reserve(random() % 60'000);
      bytes piece(random() % (random() % 10 == 0 ? 50'000 : 1500));
      for (auto& b : piece) b = static_cast<std::uint8_t>(random());
      builder.append(piece);
      all.insert(all.end(), piece.begin(), piece.end());
      if (random() % 8 == 0) {
        all.resize(random() % (all.size() + 1));
        builder.cut(all.size());
      }
    }
    if (random() % 10 == 0) {
      builder.clear();
      continue;
    }
    const auto view = builder.view();
    REQUIRE(std::equal(view.begin(), view.end(), all.begin(), all.end()));
    taken.push_back(builder.take());
    expected.push_back(std::move(all));
    if (random() % 3 == 0) taken.erase(taken.begin()), expected.erase(expected.begin());
  }
  for (std::size_t i = 0; i < taken.size(); ++i) CHECK(copy_of(taken[i]) == expected[i]);
}
