// SPDX-License-Identifier: Apache-2.0
// Cameras of protocol and analytics plugins, and the streams of the former.
#include <vector>

#include "plugin_host/conformance/child/cases.hpp"
#include "plugin_host/conformance/child/subject.hpp"

namespace vigie::plugin_host::conformance::child {
namespace {

constexpr std::uint64_t stranger = 4711;
constexpr std::uint64_t most_cameras = 100;

vigie_stream_t empty_stream() {
  vigie_stream_t out{};
  out.size = sizeof out;
  return out;
}

}  // namespace

void unknown_camera(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.bring_up()) return;
  s.detach(stranger);
  s.detach(stranger);
  if (s.protocol() != nullptr) {
    auto out = empty_stream();
    if (!run.holds(!s.resolve(stranger, out).ok(),
                   "resolve_stream found a stream of a camera that is not attached"))
      return;
    if (s.protocol()->open_stream != nullptr) {
      if (!run.holds(!s.open(stranger).ok(), "open_stream opened a camera that is not attached"))
        return;
      s.close(stranger);
    }
  } else {
    const std::vector<std::uint8_t> pixels(64 * 48 * 3 / 2, 0x80);
    vigie_frame_t frame{};
    frame.size = sizeof frame;
    frame.pixel_format = s.analytics()->pixel_format;
    frame.id = 1;
    frame.camera = stranger;
    frame.width = 64;
    frame.height = 48;
    frame.plane_count = frame.pixel_format == VIGIE_PIXEL_I420 ? 3 : 1;
    frame.planes[0] = {pixels.data(), 64, 48};
    frame.planes[1] = {pixels.data() + 64 * 48, 32, 24};
    frame.planes[2] = {pixels.data() + 64 * 48 + 32 * 24, 32, 24};
    s.show(frame);
    if (!run.holds(s.host().seen().detections == 0,
                   "it signalled something about a camera that is not attached"))
      return;
  }
  s.take_down();
}

void many_cameras(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.bring_up()) return;
  const auto address = s.find_address(run.order.cameras);
  if (run.is_settled()) return s.take_down();
  for (std::uint64_t camera = 1; camera <= most_cameras; ++camera)
    if (const auto got = s.attach(camera, address); !got.ok())
      return run.fail("camera " + std::to_string(camera) + " of " + std::to_string(most_cameras) +
                      " was refused with " + name_of_status(got.status) + ": " + got.text);
  if (s.protocol() != nullptr && s.protocol()->open_stream == nullptr) {
    auto out = empty_stream();
    if (!run.holds(s.resolve(most_cameras, out).status != VIGIE_E_NOT_FOUND,
                   "the last camera attached is not found"))
      return;
  }
  for (std::uint64_t camera = most_cameras; camera > 0; --camera) s.detach(camera);
  auto out = empty_stream();
  if (s.protocol() != nullptr &&
      !run.holds(!s.resolve(1, out).ok(), "a detached camera still has a stream"))
    return;
  // A handle is not used twice by a centre, but the same camera comes again under another.
  if (!run.holds(s.attach(most_cameras + 1, address).ok(), "a camera is refused the second time"))
    return;
  s.take_down();
}

void streams(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.bring_up()) return;
  if (s.protocol()->open_stream == nullptr) {
    run.note("it pushes no packets");
    return s.take_down();
  }
  const auto address = s.find_address(run.order.mute_cameras);
  if (run.is_settled()) return s.take_down();
  if (!s.attach(1, address).ok()) return run.skip("it refuses " + address + " the second time");
  int opened = 0;
  for (int round = 0; round < 50; ++round) {
    const auto got = s.open(1);
    opened += got.ok() ? 1 : 0;
    s.close(1);
    s.close(1);
    if (got.status == VIGIE_E_UNSUPPORTED) break;
  }
  if (opened > 0) s.open(1);
  s.detach(1);
  s.host().stream_closed(1);
  s.take_down();
  const auto seen = s.host().seen();
  if (!run.holds(seen.late_packets.empty(), "packets were pushed after close_stream returned"))
    return;
  run.note(opened == 0 ? "it pushes no packets" : std::to_string(opened) + " streams opened");
}

}  // namespace vigie::plugin_host::conformance::child
