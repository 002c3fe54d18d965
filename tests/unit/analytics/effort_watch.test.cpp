// SPDX-License-Identifier: Apache-2.0
#include "analytics/effort_watch.hpp"

#include <doctest/doctest.h>

#include "analytics/measuring_pace.hpp"
#include "base/random.hpp"

namespace {

using namespace vigie;
using namespace std::chrono_literals;
using analytics::effort_watch;
using analytics::measuring_pace;

/// A camera of 12 pictures a second with a key frame every two seconds.
struct camera {
  effort_watch watch;
  seeded_random random{7};
  mono_ns now = to_ns(100s);

  /// A GOP that ends with the next key frame; sizes vary by a third.
  bool gop(double dependent_bytes, double key_bytes) {
    for (int i = 0; i < 23; ++i) watch.on_dependent(vary(dependent_bytes));
    now += to_ns(2s);
    return watch.on_key(vary(key_bytes), now);
  }
  std::size_t vary(double bytes) {
    return static_cast<std::size_t>(bytes * (0.83 + random.unit() / 3));
  }
  int suspect_gops(int count, double dependent_bytes, double key_bytes) {
    int suspect = 0;
    for (int i = 0; i < count; ++i) suspect += gop(dependent_bytes, key_bytes) ? 1 : 0;
    return suspect;
  }
};

}  // namespace

TEST_SUITE("analytics/effort_watch") {
  TEST_CASE("a scene that goes on as it was is not suspect") {
    camera street;
    CHECK(street.suspect_gops(200, 900, 12'000) == 0);
  }

  TEST_CASE("a picture that repeats itself is suspect at the next key frame") {
    camera street;
    REQUIRE(street.suspect_gops(20, 900, 12'000) == 0);
    CHECK(street.gop(20, 12'000));
  }

  TEST_CASE("a covered lens is suspect by its key frame alone") {
    camera street;
    REQUIRE(street.suspect_gops(20, 900, 12'000) == 0);
    CHECK(street.gop(900, 2'000));
  }

  TEST_CASE("a passing lorry is not suspect, the calm after it is not either") {
    camera street;
    REQUIRE(street.suspect_gops(20, 900, 12'000) == 0);
    CHECK(street.suspect_gops(2, 6'000, 14'000) == 0);
    CHECK(street.suspect_gops(20, 900, 12'000) == 0);
  }

  TEST_CASE("a street that empties for the night is suspect for half a minute, not until morning") {
    camera street;
    REQUIRE(street.suspect_gops(60, 900, 12'000) == 0);
    const int suspect = street.suspect_gops(300, 90, 11'000);
    CHECK(suspect >= 10);
    CHECK(suspect <= 19);
  }

  TEST_CASE("a picture that comes back after minutes of stillness is suspect at once") {
    camera street;
    street.suspect_gops(30, 900, 12'000);
    street.suspect_gops(60, 15, 12'000);
    CHECK(street.gop(900, 12'000));
  }

  TEST_CASE("a camera that sends key frames only is judged by them") {
    camera still;
    CHECK(still.suspect_gops(20, 0, 12'000) == 0);
    bool is_suspect = false;
    for (int i = 0; i < 3; ++i) is_suspect = still.watch.on_key(1'500, still.now += to_ns(1s));
    CHECK(is_suspect);
  }

  TEST_CASE("a decoder that falls behind is asked ever more slowly, one that follows ever faster") {
    measuring_pace pace;
    mono_ns now = to_ns(10s);
    CHECK(pace.stretch() == 1);
    for (int second = 0; second < 5; ++second) {
      pace.note(true, now);
      pace.note(false, now + to_ns(500ms));
      now += to_ns(1s);
    }
    const auto slow = pace.stretch();
    CHECK(slow > 2);
    for (int second = 0; second < 60; ++second) pace.note(true, now += to_ns(1s));
    CHECK(pace.stretch() == measuring_pace::slowest);
    for (int second = 0; second < 300; ++second) pace.note(false, now += to_ns(1s));
    CHECK(pace.stretch() == 1);
  }
}
