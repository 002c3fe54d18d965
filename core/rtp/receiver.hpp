// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "media/access_unit.hpp"
#include "rtp/capture_clock.hpp"
#include "rtp/depacketizer.hpp"
#include "rtp/reorder_window.hpp"
#include "rtp/rtcp.hpp"
#include "rtp/sequence_tracker.hpp"
#include "rtp/timeline.hpp"

namespace vigie::rtp {

struct receiver_options {
  std::uint8_t payload_type = 96;  ///< of the SDP; other packets are dropped (camera-quirk 60)
  std::uint32_t clock_hz = 90'000;
  depacketizer_options depacketizer;  ///< its `ways` are the policies of the whole receiver
  bool reorders = false;              ///< UDP: packets may come out of order (camera-quirk 65)
  /// Continuity with the camera's previous session: the first unit gets these.
  std::uint64_t first_sequence = 1;
  std::uint32_t first_generation = 1;
  std::uint32_t own_ssrc = 1;   ///< of our receiver reports; random per session
  std::string cname = "vigie";  ///< of our receiver reports; never a host or user name
};

/// What happened to the packets of one session.
struct receiver_counters {
  std::uint64_t packets = 0;  ///< RTP packets used
  std::uint64_t bytes = 0;    ///< of those, headers included
  std::uint64_t lost_packets = 0;
  std::uint64_t duplicate_packets = 0;
  std::uint64_t late_packets = 0;
  std::uint64_t malformed_packets = 0;      ///< not RTP, or too short
  std::uint64_t foreign_payload_types = 0;  ///< (60)
  std::uint64_t foreign_ssrcs = 0;          ///< (61)
  std::uint64_t reordered_packets = 0;      ///< over UDP, put back in order (65)
  std::uint64_t sender_restarts = 0;
  std::uint64_t access_units = 0;
  std::uint64_t key_frames = 0;
  std::uint64_t dropped_units = 0;  ///< pictures not given out: damaged, or waiting for a key frame
  std::uint64_t held_times = 0;     ///< unbelievable RTP timestamps (84)
  std::uint64_t rtcp_packets = 0;
  std::uint64_t rtcp_anomalies = 0;   ///< malformed (85)
  std::uint64_t foreign_reports = 0;  ///< sender reports of strangers or with zero times (85)
  std::uint64_t new_generations = 0;  ///< parameters or time line changed (76, 84)
  std::uint64_t clock_steps = 0;      ///< of the camera's clock (86)
  unit_anomalies codec;
  /// Everything odd but harmless, in one number.
  std::uint64_t anomalies() const noexcept;
};

/// One video track of one RTSP session: RTP and RTCP packets in, numbered and timed access units
/// out. Joins reordering, sequence tracking, depacketizing, the time line and the capture clock;
/// has no clock, socket or thread of its own. All functions: [ingest].
///
/// Every field of the units is filled. Across sessions of one camera the owner passes
/// `next_sequence()` and `next_generation()` on to the next receiver.
class receiver {
 public:
  explicit receiver(receiver_options options,
                    const std::optional<media::codec_parameters>& sprop = std::nullopt);

  /// One RTP packet, as it came (not retained), and both our clocks when its last byte came, which
  /// may be off by `arrival_error_us`. Appends what it completes: at most 2 units. Never fails:
  /// damage is counted.
  void push(byte_view packet, mono_ns arrival_mono_ns, utc_us arrival_utc_us,
            std::vector<media::access_unit_ptr>& out, std::uint32_t arrival_error_us = 0);

  /// Gives out what waited in vain for packets before it; when `next_deadline` says.
  void on_tick(mono_ns now, std::vector<media::access_unit_ptr>& out);
  std::optional<mono_ns> next_deadline() const noexcept { return reorder_.deadline(); }

  /// One compound RTCP packet.
  void on_rtcp(byte_view packet, mono_ns arrival_mono_ns, utc_us arrival_utc_us);

  /// RR + SDES to send, every 5 s on every transport (camera-quirk 45).
  std::vector<std::uint8_t> receiver_report(mono_ns now);

  receiver_counters counters() const noexcept;
  /// Packets that wait for others, and the picture being put together.
  std::size_t held_bytes() const noexcept {
    return reorder_.held_bytes() + depacketizer_.held_bytes();
  }
  /// One of them, asked after each read.
  std::uint64_t dropped_units() const noexcept { return depacketizer_.dropped_units(); }
  /// Camera clock minus ours; nothing before two consistent sender reports.
  std::optional<std::int64_t> clock_offset_us() const noexcept {
    return capture_.clock_offset_us();
  }
  std::uint64_t next_sequence() const noexcept { return next_sequence_; }
  std::uint32_t next_generation() const noexcept;
  /// Null before the first complete parameter sets.
  const media::codec_parameters_ptr& parameters() const noexcept {
    return depacketizer_.parameters();
  }

 private:
  void accept(byte_view packet, const packet_view& parsed, mono_ns arrival_mono_ns,
              utc_us arrival_utc_us, std::vector<media::access_unit_ptr>& out);
  bool is_followed(const packet_view& packet, mono_ns now);
  bool is_next(const packet_view& packet, std::uint32_t& lost);
  void publish(coded_unit&& unit, std::vector<media::access_unit_ptr>& out);
  void measure_jitter(std::uint32_t rtp_ts, mono_ns now) noexcept;

  receiver_options options_;
  reorder_window reorder_;
  sequence_tracker sequence_;
  depacketizer depacketizer_;
  timeline timeline_;
  capture_clock capture_;
  receiver_counters counters_;
  std::vector<coded_unit> units_;

  std::uint64_t next_sequence_;
  std::uint32_t generation_;
  media::codec_parameters_ptr generation_parameters_;  ///< of the last published unit
  bool reanchored_ = false;  ///< the next key frame starts a new generation

  /// Of the present packet and the one before it, which may be a unit's last.
  std::uint32_t arrival_error_us_ = 0;
  std::uint32_t last_arrival_error_us_ = 0;

  bool has_ssrc_ = false;
  bool said_bye_ = false;
  std::uint32_t ssrc_ = 0;
  mono_ns last_own_packet_ = 0;

  // -- for receiver reports (RFC 3550 A.3 and A.8) ---
  std::uint32_t jitter_16_ = 0;  ///< sixteenths of a tick
  bool has_transit_ = false;
  std::uint32_t last_transit_ = 0;
  std::uint64_t reported_lost_ = 0;
  std::uint64_t reported_received_ = 0;
  std::uint32_t last_sr_middle_ = 0;
  mono_ns last_sr_mono_ns_ = 0;
};

}  // namespace vigie::rtp
