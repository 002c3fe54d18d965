// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "media/codec_parameters.hpp"
#include "media/unit_bytes.hpp"
#include "rtp/packet.hpp"
#include "rtp/parameter_sets.hpp"
#include "rtp/policies.hpp"

namespace vigie::rtp {

struct depacketizer_options {
  media::codec codec = media::codec::h264;
  policies ways;          ///< `damaged_au`, `parameters` and `donl` count here
  bool has_donl = false;  ///< H.265 with decoding order numbers (RFC 7798 §7.1)
  std::size_t max_unit_bytes = 4 * 1024 * 1024;  ///< camera-quirk 83
  std::size_t max_unit_nals = 1024;
};

/// A picture put together from packets, before time and numbers are given to it.
struct coded_unit {
  /// False: not to be published (damaged, or before a key frame); it only shows that time went on,
  /// and has no data.
  bool usable = false;
  std::uint32_t rtp_ts = 0;
  bool is_key = false;
  bool starts_after_loss = false;
  std::uint32_t lost_packets = 0;  ///< since the unit before this one
  mono_ns arrival_mono_ns = 0;     ///< of its last packet
  utc_us arrival_utc_us = 0;
  media::codec_parameters_ptr
      parameters;          ///< never null when usable; a new pointer when they changed
  media::unit_bytes data;  ///< as access_unit::data
};

/// Oddities seen, each a row of the camera quirk catalogue; all harmless to the session.
struct unit_anomalies {
  std::uint64_t malformed = 0;         ///< packets or aggregates that could not be read
  std::uint64_t unsupported = 0;       ///< STAP-B, MTAP, FU-B, PACI (quirk 82)
  std::uint64_t broken_fragments = 0;  ///< fragments without start, without end
  std::uint64_t whole_fragments = 0;   ///< fragments with start and end both set (69)
  std::uint64_t annexb = 0;            ///< start codes inside a NAL unit (71)
  std::uint64_t forbidden_bytes = 0;   ///< 00 00 02 inside a NAL unit (71); bytes are kept
  std::uint64_t too_large = 0;         ///< units beyond the caps (83)
  std::uint64_t missing_markers = 0;   ///< units ended by a timestamp change (66)
  std::uint64_t early_markers = 0;     ///< markers on parameter sets or SEI (67)
  std::uint64_t odd_parameters = 0;    ///< sets beyond our bounds, not taken
};

/// RTP payloads to access units: RFC 6184 in packetization modes 0 and 1 (single NAL units, STAP-A,
/// FU-A), RFC 7798 (single NAL units, AP, FU). What follows from the payload format is in
/// h264_payload.cpp and h265_payload.cpp; how a picture is put together is the same for both.
///
/// A unit ends on the marker or when the timestamp changes, but only once it holds picture data:
/// parameter sets and SEI join the picture after them, even under another timestamp (quirks 66 to
/// 68). Parameter sets leave the stream and become `parameters`; in-band ones win over those of the
/// SDP. Nothing is given out before a whole key frame with parameters, nor, with `drop_until_key`,
/// between a loss or a change of parameters and the next one. Filler NAL units are left out.
/// Payload bytes are copied once.
class depacketizer {
 public:
  depacketizer(depacketizer_options options, const std::optional<media::codec_parameters>& sprop);

  /// One packet, in order; `lost` packets are missing before it. Appends the 0 to 2 units it
  /// completes, unusable ones too. The payload is not retained. [ingest]
  void push(const packet_view& packet, std::uint32_t lost, mono_ns arrival_mono_ns,
            utc_us arrival_utc_us, std::vector<coded_unit>& out);

  /// A new sender or a new sequence: what is half built is dropped.
  void restart(std::uint32_t lost);

  const unit_anomalies& anomalies() const noexcept { return anomalies_; }
  std::uint64_t dropped_units() const noexcept { return dropped_units_; }
  std::size_t held_bytes() const noexcept { return data_.size(); }
  /// Of the last complete sets seen, in-band or from the SDP; null before.
  const media::codec_parameters_ptr& parameters() const noexcept { return parameters_; }

 private:
  // -- h264_payload.cpp ---
  void read_h264(byte_view payload);
  void read_stap_a(byte_view payload);
  void read_fu_a(byte_view payload);
  // -- h265_payload.cpp ---
  void read_h265(byte_view payload);
  void read_aggregate(byte_view payload);
  void read_fu(byte_view payload);

  // -- depacketizer.cpp ---
  void whole_nal(byte_view nal);
  void begin_nal(byte_view header);
  /// One fragment of a NAL unit whose header is `header`, of the first one.
  void fragment(bool is_start, bool is_end, byte_view header, byte_view bytes);
  void malformed();
  void append(byte_view bytes);
  void end_nal();
  void take_nal();
  bool has_start_code(byte_view nal);
  void split_nal(byte_view nal);
  void drop_fragment();
  void overflow();
  void end_unit(std::vector<coded_unit>& out);
  void clear_unit();

  depacketizer_options options_;
  unit_anomalies anomalies_;
  std::uint64_t dropped_units_ = 0;

  parameter_sets sets_;
  media::codec_parameters_ptr parameters_;
  media::codec_parameters_ptr published_parameters_;

  // -- the unit being built ---
  bool open_ = false;
  media::unit_builder data_;
  std::size_t nals_ = 0;
  std::size_t nal_start_ = 0;  ///< of the size field of the NAL unit being written
  bool in_fragment_ = false;
  bool has_picture_ = false;
  bool has_key_ = false;
  bool starts_at_first_block_ = false;
  bool damaged_ = false;
  bool overflowed_ = false;
  std::uint32_t rtp_ts_ = 0;
  mono_ns last_arrival_mono_ns_ = 0;
  utc_us last_arrival_utc_us_ = 0;

  // -- between units ---
  bool wait_for_key_ = true;
  bool gap_ = false;  ///< something is missing since the last unit given out
  std::uint32_t lost_ = 0;
  std::size_t key_bytes_ = 0;  ///< size of the last key frame: what to reserve for the next
  std::size_t delta_bytes_ = 0;
  std::vector<std::uint8_t> scratch_;
};

}  // namespace vigie::rtp
