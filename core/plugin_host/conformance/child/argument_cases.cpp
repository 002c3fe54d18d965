// SPDX-License-Identifier: Apache-2.0
// Values no centre sends, and work under way when stop comes.
#include <cmath>
#include <limits>

#include "plugin_host/conformance/child/cases.hpp"
#include "plugin_host/conformance/child/frames.hpp"
#include "plugin_host/conformance/child/subject.hpp"

namespace vigie::plugin_host::conformance::child {
namespace {

vigie_str_t str(std::string_view text) { return {text.data(), text.size()}; }

const std::vector<std::string>& strange_texts() {
  static const std::vector<std::string> all{
      "",
      std::string(1, '\0'),
      "://",
      "http://",
      "rtsp://user:secret@127.0.0.1:9/",
      "http://127.0.0.1:99999/",
      "http://[::1/",
      "gopher://127.0.0.1/\r\nHost: x",
      "%00%ff%n%s",
      "\xff\xfe\x80",
      std::string(4096, 'a'),
      "rtsp://127.0.0.1:9/" + std::string(2000, 'b'),
  };
  return all;
}

void strange_cameras(subject& s) {
  std::uint64_t handle = 100;
  for (const auto& text : strange_texts()) {
    for (const auto& options : {std::string{"{}"}, std::string{}, std::string{"["}, text}) {
      ++handle;
      const auto got = s.attach(vigie_camera_t{sizeof(vigie_camera_t), 0, handle, str(text),
                                               str(text), str(text), str(text), str(options)});
      if (!got.ok()) continue;
      if (s.protocol() != nullptr && s.protocol()->open_stream == nullptr) {
        vigie_stream_t out{};
        out.size = sizeof out;
        s.resolve(handle, out);
      }
      s.detach(handle);
    }
  }
  s.attach(vigie_camera_t{sizeof(vigie_camera_t), 0, 0, {}, {}, {}, {}, {}});
  s.attach(vigie_camera_t{sizeof(vigie_camera_t), 0, UINT64_MAX, {}, {}, {}, {}, {}});
  s.detach(UINT64_MAX);
}

void strange_speeds(case_run& run, subject& s) {
  const auto* const ptz = static_cast<const vigie_ptz_t*>(s.get_extension(VIGIE_EXT_PTZ));
  if (ptz == nullptr || !VIGIE_HAS(ptz, vigie_ptz_t, go_to_preset) || ptz->move == nullptr) return;
  constexpr auto device = call_deadlines{}.device;
  for (const double speed : {std::nan(""), std::numeric_limits<double>::infinity(), -2.0, 1e308}) {
    const auto got = s.call("ptz.move", host_table::tag::worker, device, [&](vigie_error_t& slot) {
      return ptz->move(s.raw(), 4711, speed, speed, speed, UINT32_MAX, &slot);
    });
    run.holds(!got.ok(), "ptz.move took the speed " + std::to_string(speed));
  }
}

void strange_notifications(subject& s, utc_us now) {
  for (const auto& text : strange_texts()) {
    for (const std::int32_t status : {0, VIGIE_NOTIFY_TEST, 99}) {
      vigie_notification_t what{};
      what.size = sizeof what;
      what.status = status;
      what.key = what.recipient = what.incident = what.event = what.headline = str(text);
      what.description = what.instruction = what.commune_insee = what.place = str(text);
      what.camera = what.operator_id = str(text);
      what.at_utc_us = status == 99 ? std::numeric_limits<std::int64_t>::min() : now;
      what.priority = status;
      what.latitude_microdeg = INT32_MIN;
      s.deliver(what);
    }
    if (s.notifier()->probe != nullptr) s.probe(text);
  }
}

void strange_frames(subject& s) {
  s.attach(1, "");
  guarded_frame empty{s.analytics()->pixel_format, 16, 16, 0};
  auto without_planes = empty.frame(1, 1, 0);
  without_planes.plane_count = 0;
  s.show(without_planes);
  auto of_all_times = empty.frame(2, 1, std::numeric_limits<std::int64_t>::max());
  s.show(of_all_times);
  auto before_time = empty.frame(3, 1, std::numeric_limits<std::int64_t>::min());
  s.show(before_time);
  s.detach(1);
}

}  // namespace

void arguments(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.bring_up()) return;
  if (s.protocol() != nullptr) {
    strange_cameras(s);
    strange_speeds(run, s);
  }
  if (s.analytics() != nullptr) {
    strange_cameras(s);
    strange_frames(s);
  }
  if (s.notifier() != nullptr) strange_notifications(s, time.utc());
  s.take_down();
}

/// A centre never lets `stop` come in the middle of a call (macros.h: calls to one instance are
/// serialised); what is under way then is the plugin's own work: streams that wait for a device,
/// event subscriptions, deliveries, frames it retained.
void stop_while_busy(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.bring_up()) return;
  if (s.protocol() != nullptr) {
    const auto address = s.find_address(run.order.mute_cameras);
    if (run.is_settled()) return s.take_down();
    for (std::uint64_t camera = 11; camera < 19; ++camera) {
      if (!s.attach(camera, address).ok()) continue;
      if (s.protocol()->open_stream != nullptr) s.open(camera);
    }
  } else if (s.analytics() != nullptr) {
    static std::vector<std::unique_ptr<guarded_frame>> frames;
    static std::vector<vigie_frame_t> shown;
    shown.reserve(16);
    for (std::uint64_t camera = 11; camera < 15; ++camera) s.attach(camera, "");
    for (std::uint64_t i = 0; i < 16; ++i) {
      frames.push_back(std::make_unique<guarded_frame>(s.analytics()->pixel_format, 160, 90, i));
      shown.push_back(frames.back()->frame(i + 1, 11 + i % 4, time.utc()));
      s.show(shown.back());
    }
  } else {
    for (const auto& recipient : run.order.recipients) {
      const auto key = "check-busy-" + recipient;
      vigie_notification_t what{};
      what.size = sizeof what;
      what.status = VIGIE_NOTIFY_TEST;
      what.key = str(key);
      what.recipient = str(recipient);
      what.headline = str("check");
      what.at_utc_us = time.utc();
      what.attempt = 1;
      s.deliver(what);
    }
  }
  const auto began = time.mono();
  s.stop();
  const auto took_ms = (time.mono() - began) / 1'000'000;
  run.note("stop took " + std::to_string(took_ms) + " ms");
  s.destroy();
  const auto seen = s.host().seen();
  run.holds(seen.retained == 0, "it still retains frames after stop");
}

}  // namespace vigie::plugin_host::conformance::child
