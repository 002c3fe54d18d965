// SPDX-License-Identifier: Apache-2.0
#include "rtp/depacketizer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "media/nal.hpp"

namespace vigie::rtp {
namespace {

constexpr std::size_t size_field = 4;  // before each NAL unit in access_unit::data

}  // namespace

depacketizer::depacketizer(depacketizer_options options,
                           const std::optional<media::codec_parameters>& sprop)
    : options_{options},
      sets_{options.codec, options.ways.parameters, sprop},
      parameters_{sets_.current()} {}

void depacketizer::push(const packet_view& packet, std::uint32_t lost, mono_ns arrival_mono_ns,
                        utc_us arrival_utc_us, std::vector<coded_unit>& out) {
  if (lost > 0) {
    lost_ += lost;
    gap_ = true;
    if (in_fragment_) drop_fragment();
    // The tail of this picture may be missing. The head of the next one shows in its first slice.
    if (has_picture_) damaged_ = true;
    if (options_.ways.damaged_au == damage_policy::drop_until_key) wait_for_key_ = true;
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
  if (packet.payload.size() < media::nal_header_bytes(options_.codec))
    ++anomalies_.malformed;
  else if (options_.codec == media::codec::h265)
    read_h265(packet.payload);
  else
    read_h264(packet.payload);
  if (!packet.marker) return;
  if (in_fragment_) drop_fragment();
  if (has_picture_ || damaged_)
    end_unit(out);
  else
    ++anomalies_.early_markers;
}

void depacketizer::restart(std::uint32_t lost) {
  if (open_) ++dropped_units_;
  clear_unit();
  lost_ += lost;
  gap_ = true;
  wait_for_key_ = true;
}

// -- from payloads to NAL units ---

void depacketizer::malformed() {
  ++anomalies_.malformed;
  damaged_ = true;
}

void depacketizer::fragment(bool is_start, bool is_end, byte_view header, byte_view bytes) {
  if (is_start) {
    if (in_fragment_) drop_fragment();
    begin_nal(header);
    in_fragment_ = true;
    if (is_end) ++anomalies_.whole_fragments;
  } else if (!in_fragment_) {
    if (!damaged_) ++anomalies_.broken_fragments;
    damaged_ = true;
    return;
  }
  // The type may change between fragments (quirk 70): the first header is the one that counts.
  append(bytes);
  if (is_end) end_nal();
}

/// A fragmented NAL unit will not be finished.
void depacketizer::drop_fragment() {
  ++anomalies_.broken_fragments;
  in_fragment_ = false;
  damaged_ = true;
  if (!overflowed_) data_.cut(nal_start_);
}

// -- from NAL units to the picture ---

void depacketizer::whole_nal(byte_view nal) {
  const std::size_t header = media::nal_header_bytes(options_.codec);
  if (nal.size() < header) return malformed();
  begin_nal(nal.first(header));
  append(nal.subspan(header));
  end_nal();
}

void depacketizer::begin_nal(byte_view header) {
  if (++nals_ > options_.max_unit_nals) overflow();
  if (overflowed_) return;
  const auto role = media::nal_role_of(options_.codec, header[0]);
  const bool is_key = role == media::nal_role::key_picture;
  if ((is_key || role == media::nal_role::picture) && !has_picture_) {
    const std::size_t expected = is_key ? key_bytes_ : delta_bytes_;
    data_.reserve(expected + expected / 8 + 64);
  }
  nal_start_ = data_.size();
  data_.append(std::array<std::uint8_t, size_field>{});
  data_.append(header);
}

void depacketizer::append(byte_view bytes) {
  if (data_.size() + bytes.size() > options_.max_unit_bytes) overflow();
  if (!overflowed_) data_.append(bytes);
}

void depacketizer::end_nal() {
  in_fragment_ = false;
  if (!overflowed_) take_nal();
}

/// The unit is beyond our bounds: nothing more is kept of it.
void depacketizer::overflow() {
  if (!overflowed_) ++anomalies_.too_large;
  overflowed_ = true;
  damaged_ = true;
  data_.clear();
}

/// Files the NAL unit at the end of `data_`: it stays there, moves to the parameters, or goes.
void depacketizer::take_nal() {
  const byte_view nal = data_.view().subspan(nal_start_ + size_field);
  if (has_start_code(nal)) {
    split_nal(nal);
    return;
  }
  switch (media::nal_role_of(options_.codec, nal[0])) {
    case media::nal_role::parameter_set:
      if (!sets_.take(nal)) ++anomalies_.odd_parameters;
      data_.cut(nal_start_);
      return;
    case media::nal_role::invalid:
      ++anomalies_.malformed;
      data_.cut(nal_start_);
      return;
    case media::nal_role::filler:
      data_.cut(nal_start_);
      return;
    case media::nal_role::key_picture:
      has_key_ = true;
      [[fallthrough]];
    case media::nal_role::picture:
      if (!has_picture_) starts_at_first_block_ = media::starts_picture(options_.codec, nal);
      has_picture_ = true;
      break;
    case media::nal_role::other:
      break;
  }
  for (std::size_t i = 0; i < size_field; ++i)
    data_.data()[nal_start_ + i] = static_cast<std::uint8_t>(nal.size() >> (24 - 8 * i));
}

bool depacketizer::has_start_code(byte_view nal) {
  bool is_clean = true;
  for (auto found = media::find_forbidden_sequence(nal); found;
       found = media::find_forbidden_sequence(nal, found->offset + 1)) {
    if (found->third == 1) return true;
    if (found->third == 2) is_clean = false;
  }
  if (!is_clean) ++anomalies_.forbidden_bytes;
  return false;
}

void depacketizer::split_nal(byte_view nal) {
  ++anomalies_.annexb;
  scratch_.assign(nal.begin(), nal.end());
  data_.cut(nal_start_);
  for (const byte_view part : media::split_annexb(scratch_)) whole_nal(part);
}

// -- the end of a unit ---

void depacketizer::end_unit(std::vector<coded_unit>& out) {
  parameters_ = sets_.current();
  if (gap_ && has_key_ && !starts_at_first_block_) damaged_ = true;
  const bool may_start = has_key_ && !damaged_;
  const bool must_start = wait_for_key_ || parameters_ != published_parameters_;
  const bool is_tolerable = !damaged_ || options_.ways.damaged_au == damage_policy::pass_damaged;

  coded_unit unit;
  unit.rtp_ts = rtp_ts_;
  unit.arrival_mono_ns = last_arrival_mono_ns_;
  unit.arrival_utc_us = last_arrival_utc_us_;
  unit.usable = has_picture_ && !overflowed_ && parameters_ != nullptr && is_tolerable &&
                (may_start || !must_start);
  if (unit.usable) {
    (has_key_ ? key_bytes_ : delta_bytes_) = data_.size();
    unit.is_key = has_key_;
    unit.starts_after_loss = gap_ || damaged_;
    unit.lost_packets = std::exchange(lost_, 0);
    unit.parameters = parameters_;
    unit.data = data_.take();
    published_parameters_ = parameters_;
    sets_.published(parameters_);
    wait_for_key_ = false;
    gap_ = false;
  } else {
    ++dropped_units_;
    gap_ = true;
    if (options_.ways.damaged_au == damage_policy::drop_until_key) wait_for_key_ = true;
  }
  out.push_back(std::move(unit));
  clear_unit();
}

void depacketizer::clear_unit() {
  open_ = false;
  data_.clear();
  nals_ = 0;
  in_fragment_ = false;
  has_picture_ = false;
  has_key_ = false;
  starts_at_first_block_ = false;
  damaged_ = false;
  overflowed_ = false;
}

}  // namespace vigie::rtp
