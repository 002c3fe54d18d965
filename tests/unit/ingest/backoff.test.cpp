// SPDX-License-Identifier: Apache-2.0
#include "ingest/backoff.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace vigie;
using namespace vigie::ingest;
using namespace std::chrono_literals;

namespace {

/// Always the same point of the interval, to see its ends.
class fixed_random final : public random_source {
 public:
  explicit fixed_random(std::uint64_t value) noexcept : value_{value} {}
  std::uint64_t next() noexcept override { return value_; }

 private:
  std::uint64_t value_;
};

feed_config config() {
  feed_config c;
  c.backoff_floor = 500ms;
  c.backoff_ceiling = 30s;
  return c;
}

}  // namespace

TEST_CASE("backoff: the upper end doubles from failure to failure up to the ceiling") {
  fixed_random highest{~0ULL};
  const auto c = config();
  backoff b{c, highest};
  std::vector<std::int64_t> waits_ms;
  for (int i = 0; i < 8; ++i)
    waits_ms.push_back(
        std::chrono::round<std::chrono::milliseconds>(b.next(errc::io_refused, 0s)).count());
  CHECK(waits_ms == std::vector<std::int64_t>{1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000});
}

TEST_CASE("backoff: the lower end stays at the floor, whatever the number of failures") {
  fixed_random lowest{0};
  const auto c = config();
  backoff b{c, lowest};
  for (int i = 0; i < 100; ++i) CHECK(b.next(errc::io_reset, 0s) == 500ms);
}

TEST_CASE("backoff: cameras that died together come back apart") {
  seeded_random random{7};
  const auto c = config();
  std::set<std::int64_t> tenths;
  for (int camera = 0; camera < 1000; ++camera) {
    backoff b{c, random};
    for (int i = 0; i < 4; ++i) b.next(errc::io_reset, 0s);
    tenths.insert(b.next(errc::io_reset, 0s) / 100ms);
  }
  CHECK(tenths.size() > 120);  // of the 155 tenths of a second in [0.5 s, 16 s]
}

TEST_CASE("backoff: only a minute of stable video resets it") {
  fixed_random highest{~0ULL};
  const auto c = config();
  backoff b{c, highest};
  for (int i = 0; i < 5; ++i) b.next(errc::io_reset, 0s);
  CHECK(b.next(errc::io_reset, 59s) > 29s);
  CHECK(b.next(errc::io_reset, 60s) <= 1s);
}

TEST_CASE("backoff: a refused password waits for minutes, at the first failure already") {
  seeded_random random{1};
  const auto c = config();
  for (const auto why : {errc::auth_rejected, errc::auth_unsupported}) {
    backoff b{c, random};
    const auto wait = b.next(why, 0s);
    CHECK(wait >= 5min);
    CHECK(wait <= 5min + 30s);
  }
}

TEST_CASE("backoff: what only a human can repair is retried at about the ceiling") {
  seeded_random random{1};
  const auto c = config();
  backoff b{c, random};
  const auto wait = b.next(errc::rtsp_not_found, 0s);
  CHECK(wait >= 15s);
  CHECK(wait <= 30s);
}
