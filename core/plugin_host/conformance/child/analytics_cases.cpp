// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "plugin_host/conformance/child/cases.hpp"
#include "plugin_host/conformance/child/frames.hpp"
#include "plugin_host/conformance/child/subject.hpp"

namespace vigie::plugin_host::conformance::child {
namespace {

constexpr std::array sizes{std::pair{1U, 1U},    std::pair{2U, 2U},    std::pair{1U, 64U},
                           std::pair{64U, 1U},   std::pair{3U, 5U},    std::pair{17U, 13U},
                           std::pair{160U, 90U}, std::pair{161U, 91U}, std::pair{640U, 360U},
                           std::pair{639U, 7U},  std::pair{7U, 639U},  std::pair{1280U, 720U}};
constexpr std::uint64_t camera = 1;
constexpr vigie_utc_us_t noon = 1'700'000'000'000'000;

}  // namespace

void frame_sizes(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.bring_up()) return;
  if (!s.attach(camera, "").ok()) return run.fail("attach was refused");
  std::vector<std::unique_ptr<guarded_frame>> pictures;
  std::vector<vigie_frame_t> shown;
  shown.reserve(sizes.size() * 4 * 2);
  auto at = noon;
  for (const auto& [width, height] : sizes) {
    for (std::uint64_t look = 0; look < 4; ++look) {
      for (const std::uint32_t padding : {0U, 13U}) {
        pictures.push_back(std::make_unique<guarded_frame>(s.analytics()->pixel_format, width,
                                                           height, look, padding));
        shown.push_back(pictures.back()->frame(shown.size() + 1, camera, at += 1'000'000));
        run.about("a picture of " + std::to_string(width) + "×" + std::to_string(height) +
                  (padding != 0 ? " with padded lines" : ""));
        const auto got = s.show(shown.back());
        if (!run.holds(
                got.ok() || got.status == VIGIE_E_INVALID || got.status == VIGIE_E_UNSUPPORTED,
                "a picture of " + std::to_string(width) + "×" + std::to_string(height) +
                    " was answered with " + name_of_status(got.status) + ": " + got.text))
          return;
      }
    }
  }
  s.take_down();
  run.note(std::to_string(shown.size()) + " pictures, each before a guard page");
}

void events(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.bring_up()) return;
  for (std::uint64_t one = 1; one <= 4; ++one)
    if (!s.attach(one, "").ok()) return run.fail("attach was refused");
  const auto& table = *s.analytics();
  const auto width = table.width == 0 ? 320 : table.width;
  const auto height = table.height == 0 ? 180 : table.height;
  const vigie_utc_us_t interval = std::int64_t{std::max(table.interval_ms, 100U)} * 1000;
  std::vector<std::unique_ptr<guarded_frame>> pictures;
  for (std::uint64_t look = 0; look < 8; ++look)
    pictures.push_back(std::make_unique<guarded_frame>(table.pixel_format, width, height, look));
  // Scenes long enough for slow judgements: each look for 24 frames, the cameras out of step.
  constexpr std::uint64_t rounds = 8 * 24;
  std::vector<vigie_frame_t> shown;
  shown.reserve(rounds * 4);
  for (std::uint64_t round = 0; round < rounds; ++round)
    for (std::uint64_t one = 1; one <= 4; ++one) {
      const auto look = (round / 24 + one) % pictures.size();
      shown.push_back(pictures[look]->frame(shown.size() + 1, one,
                                            noon + static_cast<vigie_utc_us_t>(round) * interval));
      const auto got = s.show(shown.back());
      if (!run.holds(got.ok(), "on_frame answered " + name_of_status(got.status) + ": " + got.text))
        return;
    }
  s.take_down();
  const auto seen = s.host().seen();
  for (const auto& offence : seen.offences)
    // A scene that changes this often may pass the rate; everything else is a centre's fault too.
    if (!offence.starts_with("flooded")) return run.fail("a centre would tell: " + offence);
  run.note(std::to_string(shown.size()) + " pictures, " + std::to_string(seen.detections) +
           " detections");
}

}  // namespace vigie::plugin_host::conformance::child
