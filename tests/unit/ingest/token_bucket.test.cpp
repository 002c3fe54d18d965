// SPDX-License-Identifier: Apache-2.0
#include "ingest/token_bucket.hpp"

#include <doctest/doctest.h>

using namespace vigie;
using namespace vigie::ingest;

namespace {
constexpr mono_ns second = 1'000'000'000;
}

TEST_CASE("token bucket: after the burst, tokens come at the rate") {
  token_bucket bucket{10, 3};
  const mono_ns now = 5 * second;
  for (int i = 0; i < 3; ++i) CHECK(bucket.take(now) == now);
  CHECK(bucket.take(now) == now + second / 10);
  CHECK(bucket.take(now) == now + 2 * second / 10);
}

TEST_CASE("token bucket: a rest refills it to the burst and no further") {
  token_bucket bucket{10, 3};
  for (int i = 0; i < 20; ++i) bucket.take(0);
  const mono_ns later = 100 * second;
  for (int i = 0; i < 3; ++i) CHECK(bucket.take(later) == later);
  CHECK(bucket.take(later) > later);
}

TEST_CASE("token bucket: when answers as take, without taking") {
  token_bucket bucket{2, 1};
  bucket.take(second);
  CHECK(bucket.when(second) == second + second / 2);
  CHECK(bucket.take(second) == second + second / 2);
}

TEST_CASE("pacer: a site in trouble does not hold up another") {
  bucket_pacer pacer{200, 20};
  const site_id big{"big"};
  const site_id small{"small"};
  mono_ns last = 0;
  for (int i = 0; i < 1000; ++i) last = pacer.reserve_site(big, 0);
  CHECK(last > 48 * second);
  CHECK(pacer.reserve_site(small, 0) == 0);
  CHECK(pacer.reserve_node(0) == 0);
}

TEST_CASE("pacer: the node's rate holds across sites") {
  bucket_pacer pacer{50, 20};
  mono_ns last = 0;
  for (int i = 0; i < 150; ++i) last = pacer.reserve_node(0);
  CHECK(last >= 2 * second - second / 50);
  CHECK(last <= 2 * second);
}
