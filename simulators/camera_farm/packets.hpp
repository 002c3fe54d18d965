// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "camera_farm/bits.hpp"

namespace vigie::simulators {

inline constexpr std::uint8_t rtp_payload_type = 96;
/// Largest RTP payload we send.
inline constexpr std::size_t max_payload_bytes = 1400;
/// '$', channel, length (RFC 2326 §10.12), then the RTP header (RFC 3550 §5.1).
inline constexpr std::size_t packet_overhead_bytes = 4 + 12;

/// What a camera encodes with.
enum class video_codec : std::uint8_t { h264 = 1, h265 };
std::string_view name_of(video_codec c) noexcept;

/// RTP packets in interleaved framing, back to back, complete but for what differs between
/// sessions: channel, sequence number, timestamp and SSRC.
struct packet_train {
  bytes data;
  std::vector<std::uint32_t> starts;  ///< offset of each packet's '$'

  video_codec codec = video_codec::h264;  ///< decides how NAL units are packed

  /// A NAL unit as a single packet or in fragments (FU-A of RFC 6184 §5.8, FU of RFC 7798 §4.4.3).
  /// `last_of_picture` marks the last packet.
  void add_nal(byte_span nal, bool last_of_picture);
  /// Several NAL units in one packet (STAP-A of RFC 6184 §5.7.1, AP of RFC 7798 §4.4.2) when they
  /// fit, otherwise one after the other. Never marked.
  void add_together(std::span<const byte_span> nals);
  void clear() {
    data.clear();
    starts.clear();
  }

 private:
  void begin_packet(std::size_t payload_bytes, bool marked);
};

/// Where a session's RTP stream stands.
struct rtp_state {
  std::uint8_t channel = 0;
  std::uint16_t sequence = 0;  ///< of the next packet
  std::uint32_t ssrc = 0;
  std::uint32_t packets = 0;  ///< sent so far, for sender reports
  std::uint32_t octets = 0;   ///< payload bytes sent so far
};

/// Appends a train to `out` as this session's packets.
void append_packets(const packet_train& train, rtp_state& state, std::uint32_t rtp_ts, bytes& out);

/// A sender report with CNAME (RFC 3550 §6.4.1, §6.5).
struct sender_report {
  std::uint8_t channel = 1;
  std::uint32_t ssrc = 0;
  std::int64_t utc = 0;      ///< µs since 1970
  std::uint32_t rtp_ts = 0;  ///< media time at `utc`
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;
  std::string_view cname;
  bool has_no_ntp = false;  ///< the camera does not know the time: both NTP words are zero
};
void append_sender_report(const sender_report& report, bytes& out);

/// Appends a packet in interleaved framing (RFC 2326 §10.12).
void append_frame(std::uint8_t channel, byte_span packet, bytes& out);

}  // namespace vigie::simulators
