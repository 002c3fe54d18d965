// SPDX-License-Identifier: Apache-2.0
#include "rtp/reorder_window.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "support/rtp_camera.hpp"

using namespace vigie;
using namespace vigie::test;

namespace {

/// A window, and the order in which it gives packets out; their first bytes are their numbers.
struct bench {
  rtp::reorder_window window;
  std::vector<std::uint16_t> out;
  mono_ns now = 1'000'000'000;

  auto taker() {
    return [this](byte_view bytes, mono_ns, utc_us) {
      out.push_back(static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]));
    };
  }
  void push(std::uint16_t sequence) {
    const bytes packet{static_cast<std::uint8_t>(sequence >> 8),
                       static_cast<std::uint8_t>(sequence)};
    window.push(sequence, packet, now, 0, taker());
  }
  void wait(std::int64_t ms) {
    now += ms * 1'000'000;
    window.flush_due(now, taker());
  }
};

using numbers = std::vector<std::uint16_t>;

}  // namespace

TEST_SUITE_BEGIN("rtp");

TEST_CASE("reorder: packets out of order come out in order, by 64 packets or 50 ms") {
  bench b;
  for (const std::uint16_t n : {65534, 0, 65535, 3, 2, 1}) b.push(n);
  CHECK(b.out == numbers{65534, 65535, 0, 1, 2, 3});
  CHECK(b.window.reordered() == 3);
  CHECK_FALSE(b.window.deadline());

  SUBCASE("a missing one is given up after 50 ms") {
    b.push(5);
    b.wait(10);
    b.push(7);
    CHECK(b.window.deadline() == b.now + 40'000'000);
    b.wait(39);
    CHECK(b.out.size() == 6);
    b.wait(1);
    CHECK(b.out.back() == 5);
    b.wait(9);
    CHECK(b.out.back() == 5);
    b.wait(1);
    CHECK(b.out.back() == 7);
    b.push(8);
    CHECK(b.out.back() == 8);
  }
  SUBCASE("a missing one is given up when 64 came after it") {
    for (std::uint16_t n = 5; n < 5 + 63; ++n) b.push(n);
    CHECK(b.out.size() == 6);
    b.push(5 + 63);
    CHECK(b.out.size() == 6 + 64);
    CHECK(std::is_sorted(b.out.begin() + 2, b.out.end()));
  }
  SUBCASE("what comes after it was given up goes straight through, for others to judge") {
    b.push(5);
    b.wait(50);
    b.push(4);
    CHECK(b.out.back() == 4);
    b.push(6);
    CHECK(b.out.back() == 6);
  }
}

TEST_CASE("reorder: the same packet twice comes out once while it waits") {
  bench b;
  for (const std::uint16_t n : {1, 3, 3, 2}) b.push(n);
  CHECK(b.out == numbers{1, 2, 3});
}

TEST_CASE("reorder: a jump of more than 3,000 is another sequence") {
  bench b;
  for (const std::uint16_t n : {1, 3, 9000, 9001}) b.push(n);
  CHECK(b.out == numbers{1, 3, 9000, 9001});
}

TEST_CASE("reorder: after a restart what waited is dropped") {
  bench b;
  b.push(1);
  b.push(5);
  b.window.restart(40'000);
  CHECK_FALSE(b.window.deadline());
  b.push(40'001);
  b.window.reset();
  b.push(7);
  CHECK(b.out == numbers{1, 40'001, 7});
}

TEST_CASE("reorder: shuffled within the window, everything comes out once and in order") {
  std::mt19937 random{65};
  for (int round = 0; round < 200; ++round) {
    numbers sent(2000);
    const auto first = static_cast<std::uint16_t>(random());
    for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<std::uint16_t>(first + i);
    const auto expected = sent;
    const std::size_t reach = 1 + random() % 31;
    for (std::size_t i = 1; i + reach < sent.size(); i += reach)
      std::shuffle(sent.begin() + static_cast<std::ptrdiff_t>(i),
                   sent.begin() + static_cast<std::ptrdiff_t>(i + reach), random);
    bench b;
    for (const auto n : sent) b.push(n);
    CHECK(b.out == expected);
  }
}

TEST_CASE("reorder: lossy, late, doubled and restarted streams lose no packet that came in time") {
  std::mt19937 random{66};
  for (int round = 0; round < 100; ++round) {
    bench b;
    std::uint16_t n = static_cast<std::uint16_t>(random());
    std::size_t pushed = 0;
    for (int i = 0; i < 3000; ++i) {
      const auto luck = random() % 100;
      if (luck < 3) n = static_cast<std::uint16_t>(n + random() % 90);
      if (luck == 3) n = static_cast<std::uint16_t>(random());
      if (luck < 90)
        b.push(n++), ++pushed;
      else
        b.push(static_cast<std::uint16_t>(n - random() % 100)), ++pushed;
      if (luck % 10 == 0) b.wait(static_cast<std::int64_t>(random() % 30));
    }
    b.wait(1000);
    CHECK_FALSE(b.window.deadline());
    CHECK(b.out.size() <= pushed);
    CHECK(b.out.size() >= pushed * 8 / 10);
  }
}

TEST_CASE("quirk 65: over UDP pictures are whole although their packets are shuffled") {
  rtp::receiver_options options;
  options.reorders = true;
  rtp::receiver receiver{options};
  std::vector<media::access_unit_ptr> units;
  std::mt19937 random{67};
  std::vector<bytes> packets;
  rtp_fields fields;
  fields.sequence_number = 65'500;
  for (int picture = 0; picture < 60; ++picture) {
    std::vector<bytes> payloads;
    if (picture % 12 == 0) payloads = {invented_sps(), invented_pps()};
    for (auto& piece : make_fu_a(picture % 12 == 0 ? idr(3000) : slice(1500), 200))
      payloads.push_back(std::move(piece));
    for (std::size_t i = 0; i < payloads.size(); ++i) {
      fields.marker = i + 1 == payloads.size();
      packets.push_back(make_rtp(fields, payloads[i]));
      ++fields.sequence_number;
    }
    fields.rtp_ts += 7500;
  }
  for (std::size_t i = 1; i + 5 < packets.size(); i += 5)
    std::shuffle(packets.begin() + static_cast<std::ptrdiff_t>(i),
                 packets.begin() + static_cast<std::ptrdiff_t>(i + 5), random);
  mono_ns now = 1'000'000'000;
  for (const auto& packet : packets) {
    now += 1'000'000;
    receiver.push(packet, now, now / 1000, units);
  }
  receiver.on_tick(now + 100'000'000, units);
  CHECK(units.size() == 60);
  CHECK(receiver.counters().lost_packets == 0);
  CHECK(receiver.counters().late_packets == 0);
  CHECK(receiver.counters().reordered_packets > 0);

  // One packet that never comes: its picture is lost, and counted once.
  units.clear();
  const bytes lonely = make_rtp(
      {true, 96, static_cast<std::uint16_t>(fields.sequence_number + 1), fields.rtp_ts}, slice());
  receiver.push(lonely, now, 0, units);
  REQUIRE(receiver.next_deadline());
  receiver.on_tick(*receiver.next_deadline(), units);
  CHECK(units.empty());
  CHECK(receiver.counters().lost_packets == 1);
  CHECK_FALSE(receiver.next_deadline());
}
