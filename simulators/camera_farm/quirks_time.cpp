// SPDX-License-Identifier: Apache-2.0
// Groups H and K of the quirk catalogue: time, and UDP.
#include <array>

#include "camera_farm/quirk.hpp"

namespace vigie::simulators {

namespace {

constexpr std::uint32_t clock_hz = 90'000;

/// Sends two pictures ahead of the one that comes before them, as an encoder with two B pictures.
std::uint32_t out_of_order(std::uint32_t ts, const quirk_memory& m) {
  const std::uint32_t interval = clock_hz / m.fps;
  return m.frames % 3 == 0 ? ts + 2 * interval : ts - interval;
}

/// The 32 bits are used up 8 s into the session, and every 10 s one picture lies hours away.
std::uint32_t wrapping(std::uint32_t ts, const quirk_memory& m) {
  return ts - m.first_ts - 8 * clock_hz;
}
std::uint32_t wrap_and_stray(std::uint32_t ts, const quirk_memory& m) {
  return wrapping(ts, m) + (m.is_frame_due(10) ? 5U * 3600U * clock_hz : 0);
}

std::uint32_t fast(std::uint32_t ts, const quirk_memory& m) {
  const std::uint64_t passed = ts - m.first_ts;
  return ts + static_cast<std::uint32_t>(passed * 300 / 1'000'000);
}

void odd_reports(sender_report& report, const quirk_memory& m) {
  if (m.frames % 3 == 0) {
    report.has_no_ntp = true;
    report.rtp_ts = 0;
  } else if (m.frames % 3 == 1) {
    report.ssrc ^= 0x77777777;
  } else {
    report.cname = {};
  }
}

void late_clock(sender_report& report, const quirk_memory& m) {
  if (m.frames > 20 * m.fps) report.utc += 30'000'000;
}

// Reports of a camera whose media time is odd tell the odd time, too.
template <std::uint32_t (*Odd)(std::uint32_t, const quirk_memory&)>
void report_so(sender_report& report, const quirk_memory& m) {
  report.rtp_ts = Odd(report.rtp_ts, m);
}

constexpr std::array quirks{
    quirk{.name = "b_frames",
          .row = 80,
          .world = "shown in another order than sent, as with two B pictures",
          .media_time = out_of_order},
    quirk{.name = "max_jump",
          .row = 84,
          .world = "timestamps wrap, and every 10 s one lies hours away (Intelbras DVR)",
          .media_time = wrap_and_stray,
          .report = report_so<wrapping>,
          .is_of_handshake = true},
    quirk{.name = "unknown_rtcp_ssrc",
          .row = 85,
          .world = "reports with zero times, of another SSRC, with an empty name (Tapo C320WS)",
          .report = odd_reports},
    quirk{.name = "clock_step",
          .row = 86,
          .world = "after 20 s the camera's clock is set by 30 s, its reports with it",
          .report = late_clock},
    quirk{.name = "clock_drift",
          .row = 87,
          .world = "its clock runs 300 ppm fast",
          .media_time = fast,
          .report = report_so<fast>},
    quirk{.name = "preroll_burst",
          .row = 88,
          .world = "the last two seconds come at once after PLAY",
          .is_of_handshake = true,
          .preroll_frames = 24},
    quirk{.name = "udp_source",
          .row = 98,
          .world = "server_port is left out, and UDP comes from another port",
          .reply =
              [](const reply_scene& s, rtsp_reply& r) {
                std::string* t = r.find("Transport");
                if (t == nullptr || !s.is("SETUP")) return;
                const auto at = t->find(";server_port=");
                if (at != std::string::npos) t->erase(at, t->find(';', at + 1) - at);
              },
          .is_of_handshake = true,
          .hides_udp_source = true},
    quirk{.name = "udp_hole_punch",
          .row = 99,
          .world = "nothing listens at the server_port it names",
          .reply =
              [](const reply_scene& s, rtsp_reply& r) {
                std::string* t = r.find("Transport");
                if (t == nullptr || !s.is("SETUP")) return;
                const auto at = t->find("server_port=");
                if (at != std::string::npos)
                  t->replace(at, t->find(';', at) - at, "server_port=9-10");
              },
          .is_of_handshake = true,
          .hides_udp_source = true},
    quirk{.name = "udp_silence",
          .row = 100,
          .world = "UDP is accepted, and nothing is sent on it",
          .is_of_handshake = true,
          .is_mute_on_udp = true},
};

}  // namespace

std::span<const quirk> time_quirks() { return quirks; }

}  // namespace vigie::simulators
