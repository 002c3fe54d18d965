// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rtp/receiver.hpp"
#include "rtsp/quirk_policies.hpp"

namespace vigie::ingest {

/// A counter of one quirk, by the name the catalogue gives it (docs/quirks.md).
template <class Counters>
struct named_counter {
  std::string_view name;
  std::uint64_t Counters::*counter;
};

inline constexpr auto session_quirks = std::to_array<named_counter<rtsp::quirk_counters>>({
    {"resync", &rtsp::quirk_counters::resyncs},
    {"media_before_play", &rtsp::quirk_counters::frames_before_play},
    {"unassigned_channel", &rtsp::quirk_counters::unassigned_channels},
    {"other_channels", &rtsp::quirk_counters::other_channels},
    {"avp_without_tcp", &rtsp::quirk_counters::avp_without_tcp},
    {"transport", &rtsp::quirk_counters::transport_fallbacks},
    {"frame_size", &rtsp::quirk_counters::short_frames},
    {"server_request", &rtsp::quirk_counters::server_requests},
    {"swapped_channels", &rtsp::quirk_counters::swapped_channels},
    {"cseq", &rtsp::quirk_counters::missing_cseqs},
    {"foreign_cseq", &rtsp::quirk_counters::foreign_cseqs},
    {"options_refused", &rtsp::quirk_counters::options_refused},
    {"base_repaired", &rtsp::quirk_counters::repaired_bases},
    {"trust_described_host", &rtsp::quirk_counters::overridden_hosts},
    {"redirects", &rtsp::quirk_counters::redirects},
    {"stale_nonce", &rtsp::quirk_counters::stale_nonces},
    {"stale_session_guard", &rtsp::quirk_counters::stale_teardowns},
    {"session_timeout", &rtsp::quirk_counters::zero_timeouts},
    {"session_id", &rtsp::quirk_counters::session_id_changes},
    {"keepalive", &rtsp::quirk_counters::keepalive_demotions},
    {"bad_media", &rtsp::quirk_counters::ignored_media},
    {"rtp_info", &rtsp::quirk_counters::rtp_info_lies},
    {"udp_source", &rtsp::quirk_counters::foreign_datagrams},
    {"udp_server_port", &rtsp::quirk_counters::missing_server_ports},
    {"udp_silence", &rtsp::quirk_counters::udp_silences},
});

inline constexpr auto stream_quirks = std::to_array<named_counter<rtp::receiver_counters>>({
    {"foreign_payload_type", &rtp::receiver_counters::foreign_payload_types},
    {"foreign_ssrc", &rtp::receiver_counters::foreign_ssrcs},
    {"sequence_gap", &rtp::receiver_counters::lost_packets},
    {"reorder", &rtp::receiver_counters::reordered_packets},
    {"late_packet", &rtp::receiver_counters::late_packets},
    {"duplicate_packet", &rtp::receiver_counters::duplicate_packets},
    {"sender_restart", &rtp::receiver_counters::sender_restarts},
    {"damaged_au", &rtp::receiver_counters::dropped_units},
    {"params_change", &rtp::receiver_counters::new_generations},
    {"max_jump", &rtp::receiver_counters::held_times},
    {"unknown_rtcp_ssrc", &rtp::receiver_counters::foreign_reports},
    {"clock_step", &rtp::receiver_counters::clock_steps},
});

inline constexpr auto picture_quirks = std::to_array<named_counter<rtp::unit_anomalies>>({
    {"malformed_payload", &rtp::unit_anomalies::malformed},
    {"no_marker", &rtp::unit_anomalies::missing_markers},
    {"early_marker", &rtp::unit_anomalies::early_markers},
    {"fu_start_end", &rtp::unit_anomalies::whole_fragments},
    {"broken_fragment", &rtp::unit_anomalies::broken_fragments},
    {"annexb_in_nal", &rtp::unit_anomalies::annexb},
    {"forbidden_bytes", &rtp::unit_anomalies::forbidden_bytes},
    {"parameters", &rtp::unit_anomalies::odd_parameters},
    {"unsupported_packets", &rtp::unit_anomalies::unsupported},
    {"endless_au", &rtp::unit_anomalies::too_large},
});

inline constexpr std::size_t quirk_count =
    session_quirks.size() + stream_quirks.size() + picture_quirks.size();

/// Name of counter `index`, 0 to `quirk_count` - 1.
constexpr std::string_view quirk_name(std::size_t index) noexcept {
  if (index < session_quirks.size()) return session_quirks[index].name;
  index -= session_quirks.size();
  if (index < stream_quirks.size()) return stream_quirks[index].name;
  return picture_quirks[index - stream_quirks.size()].name;
}

/// How often each quirk was met, by `quirk_name`.
using quirk_tally = std::array<std::uint64_t, quirk_count>;

inline void add(quirk_tally& into, const rtsp::quirk_counters& met) noexcept {
  std::size_t at = 0;
  for (const auto& one : session_quirks) into[at++] += met.*one.counter;
}
inline void add(quirk_tally& into, const rtp::receiver_counters& met) noexcept {
  std::size_t at = session_quirks.size();
  for (const auto& one : stream_quirks) into[at++] += met.*one.counter;
  for (const auto& one : picture_quirks) into[at++] += met.codec.*one.counter;
}

/// What all feeds of a node met together. [thread-safe]
class quirk_totals {
 public:
  /// Adds what grew from `before` to `now`.
  void add_growth(const quirk_tally& before, const quirk_tally& now) noexcept {
    for (std::size_t i = 0; i < quirk_count; ++i)
      if (now[i] != before[i]) totals_[i].fetch_add(now[i] - before[i], std::memory_order_relaxed);
  }
  std::uint64_t value(std::size_t index) const noexcept {
    return totals_[index].load(std::memory_order_relaxed);
  }

 private:
  std::array<std::atomic<std::uint64_t>, quirk_count> totals_{};
};

}  // namespace vigie::ingest
