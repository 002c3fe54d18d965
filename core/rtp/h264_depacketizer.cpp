// SPDX-License-Identifier: Apache-2.0
#include "rtp/h264_depacketizer.hpp"

#include <algorithm>
#include <utility>

namespace vigie::rtp {
namespace {

constexpr std::size_t size_field = 4;  // before each NAL unit in access_unit::data

// Payload types of RFC 6184 table 1 that are not a NAL unit.
constexpr std::uint8_t stap_a = 24;
constexpr std::uint8_t fu_a = 28;
constexpr std::uint8_t fu_start = 0x80;
constexpr std::uint8_t fu_end = 0x40;

}  // namespace

h264_depacketizer::h264_depacketizer(h264_depacketizer_options options,
                                     const std::optional<media::codec_parameters>& sprop)
    : options_{options} {
  if (!sprop || sprop->kind != media::codec::h264) return;
  take_parameter_set(media::h264_nal::sps, sprop->sps);
  take_parameter_set(media::h264_nal::pps, sprop->pps);
  pps_in_band_ = false;
  for (const auto& pps : sprop->extra_pps) {
    if (const auto id = media::h264_pps_id(pps)) pps_.insert_or_assign(*id, pps);
  }
  refresh_parameters();
}

void h264_depacketizer::push(const packet_view& packet, std::uint32_t lost, mono_ns arrival_mono_ns,
                             utc_us arrival_utc_us, std::vector<h264_unit>& out) {
  if (lost > 0) {
    lost_ += lost;
    gap_ = true;
    if (in_fragment_) drop_fragment();
    // The tail of this picture may be missing. The head of the next one shows in its first slice.
    if (has_picture_) damaged_ = true;
    if (options_.damage == damage_policy::drop_until_key) wait_for_key_ = true;
  }
  if (open_ && packet.rtp_ts != rtp_ts_) {
    if (in_fragment_) drop_fragment();
    if (has_picture_ && !damaged_) ++anomalies_.missing_markers;
    if (has_picture_ || damaged_) end_unit(out);
  }
  open_ = true;
  rtp_ts_ = packet.rtp_ts;
  last_arrival_mono_ns_ = arrival_mono_ns;
  last_arrival_utc_us_ = arrival_utc_us;
  read_payload(packet.payload);
  if (!packet.marker) return;
  if (in_fragment_) drop_fragment();
  if (has_picture_ || damaged_)
    end_unit(out);
  else
    ++anomalies_.early_markers;
}

void h264_depacketizer::restart(std::uint32_t lost) {
  if (open_) ++dropped_units_;
  clear_unit();
  lost_ += lost;
  gap_ = true;
  wait_for_key_ = true;
}

// -- from payloads to NAL units ---

void h264_depacketizer::read_payload(byte_view payload) {
  if (payload.empty()) {
    ++anomalies_.malformed;
    return;
  }
  const std::uint8_t type = payload[0] & 0x1f;
  if (in_fragment_ && type != fu_a) drop_fragment();
  if (type < stap_a) {
    whole_nal(payload);
  } else if (type == stap_a) {
    read_aggregate(payload.subspan(1));
  } else if (type == fu_a) {
    read_fragment(payload);
  } else {
    ++anomalies_.unsupported;
    damaged_ = true;
  }
}

void h264_depacketizer::read_aggregate(byte_view payload) {
  while (payload.size() >= 2) {
    const std::size_t size = std::size_t{payload[0]} << 8 | payload[1];
    payload = payload.subspan(2);
    if (size > payload.size() || (size > 0 && (payload[0] & 0x1f) >= stap_a)) {
      ++anomalies_.malformed;
      damaged_ = true;
      return;
    }
    if (size > 0) whole_nal(payload.first(size));  // zero sizes are padding (quirk 72)
    payload = payload.subspan(size);
  }
}

void h264_depacketizer::read_fragment(byte_view payload) {
  if (payload.size() < 2) {
    ++anomalies_.malformed;
    return;
  }
  const std::uint8_t header = payload[1];
  if ((header & fu_start) != 0) {
    if (in_fragment_) drop_fragment();
    begin_nal(static_cast<std::uint8_t>((payload[0] & 0xe0) | (header & 0x1f)));
    in_fragment_ = true;
    if ((header & fu_end) != 0) ++anomalies_.whole_fragments;
  } else if (!in_fragment_) {
    if (!damaged_) ++anomalies_.broken_fragments;
    damaged_ = true;
    return;
  }
  // The type may change between fragments (quirk 70): the first header is the one that counts.
  append(payload.subspan(2));
  if ((header & fu_end) != 0) end_nal();
}

/// A fragmented NAL unit will not be finished.
void h264_depacketizer::drop_fragment() {
  ++anomalies_.broken_fragments;
  in_fragment_ = false;
  damaged_ = true;
  if (!overflowed_) data_.resize(nal_start_);
}

// -- from NAL units to the picture ---

void h264_depacketizer::whole_nal(byte_view nal) {
  begin_nal(nal[0]);
  append(nal.subspan(1));
  end_nal();
}

void h264_depacketizer::begin_nal(std::uint8_t header) {
  if (++nals_ > options_.max_unit_nals) overflow();
  if (overflowed_) return;
  const auto type = media::h264_nal_of(header);
  if (media::is_picture(type) && !has_picture_) {
    const std::size_t expected = type == media::h264_nal::idr_slice ? key_bytes_ : delta_bytes_;
    data_.reserve(data_.size() + expected + expected / 8 + 64);
  }
  nal_start_ = data_.size();
  data_.insert(data_.end(), {0, 0, 0, 0, header});
}

void h264_depacketizer::append(byte_view bytes) {
  if (data_.size() + bytes.size() > options_.max_unit_bytes) overflow();
  if (!overflowed_) data_.insert(data_.end(), bytes.begin(), bytes.end());
}

void h264_depacketizer::end_nal() {
  in_fragment_ = false;
  if (!overflowed_) take_nal();
}

/// The unit is beyond our bounds: nothing more is kept of it.
void h264_depacketizer::overflow() {
  if (!overflowed_) ++anomalies_.too_large;
  overflowed_ = true;
  damaged_ = true;
  data_.clear();
}

/// Files the NAL unit at the end of `data_`: it stays there, moves to the parameters, or goes.
void h264_depacketizer::take_nal() {
  const byte_view nal = byte_view{data_}.subspan(nal_start_ + size_field);
  if (has_start_code(nal)) {
    split_nal(nal);
    return;
  }
  const auto type = media::h264_nal_of(nal[0]);
  if (type == media::h264_nal::sps || type == media::h264_nal::pps) {
    take_parameter_set(type, nal);
    data_.resize(nal_start_);
    return;
  }
  const auto number = static_cast<std::uint8_t>(type);
  if (number == 0 || number >= stap_a) ++anomalies_.malformed;
  if (type == media::h264_nal::filler || number == 0 || number >= stap_a) {
    data_.resize(nal_start_);
    return;
  }
  if (media::is_picture(type)) {
    // first_mb_in_slice is 0 when the first bit after the header is 1 (H.264 §7.3.3).
    if (!has_picture_) starts_at_first_block_ = nal.size() > 1 && (nal[1] & 0x80) != 0;
    has_picture_ = true;
    if (type == media::h264_nal::idr_slice) has_idr_ = true;
  }
  for (std::size_t i = 0; i < size_field; ++i)
    data_[nal_start_ + i] = static_cast<std::uint8_t>(nal.size() >> (24 - 8 * i));
}

bool h264_depacketizer::has_start_code(byte_view nal) {
  bool is_clean = true;
  for (auto found = media::find_forbidden_sequence(nal); found;
       found = media::find_forbidden_sequence(nal, found->offset + 1)) {
    if (found->third == 1) return true;
    if (found->third == 2) is_clean = false;
  }
  if (!is_clean) ++anomalies_.forbidden_bytes;
  return false;
}

void h264_depacketizer::split_nal(byte_view nal) {
  ++anomalies_.annexb;
  scratch_.assign(nal.begin(), nal.end());
  data_.resize(nal_start_);
  for (const byte_view part : media::split_annexb(scratch_)) whole_nal(part);
}

// -- parameter sets ---

void h264_depacketizer::take_parameter_set(media::h264_nal type, byte_view nal) {
  constexpr std::size_t max_set_bytes = 4096;
  constexpr std::size_t max_pps = 16;
  const bool is_sps = type == media::h264_nal::sps;
  if (nal.size() > max_set_bytes || nal.size() < (is_sps ? 4u : 2u)) {
    ++anomalies_.odd_parameters;
    return;
  }
  if (is_sps) {
    if (std::equal(sps_.begin(), sps_.end(), nal.begin(), nal.end())) return;
    sps_.assign(nal.begin(), nal.end());
    sets_changed_ = true;
    return;
  }
  const auto id = media::h264_pps_id(nal);
  if (!id || (!pps_.contains(*id) && pps_.size() >= max_pps)) {
    ++anomalies_.odd_parameters;
    return;
  }
  if (!std::exchange(pps_in_band_, true) && !pps_.empty()) {
    pps_.clear();  // those of the SDP were a hint (quirk 75)
    sets_changed_ = true;
  }
  auto& known = pps_[*id];
  if (std::equal(known.begin(), known.end(), nal.begin(), nal.end())) return;
  known.assign(nal.begin(), nal.end());
  sets_changed_ = true;
}

void h264_depacketizer::refresh_parameters() {
  if (!sets_changed_ || sps_.empty() || pps_.empty()) return;
  sets_changed_ = false;
  std::vector<byte_view> pps;
  for (const auto& [id, bytes] : pps_) pps.emplace_back(bytes);
  auto fresh = media::make_h264_parameters(sps_, pps);
  if (parameters_ && *parameters_ == fresh) return;
  // Back to what was published before is no change.
  if (published_parameters_ && *published_parameters_ == fresh)
    parameters_ = published_parameters_;
  else
    parameters_ = std::make_shared<const media::codec_parameters>(std::move(fresh));
}

// -- the end of a unit ---

void h264_depacketizer::end_unit(std::vector<h264_unit>& out) {
  refresh_parameters();
  if (gap_ && has_idr_ && !starts_at_first_block_) damaged_ = true;
  const bool may_start = has_idr_ && !damaged_;
  const bool must_start = wait_for_key_ || parameters_ != published_parameters_;
  const bool is_tolerable = !damaged_ || options_.damage == damage_policy::pass_damaged;

  h264_unit unit;
  unit.rtp_ts = rtp_ts_;
  unit.arrival_mono_ns = last_arrival_mono_ns_;
  unit.arrival_utc_us = last_arrival_utc_us_;
  unit.usable = has_picture_ && !overflowed_ && parameters_ != nullptr && is_tolerable &&
                (may_start || !must_start);
  if (unit.usable) {
    (has_idr_ ? key_bytes_ : delta_bytes_) = data_.size();
    unit.is_key = has_idr_;
    unit.starts_after_loss = gap_ || damaged_;
    unit.lost_packets = std::exchange(lost_, 0);
    unit.parameters = parameters_;
    unit.data = std::move(data_);
    data_ = {};
    published_parameters_ = parameters_;
    wait_for_key_ = false;
    gap_ = false;
  } else {
    ++dropped_units_;
    gap_ = true;
    if (options_.damage == damage_policy::drop_until_key) wait_for_key_ = true;
  }
  out.push_back(std::move(unit));
  clear_unit();
}

void h264_depacketizer::clear_unit() {
  open_ = false;
  data_.clear();
  nals_ = 0;
  in_fragment_ = false;
  has_picture_ = false;
  has_idr_ = false;
  starts_at_first_block_ = false;
  damaged_ = false;
  overflowed_ = false;
}

}  // namespace vigie::rtp
