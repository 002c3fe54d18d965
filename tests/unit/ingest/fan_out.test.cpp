// SPDX-License-Identifier: Apache-2.0
#include "ingest/fan_out.hpp"

#include <doctest/doctest.h>

using namespace vigie;
using namespace vigie::ingest;

namespace {

struct counting_sink final : sink {
  void on_access_unit(const media::access_unit_ptr& unit) noexcept override {
    last = unit;
    ++units;
  }
  void on_end_of_session() noexcept override { ++ends; }
  media::access_unit_ptr last;
  int units = 0;
  int ends = 0;
};

}  // namespace

TEST_CASE("fan out: every sink gets the same unit, not a copy") {
  const auto a = std::make_shared<counting_sink>();
  const auto b = std::make_shared<counting_sink>();
  fan_out readers{{a, b, nullptr}};
  const auto unit = std::make_shared<const media::access_unit>();
  readers.publish(unit);
  CHECK(a->last == unit);
  CHECK(b->last == unit);
  CHECK(readers.size() == 2);
}

TEST_CASE("fan out: a late sink sees what comes after it, a removed one nothing more") {
  const auto early = std::make_shared<counting_sink>();
  const auto late = std::make_shared<counting_sink>();
  fan_out readers{{early}};
  const auto unit = std::make_shared<const media::access_unit>();
  readers.publish(unit);
  readers.add(late);
  readers.add(late);
  readers.publish(unit);
  readers.remove(early);
  readers.publish(unit);
  readers.end_session();
  CHECK(early->units == 2);
  CHECK(early->ends == 0);
  CHECK(late->units == 2);
  CHECK(late->ends == 1);
}
