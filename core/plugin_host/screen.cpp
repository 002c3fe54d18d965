// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/screen.hpp"

#include <vigie/analytics.h>
#include <vigie/ext/log.h>
#include <vigie/notifier.h>
#include <vigie/packet.h>
#include <vigie/plugin.h>
#include <vigie/protocol.h>

#include <algorithm>
#include <cmath>

namespace vigie::plugin_host {
namespace {

constexpr mono_ns second_ns = 1'000'000'000;
constexpr std::size_t largest_packet = 4U << 20;
constexpr std::size_t largest_parameters = 16 * 1024;
constexpr std::size_t longest_text = 8 * 1024;
constexpr std::size_t most_notifications = 4096;

verdict refused(fault f, std::string_view why, std::int32_t status = VIGIE_E_INVALID) {
  return {status, f, why};
}

bool is_phase(std::int32_t active) noexcept { return active >= -1 && active <= 1; }

}  // namespace

bool rate_gate::pass(mono_ns now) noexcept {
  if (last_ != 0 && now > last_)
    tokens_ = std::min(burst_, tokens_ + static_cast<double>(now - last_) * per_ns_);
  last_ = now;
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

screen_rates screen_rates::times(double factor) const noexcept {
  auto more = *this;
  for (double* rate : {&more.detections, &more.device_events, &more.reports, &more.lines,
                       &more.packets_per_camera, &more.burst})
    *rate *= factor;
  return more;
}

screen::screen(std::uint8_t kind, std::vector<std::int32_t> events, screen_rates rates)
    : kind_{kind},
      events_{std::move(events)},
      rates_{rates},
      detections_{rates.detections, rates.burst},
      device_events_{rates.device_events, rates.burst},
      reports_{rates.reports, rates.burst},
      lines_{rates.lines, rates.burst} {}

void screen::attached(std::uint64_t camera) {
  newest_camera_ = std::max(newest_camera_, camera);
  cameras_.insert_or_assign(
      camera, stream_state{false, false, 0, 0, rate_gate{rates_.packets_per_camera, rates_.burst}});
}

void screen::detached(std::uint64_t camera) { cameras_.erase(camera); }

void screen::opened(std::uint64_t camera) {
  const auto found = cameras_.find(camera);
  if (found == cameras_.end()) return;
  found->second.is_open = true;
  found->second.has_packet = false;
}

void screen::closed(std::uint64_t camera) {
  const auto found = cameras_.find(camera);
  if (found != cameras_.end()) found->second.is_open = false;
}

void screen::frame_given(std::uint64_t frame) { newest_frame_ = std::max(newest_frame_, frame); }

void screen::notification_given(const std::string& key, const std::string& recipient) {
  if (!notifications_.insert_or_assign(key, recipient).second) return;
  notification_order_.push_back(key);
  if (notification_order_.size() <= most_notifications) return;
  notifications_.erase(notification_order_.front());
  notification_order_.pop_front();
}

bool screen::worth_telling(fault f, mono_ns now) {
  auto& last = told_[f];
  if (last != 0 && now - last < second_ns) return false;
  last = now;
  return true;
}

verdict screen::judge(const notice& said, mono_ns now) {
  return std::visit([&](const auto& one) { return check(one, now); }, said);
}

std::optional<verdict> screen::foreign(std::uint64_t camera) const {
  if (cameras_.contains(camera)) return std::nullopt;
  // A word about a camera that has just left is late, not foreign.
  if (camera != 0 && camera <= newest_camera_) return verdict{VIGIE_E_NOT_FOUND, {}, {}};
  return refused(fault::foreign_camera, "named a camera that is not its own", VIGIE_E_NOT_FOUND);
}

verdict screen::over_rate(mono_ns now) {
  if (now - flood_second_ >= second_ns) {
    flood_second_ = now;
    refused_ = 0;
  }
  if (++refused_ < rates_.refused_per_second) return {VIGIE_E_BUSY, {}, {}};
  return refused(fault::flooded, "says more than its share", VIGIE_E_BUSY);
}

verdict screen::check(const packet_notice& said, mono_ns now) {
  if (kind_ != VIGIE_KIND_PROTOCOL)
    return refused(fault::bad_packet, "only protocol plugins push pictures", VIGIE_E_DENIED);
  if (const auto other = foreign(said.camera)) return *other;
  auto& stream = cameras_.at(said.camera);
  if (!stream.is_open) return {VIGIE_E_STATE, {}, {}};
  const auto& packet = said.packet;
  if (packet.codec < VIGIE_CODEC_H264 || packet.codec > VIGIE_CODEC_MJPEG)
    return refused(fault::bad_packet, "pushed a picture of an unknown codec");
  if (packet.data.empty() || packet.data.size() > largest_packet ||
      packet.parameters.size() > largest_parameters)
    return refused(fault::bad_packet, "pushed a picture that is empty or beyond 4 MiB");
  if (stream.has_packet &&
      (packet.stream_generation < stream.generation ||
       (packet.stream_generation == stream.generation && packet.media_pts_us <= stream.pts)))
    return refused(fault::bad_packet, "pushed a picture whose time does not advance");
  if (!stream.rate.pass(now)) return over_rate(now);
  stream.has_packet = true;
  stream.generation = packet.stream_generation;
  stream.pts = packet.media_pts_us;
  return {};
}

verdict screen::check(const ended_notice& said, mono_ns now) {
  if (const auto other = foreign(said.camera)) return *other;
  if (!cameras_.at(said.camera).is_open) return {VIGIE_E_STATE, {}, {}};
  if (said.why > 0 || said.why < VIGIE_E_BUSY)
    return refused(fault::bad_event, "ended a stream for no known reason");
  if (!device_events_.pass(now)) return over_rate(now);
  closed(said.camera);
  return {};
}

verdict screen::check(const device_event_notice& said, mono_ns now) {
  if (kind_ != VIGIE_KIND_PROTOCOL)
    return refused(fault::bad_event, "only protocol plugins tell of devices", VIGIE_E_DENIED);
  if (const auto other = foreign(said.camera)) return *other;
  const auto& event = said.event;
  if (event.type < VIGIE_DEVICE_MOTION || event.type > VIGIE_DEVICE_REBOOT ||
      !is_phase(event.active) || event.at <= 0)
    return refused(fault::bad_event, "told a device event that does not exist");
  if (!device_events_.pass(now)) return over_rate(now);
  return {};
}

verdict screen::check(const detection_notice& said, mono_ns now) {
  if (kind_ != VIGIE_KIND_ANALYTICS)
    return refused(fault::bad_detection, "only analytics plugins detect", VIGIE_E_DENIED);
  // A flood is refused by its rate before its contents are looked at.
  if (!detections_.pass(now)) return over_rate(now);
  if (const auto other = foreign(said.camera)) return *other;
  const auto& d = said.detection;
  if (std::find(events_.begin(), events_.end(), d.event_type) == events_.end())
    return refused(fault::bad_detection, "signalled an event its manifest does not declare");
  if (!std::isfinite(d.score) || d.score < 0 || d.score > 1)
    return refused(fault::bad_detection, "gave a score outside 0..1");
  if (d.right > 1000 || d.bottom > 1000 || d.left > d.right || d.top > d.bottom)
    return refused(fault::bad_detection, "gave a region outside the picture");
  if (!is_phase(d.active) || d.at <= 0 || d.frame > newest_frame_ ||
      (d.count != 0 && d.event_type != VIGIE_EVENT_COUNT_AGGREGATE))
    return refused(fault::bad_detection, "gave a time, frame, phase or count that cannot be");
  return {};
}

verdict screen::check(const report_notice& said, mono_ns now) {
  if (kind_ != VIGIE_KIND_NOTIFIER)
    return refused(fault::bad_event, "only notifier plugins report deliveries", VIGIE_E_DENIED);
  if (!reports_.pass(now)) return over_rate(now);
  const auto& report = said.report;
  const auto given = notifications_.find(report.key);
  if (given == notifications_.end() || given->second != report.recipient)
    return refused(fault::bad_event, "reported a notification it was never given",
                   VIGIE_E_NOT_FOUND);
  if (report.outcome < VIGIE_DELIVERY_DELIVERED || report.outcome > VIGIE_DELIVERY_NEEDS_HUMAN ||
      report.at <= 0 || report.text.size() > longest_text || report.reference.size() > longest_text)
    return refused(fault::bad_event, "gave a delivery report that makes no sense");
  return {};
}

verdict screen::check(const log_notice& said, mono_ns now) {
  if (!lines_.pass(now)) return over_rate(now);
  if (said.severity < VIGIE_LOG_DEBUG || said.severity > VIGIE_LOG_PLUGIN_MISBEHAVING)
    return {VIGIE_E_INVALID, {}, {}};
  return {};
}

verdict screen::check(const offence_notice& said, mono_ns now) {
  if (!is_fault(said.fault)) return refused(fault::broke_protocol, "named no fault");
  const auto one = static_cast<fault>(said.fault);
  if (!worth_telling(one, now)) return {VIGIE_E_BUSY, {}, {}};
  return {};
}

std::string printable(std::string_view text, std::size_t longest) {
  if (text.size() > longest) {
    auto end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    text = text.substr(0, end);
  }
  std::string line{text};
  for (auto& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return line;
}

}  // namespace vigie::plugin_host
