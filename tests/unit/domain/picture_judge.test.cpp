// SPDX-License-Identifier: Apache-2.0
#include "domain/picture_judge.hpp"

#include <doctest/doctest.h>

using namespace vigie;
using namespace vigie::domain;
using namespace std::chrono_literals;

namespace {

struct judge_bench {
  picture_judgement judgement;
  mono_ns now = to_ns(100s);

  void see(double mean, double deviation, double change, std::chrono::milliseconds after = 2s,
           bool decoded = true) {
    now += to_ns(after);
    judgement = judge(judgement, {{}, now, decoded, mean, deviation, change});
  }
  void street() { see(95, 42, 3.5); }
};

}  // namespace

TEST_SUITE("domain/picture_judge") {
  TEST_CASE("black: two dark and flat measures in a row, dated by the first") {
    judge_bench b;
    b.street();
    b.see(16, 0.4, 60);
    const auto first = b.now;
    CHECK_FALSE(b.judgement.black);
    b.see(16, 0.4, 0.5);
    CHECK(b.judgement.black);
    CHECK(b.judgement.black_since == first);
    b.street();
    CHECK_FALSE(b.judgement.black);
  }

  TEST_CASE("black: not a dark street with a lamp, not a grey wall, not a single dark frame") {
    judge_bench b;
    for (int i = 0; i < 5; ++i) b.see(14, 9, 0.8);
    CHECK_FALSE(b.judgement.black);
    for (int i = 0; i < 5; ++i) b.see(120, 1, 0.8);
    CHECK_FALSE(b.judgement.black);
    for (int i = 0; i < 5; ++i) {
      b.see(10, 1, 50);
      b.street();
    }
    CHECK_FALSE(b.judgement.black);
  }

  TEST_CASE("frozen: concluded within ten seconds at a measure every two") {
    judge_bench b;
    b.street();
    b.street();
    const auto frozen_at = b.now + to_ns(1ms);  // the worst moment: just after a measure
    b.see(95, 42, 3.5);                         // the first frozen picture still differs
    const auto base = b.now;
    while (!b.judgement.frozen && b.now - frozen_at < to_ns(30s)) b.see(95, 42, 0);
    CHECK(b.judgement.frozen);
    CHECK(b.now - frozen_at <= to_ns(10s));
    CHECK(b.judgement.frozen_since == base);
    b.see(95, 42, 0);
    CHECK(b.judgement.frozen);
    b.street();
    CHECK_FALSE(b.judgement.frozen);
  }

  TEST_CASE("frozen: not from many still measures in a moment, not from a quiet but living scene") {
    judge_bench b;
    b.street();
    for (int i = 0; i < 10; ++i) b.see(95, 42, 0, 400ms);
    CHECK_FALSE(b.judgement.frozen);
    for (int i = 0; i < 50; ++i) b.see(60, 20, 0.03);
    CHECK_FALSE(b.judgement.frozen);
  }

  TEST_CASE("frozen: a tremor below the moving threshold does not end it") {
    judge_bench b;
    b.street();
    for (int i = 0; i < 4; ++i) b.see(95, 42, 0.01);
    CHECK(b.judgement.frozen);
    b.see(95, 42, 0.03);
    CHECK(b.judgement.frozen);
    b.see(95, 42, 0.06);
    CHECK_FALSE(b.judgement.frozen);
  }

  TEST_CASE("a frame that could not be decoded or compared proves nothing") {
    judge_bench b;
    b.see(0, 0, 0, 2s, false);
    b.see(0, 0, 0, 2s, false);
    CHECK_FALSE(b.judgement.measured);
    b.street();
    b.see(95, 42, 0);
    b.see(0, 0, 0, 2s, false);
    b.see(95, 42, 0);
    b.see(95, 42, -1);  // a new session: no previous picture
    b.see(95, 42, 0);
    b.see(95, 42, 0);
    CHECK_FALSE(b.judgement.frozen);
    b.see(95, 42, 0);
    CHECK(b.judgement.frozen);
  }

  TEST_CASE("a judgement is forgotten a minute after its last measure") {
    judge_bench b;
    b.see(10, 1, -1);
    b.see(10, 1, 0);
    CHECK(expire(b.judgement, b.now + to_ns(60s)).black);
    CHECK_FALSE(expire(b.judgement, b.now + to_ns(61s)).black);
  }

  TEST_CASE("only dark and still measures are in a hurry") {
    CHECK(is_remarkable({{}, 1, true, 10, 1, 9}));
    CHECK(is_remarkable({{}, 1, true, 90, 30, 0}));
    CHECK_FALSE(is_remarkable({{}, 1, true, 90, 30, 2}));
    CHECK_FALSE(is_remarkable({{}, 1, true, 90, 30, -1}));
    CHECK_FALSE(is_remarkable({{}, 1, false, 0, 0, 0}));
  }
}
