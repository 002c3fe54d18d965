// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "analytics/child/frame_intake.hpp"
#include "analytics/child/picture_decoder.hpp"
#include "domain/picture_judge.hpp"
#include "support/h264_clip.hpp"

// What the judge concludes of pictures drawn by FFmpeg, coded by x264 and decoded by the child's
// own decoder: one key frame a picture, two seconds apart.
namespace {

using namespace vigie;
using namespace std::chrono_literals;
namespace child = analytics::child;

const std::string size = "s=640x360:r=1";
const std::string noise = ",noise=alls=3:allf=t";
/// A date and a name burned in, white, with some strokes that change every second or so.
const std::string clock_text =
    ",drawbox=x=8:y=8:w=200:h=12:color=white:t=fill"
    ",drawbox=x=420:y=340:w=200:h=12:color=white:t=fill"
    ",drawbox=x=220:y=8:w=8:h=12:color=white:t=fill:enable='mod(n\\,2)'"
    ",drawbox=x=240:y=8:w=8:h=12:color=white:t=fill:enable='gt(mod(n\\,3)\\,1)'";

/// Luma of a night street: near black, with lamps and the glow around them.
const std::string night = "nullsrc=" + size +
                          ",geq=lum='18+200*exp(-((X-120)*(X-120)+(Y-120)*(Y-120))/400)"
                          "+200*exp(-((X-330)*(X-330)+(Y-150)*(Y-150))/300)"
                          "+150*exp(-((X-520)*(X-520)+(Y-110)*(Y-110))/500)':cb=128:cr=128";
const std::string street = "testsrc2=" + size + ",loop=loop=-1:size=1:start=0,noise=alls=12";

std::vector<domain::picture_evidence> measure(const std::string& graph, const std::string& x264) {
  const auto clip = test::encode_clip(graph + ",format=yuv420p", 8, 1, x264);
  child::picture_decoder decoder;
  child::luma_grid before;
  std::vector<domain::picture_evidence> out;
  mono_ns at = to_ns(100s);
  std::vector<std::uint8_t> sized_sets;
  const auto append = [](std::vector<std::uint8_t>& to, const auto& nal) {
    for (int shift = 24; shift >= 0; shift -= 8)
      to.push_back(static_cast<std::uint8_t>(nal.size() >> shift));
    to.insert(to.end(), nal.begin(), nal.end());
  };
  append(sized_sets, clip.sps);
  append(sized_sets, clip.pps);
  for (const auto& picture : clip.pictures) {
    std::vector<std::uint8_t> sized = sized_sets;
    for (const auto& nal : picture) append(sized, nal);
    const auto decoded = decoder.decode({1, child::to_annex_b(sized), true, {}});
    REQUIRE(decoded.succeeded);
    auto grid = decoded.grid;
    const auto dark = child::darkness_of(grid);
    domain::picture_evidence m{{}, at += to_ns(2s), true, dark.share, dark.core_share, -1, -1};
    if (!before.empty()) {
      const auto change = child::change_between(before, grid);
      m.change = change.largest;
      m.change_without_overlay = change.without_overlay;
    }
    before = std::move(grid);
    out.push_back(m);
  }
  return out;
}

domain::picture_judgement conclude(const std::string& graph,
                                   const std::string& x264 = "-qp 28 -pix_fmt yuv420p") {
  domain::picture_judgement judgement;
  for (const auto& m : measure(graph, x264)) judgement = domain::judge(judgement, m);
  return judgement;
}

}  // namespace

TEST_CASE("drawn pictures: a covered lens is black, with and without a white clock") {
  const std::string covered = "color=black:" + size;
  for (const auto& graph :
       {covered, covered + noise, covered + clock_text, covered + noise + clock_text}) {
    CAPTURE(graph);
    CHECK(conclude(graph).black);
    CHECK(conclude(graph, "-qp 40 -pix_fmt yuv420p").black);
  }
}

TEST_CASE("drawn pictures: a night street with lamps and a grey day are not black") {
  for (const auto& graph : {night, night + noise, night + noise + clock_text,
                            "color=gray:" + size + noise + clock_text, street + clock_text}) {
    CAPTURE(graph);
    CHECK_FALSE(conclude(graph).black);
    CHECK_FALSE(conclude(graph, "-qp 40 -pix_fmt yuv420p").black);
  }
}

TEST_CASE("drawn pictures: frozen is found, under a clock burned in by a coder with slices too") {
  CHECK(conclude(street).frozen);
  CHECK(conclude(street + clock_text, "-qp 28 -pix_fmt yuv420p -slices 12").frozen);
}

TEST_CASE("drawn pictures: quiet but living scenes are not frozen, whatever the coder leaves") {
  for (const char* faint : {",noise=alls=1:allf=t", ",noise=alls=2:allf=t"})
    for (const char* x264 : {"-qp 24 -pix_fmt yuv420p", "-qp 36 -pix_fmt yuv420p",
                             "-qp 36 -pix_fmt yuv420p -slices 12"})
      for (const auto& scene : {street, night}) {
        CAPTURE(scene);
        CAPTURE(faint);
        CAPTURE(x264);
        CHECK_FALSE(conclude(scene + faint).frozen);
        CHECK_FALSE(conclude(scene + faint + clock_text, x264).frozen);
      }
}
