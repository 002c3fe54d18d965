// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.hpp"
#include "plugin_host/messages.hpp"

namespace vigie::plugin_host {

/// So many at once after a rest, and so many a second in the long run.
class rate_gate {
 public:
  rate_gate(double per_second, double burst) noexcept
      : per_ns_{per_second / 1e9}, burst_{burst}, tokens_{burst} {}
  bool pass(mono_ns now) noexcept;

 private:
  double per_ns_, burst_, tokens_;
  mono_ns last_ = 0;
};

/// What one instance may say in the long run, each a second.
struct screen_rates {
  double detections = 50, device_events = 50, reports = 50, lines = 20;
  double packets_per_camera = 120;
  double burst = 200;
  std::uint32_t refused_per_second = 100;  ///< over the rate by so many: it floods
  screen_rates times(double factor) const noexcept;
};

/// What becomes of one notice: handed on when `status` is VIGIE_OK.
struct verdict {
  std::int32_t status = 0;
  std::optional<plugin_host::fault> fault;
  std::string_view why;
};

/// Judges everything an instance says: cameras must be its own, values within their ranges, types
/// among those its manifest declares, and all of it at a bearable rate. The same judge sits beside
/// the plugin, to answer it at once, and in the centre, which does not believe a child's. Pure; not
/// thread-safe.
class screen {
 public:
  screen(std::uint8_t kind, std::vector<std::int32_t> events, screen_rates rates = {});

  void attached(std::uint64_t camera);
  void detached(std::uint64_t camera);
  void opened(std::uint64_t camera);
  void closed(std::uint64_t camera);
  void frame_given(std::uint64_t frame);
  void notification_given(const std::string& key, const std::string& recipient);

  /// Judges one notice. Offences pass (each kind at most once a second).
  verdict judge(const notice& said, mono_ns now);
  /// Judges an offence the caller saw itself; true: it is worth telling now.
  bool worth_telling(fault f, mono_ns now);

 private:
  struct stream_state {
    bool is_open = false;
    bool has_packet = false;
    std::uint32_t generation = 0;
    std::int64_t pts = 0;
    rate_gate rate;
  };
  std::optional<verdict> foreign(std::uint64_t camera) const;
  verdict over_rate(mono_ns now);
  verdict check(const packet_notice& said, mono_ns now);
  verdict check(const ended_notice& said, mono_ns now);
  verdict check(const device_event_notice& said, mono_ns now);
  verdict check(const detection_notice& said, mono_ns now);
  verdict check(const report_notice& said, mono_ns now);
  verdict check(const log_notice& said, mono_ns now);
  verdict check(const offence_notice& said, mono_ns now);

  std::uint8_t kind_;
  std::vector<std::int32_t> events_;
  screen_rates rates_;
  rate_gate detections_, device_events_, reports_, lines_;
  std::unordered_map<std::uint64_t, stream_state> cameras_;
  std::uint64_t newest_camera_ = 0;  ///< handles grow: a smaller one that is unknown was detached
  std::uint64_t newest_frame_ = 0;
  std::unordered_map<std::string, std::string> notifications_;  ///< key → recipient
  std::deque<std::string> notification_order_;
  std::map<fault, mono_ns> told_;
  mono_ns flood_second_ = 0;
  std::uint32_t refused_ = 0;
};

/// One printable line of at most `longest` bytes: control characters become blanks, a cut never
/// splits a character. [thread-safe]
std::string printable(std::string_view text, std::size_t longest);

}  // namespace vigie::plugin_host
