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

  void see(const picture_evidence& figures, std::chrono::milliseconds after = 2s) {
    now += to_ns(after);
    auto measure = figures;
    measure.arrival_mono_ns = now;
    judgement = judge(judgement, measure);
  }
  void street() { see(lit(3.5)); }
  void black(double change) { see(shares(1, 1, change)); }

  static picture_evidence shares(double dark, double core, double change) {
    return {{}, 0, true, dark, core, change, change};
  }
  static picture_evidence lit(double change) { return shares(0, 0, change); }
  /// The clock goes on, and the rest of the picture changes by so much.
  static picture_evidence clock_over(double rest) { return {{}, 0, true, 0, 0, 60, rest}; }
  static picture_evidence refused() { return {{}, 0, false, 0, 0, 0, 0}; }
};

}  // namespace

TEST_SUITE("domain/picture_judge") {
  TEST_CASE("black: two dark measures in a row, dated by the first") {
    judge_bench b;
    b.street();
    b.black(60);
    const auto first = b.now;
    CHECK_FALSE(b.judgement.black);
    b.black(0.5);
    CHECK(b.judgement.black);
    CHECK(b.judgement.black_since == first);
    b.street();
    CHECK_FALSE(b.judgement.black);
  }

  TEST_CASE("black: not a dark street with a lamp, not a grey wall, not a single dark frame") {
    judge_bench b;
    for (int i = 0; i < 5; ++i) b.see(judge_bench::shares(0.97, 0.98, 0.8));
    CHECK_FALSE(b.judgement.black);
    for (int i = 0; i < 5; ++i) b.see(judge_bench::shares(0, 0, 0.8));
    CHECK_FALSE(b.judgement.black);
    for (int i = 0; i < 5; ++i) {
      b.black(50);
      b.street();
    }
    CHECK_FALSE(b.judgement.black);
  }

  TEST_CASE("black: burned-in text of up to 8 % does not hide a covered lens, more does") {
    judge_bench b;
    for (int i = 0; i < 2; ++i) b.see(judge_bench::shares(0.92, 1, 60));
    CHECK(b.judgement.black);
    b.see(judge_bench::shares(0.91, 1, 60));
    CHECK_FALSE(b.judgement.black);
  }

  TEST_CASE("frozen: concluded within ten seconds at a measure every two") {
    judge_bench b;
    b.street();
    b.street();
    const auto frozen_at = b.now + to_ns(1ms);  // the worst moment: just after a measure
    b.see(judge_bench::lit(3.5));               // the first frozen picture still differs
    const auto base = b.now;
    while (!b.judgement.frozen && b.now - frozen_at < to_ns(30s)) b.see(judge_bench::lit(0));
    CHECK(b.judgement.frozen);
    CHECK(b.now - frozen_at <= to_ns(10s));
    CHECK(b.judgement.frozen_since == base);
    b.see(judge_bench::lit(0));
    CHECK(b.judgement.frozen);
    b.street();
    CHECK_FALSE(b.judgement.frozen);
  }

  TEST_CASE("frozen: not from many still measures in a moment, not from a quiet but living scene") {
    judge_bench b;
    b.street();
    for (int i = 0; i < 10; ++i) b.see(judge_bench::lit(0), 400ms);
    CHECK_FALSE(b.judgement.frozen);
    for (int i = 0; i < 50; ++i) b.see(judge_bench::lit(0.03));
    CHECK_FALSE(b.judgement.frozen);
  }

  TEST_CASE("frozen: found below a clock that goes on, when all else is exactly still") {
    judge_bench b;
    b.street();
    for (int i = 0; i < 4; ++i) b.see(judge_bench::clock_over(0));
    CHECK(b.judgement.frozen);
    b.see(judge_bench::clock_over(0.002));
    CHECK_FALSE(b.judgement.frozen);
    for (int i = 0; i < 50; ++i) b.see(judge_bench::clock_over(0.01));
    CHECK_FALSE(b.judgement.frozen);
  }

  TEST_CASE("frozen: a night that the sensor clips is still without being frozen") {
    judge_bench b;
    b.street();
    for (int i = 0; i < 50; ++i) b.see({{}, 0, true, 0.6, 0.5, 40, 0});
    CHECK_FALSE(b.judgement.frozen);
    for (int i = 0; i < 4; ++i) b.see({{}, 0, true, 0.4, 0.3, 40, 0});
    CHECK(b.judgement.frozen);
  }

  TEST_CASE("frozen: one repetition over a long GOP will do, but an exact one only") {
    judge_bench b;
    b.see(judge_bench::lit(3.5), 4s);
    b.see(judge_bench::lit(3.5), 4s);
    b.see(judge_bench::lit(0.01), 4s);
    CHECK_FALSE(b.judgement.frozen);
    b.see(judge_bench::lit(3.5), 4s);
    b.see(judge_bench::lit(0), 4s);
    CHECK(b.judgement.frozen);
  }

  TEST_CASE("frozen: a tremor below the moving threshold does not end it") {
    judge_bench b;
    b.street();
    for (int i = 0; i < 4; ++i) b.see(judge_bench::lit(0.01));
    CHECK(b.judgement.frozen);
    b.see(judge_bench::lit(0.03));
    CHECK(b.judgement.frozen);
    b.see(judge_bench::lit(0.06));
    CHECK_FALSE(b.judgement.frozen);
  }

  TEST_CASE("a frame that could not be decoded or compared proves nothing") {
    judge_bench b;
    b.see(judge_bench::refused());
    b.see(judge_bench::refused());
    CHECK_FALSE(b.judgement.measured);
    b.street();
    b.see(judge_bench::lit(0));
    b.see(judge_bench::refused());
    b.see(judge_bench::lit(0));
    b.see(judge_bench::lit(-1));  // a new session: no previous picture
    b.see(judge_bench::lit(0));
    b.see(judge_bench::lit(0));
    CHECK_FALSE(b.judgement.frozen);
    b.see(judge_bench::lit(0));
    CHECK(b.judgement.frozen);
  }

  TEST_CASE("a judgement is forgotten a minute after its last measure") {
    judge_bench b;
    b.black(-1);
    b.black(0);
    CHECK(expire(b.judgement, b.now + to_ns(60s)).black);
    CHECK_FALSE(expire(b.judgement, b.now + to_ns(61s)).black);
  }

  TEST_CASE("only dark and still measures are in a hurry") {
    CHECK(is_remarkable(judge_bench::shares(1, 1, 9)));
    CHECK(is_remarkable(judge_bench::lit(0)));
    CHECK(is_remarkable(judge_bench::clock_over(0)));
    CHECK_FALSE(is_remarkable(judge_bench::lit(2)));
    CHECK_FALSE(is_remarkable(judge_bench::clock_over(0.03)));
    CHECK_FALSE(is_remarkable(judge_bench::lit(-1)));
    CHECK_FALSE(is_remarkable(judge_bench::refused()));
  }
}
