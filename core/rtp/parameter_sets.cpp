// SPDX-License-Identifier: Apache-2.0
#include "rtp/parameter_sets.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "media/nal.hpp"

namespace vigie::rtp {
namespace {

constexpr std::size_t max_set_bytes = 4096;
constexpr std::size_t max_pps = 16;

enum class set_kind : std::uint8_t { vps = 1, sps, pps };

set_kind kind_of(media::codec codec, std::uint8_t first_byte) noexcept {
  if (codec == media::codec::h265) {
    const auto type = media::h265_nal_of(first_byte);
    if (type == media::h265_nal::vps) return set_kind::vps;
    return type == media::h265_nal::sps ? set_kind::sps : set_kind::pps;
  }
  return media::h264_nal_of(first_byte) == media::h264_nal::sps ? set_kind::sps : set_kind::pps;
}

}  // namespace

parameter_sets::parameter_sets(media::codec kind, parameters_policy policy,
                               const std::optional<media::codec_parameters>& described)
    : kind_{kind} {
  if (!described || described->kind != kind) return;
  for (const auto* set : {&described->vps, &described->sps, &described->pps})
    if (!set->empty()) store(*set);
  for (const auto& set : described->extra_pps) store(set);
  has_pps_in_band_ = false;
  is_closed_ = policy == parameters_policy::described_only && is_complete();
}

bool parameter_sets::take(byte_view nal) {
  if (is_closed_) return true;
  return store(nal);
}

bool parameter_sets::store(byte_view nal) {
  const std::size_t shortest = kind_ == media::codec::h264 ? 2 : 3;
  if (nal.size() > max_set_bytes || nal.size() < shortest) return false;
  switch (kind_of(kind_, nal[0])) {
    case set_kind::vps:
      return replace(vps_, nal);
    case set_kind::sps:
      return nal.size() >= 4 && replace(sps_, nal);
    case set_kind::pps:
      break;
  }
  const auto id = kind_ == media::codec::h265 ? media::h265_pps_id(nal) : media::h264_pps_id(nal);
  if (!id || (!pps_.contains(*id) && pps_.size() >= max_pps)) return false;
  if (!std::exchange(has_pps_in_band_, true) && !pps_.empty()) {
    pps_.clear();  // those of the description were a hint (camera-quirk 75)
    is_changed_ = true;
  }
  return replace(pps_[*id], nal);
}

bool parameter_sets::replace(std::vector<std::uint8_t>& known, byte_view nal) {
  if (std::equal(known.begin(), known.end(), nal.begin(), nal.end())) return true;
  known.assign(nal.begin(), nal.end());
  is_changed_ = true;
  return true;
}

bool parameter_sets::is_complete() const noexcept {
  return !sps_.empty() && !pps_.empty() && (kind_ == media::codec::h264 || !vps_.empty());
}

const media::codec_parameters_ptr& parameter_sets::current() {
  if (!is_changed_ || !is_complete()) return current_;
  is_changed_ = false;
  std::vector<byte_view> pps;
  for (const auto& [id, bytes] : pps_) pps.emplace_back(bytes);
  auto fresh = kind_ == media::codec::h265 ? media::make_h265_parameters(vps_, sps_, pps)
                                           : media::make_h264_parameters(sps_, pps);
  if (current_ && *current_ == fresh) return current_;
  if (published_ && *published_ == fresh)
    current_ = published_;
  else
    current_ = std::make_shared<const media::codec_parameters>(std::move(fresh));
  return current_;
}

}  // namespace vigie::rtp
