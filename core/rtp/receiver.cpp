// SPDX-License-Identifier: Apache-2.0
#include "rtp/receiver.hpp"

#include <algorithm>
#include <utility>

namespace vigie::rtp {
namespace {

/// A foreign SSRC is followed when ours was silent this long (camera-quirk 61).
constexpr mono_ns adopt_after_ns = 3'000'000'000;

}  // namespace

std::uint64_t receiver_counters::anomalies() const noexcept {
  return duplicate_packets + late_packets + malformed_packets + foreign_payload_types +
         foreign_ssrcs + sender_restarts + held_times + rtcp_anomalies + foreign_reports +
         codec.malformed + codec.unsupported + codec.broken_fragments + codec.whole_fragments +
         codec.annexb + codec.forbidden_bytes + codec.too_large + codec.missing_markers +
         codec.early_markers + codec.odd_parameters;
}

receiver::receiver(receiver_options options, const std::optional<media::codec_parameters>& sprop)
    : options_{std::move(options)},
      depacketizer_{options_.depacketizer, sprop},
      timeline_{options_.clock_hz},
      next_sequence_{options_.first_sequence},
      generation_{options_.first_generation} {}

void receiver::push(byte_view packet, mono_ns arrival_mono_ns, utc_us arrival_utc_us,
                    std::vector<media::access_unit_ptr>& out, std::uint32_t arrival_error_us) {
  last_arrival_error_us_ = std::exchange(arrival_error_us_, arrival_error_us);
  const auto parsed = parse_packet(packet);
  if (!parsed) {
    ++counters_.malformed_packets;
    return;
  }
  if (parsed->payload_type != options_.payload_type) {
    ++counters_.foreign_payload_types;
    return;
  }
  if (!is_followed(*parsed, arrival_mono_ns)) {
    ++counters_.foreign_ssrcs;
    return;
  }
  last_own_packet_ = arrival_mono_ns;
  measure_jitter(parsed->rtp_ts, arrival_mono_ns);
  if (!options_.reorders) return accept(packet, *parsed, arrival_mono_ns, arrival_utc_us, out);
  reorder_.push(parsed->sequence_number, packet, arrival_mono_ns, arrival_utc_us,
                [&](byte_view bytes, mono_ns mono, utc_us utc) {
                  if (const auto again = parse_packet(bytes)) accept(bytes, *again, mono, utc, out);
                });
}

void receiver::on_tick(mono_ns now, std::vector<media::access_unit_ptr>& out) {
  reorder_.flush_due(now, [&](byte_view bytes, mono_ns mono, utc_us utc) {
    if (const auto again = parse_packet(bytes)) accept(bytes, *again, mono, utc, out);
  });
}

void receiver::accept(byte_view packet, const packet_view& parsed, mono_ns arrival_mono_ns,
                      utc_us arrival_utc_us, std::vector<media::access_unit_ptr>& out) {
  std::uint32_t lost = 0;
  if (!is_next(parsed, lost)) return;
  ++counters_.packets;
  counters_.bytes += packet.size();
  units_.clear();
  depacketizer_.push(parsed, lost, arrival_mono_ns, arrival_utc_us, units_);
  for (coded_unit& unit : units_) publish(std::move(unit), out);
}

bool receiver::is_followed(const packet_view& packet, mono_ns now) {
  if (has_ssrc_ && packet.ssrc == ssrc_) {
    said_bye_ = false;
    return true;
  }
  if (has_ssrc_) {
    const bool is_patient =
        options_.depacketizer.ways.foreign_ssrc == foreign_ssrc_policy::drop_then_adopt_after_3s;
    if (is_patient && !said_bye_ && now - last_own_packet_ < adopt_after_ns) return false;
    ++counters_.sender_restarts;
    reorder_.reset();
    sequence_.reset();
    depacketizer_.restart(0);
    timeline_.reanchor();
    capture_.forget_reports();
    reported_lost_ = 0;
    reported_received_ = 0;
    last_sr_middle_ = 0;
    has_transit_ = false;
  }
  has_ssrc_ = true;
  said_bye_ = false;
  ssrc_ = packet.ssrc;
  return true;
}

bool receiver::is_next(const packet_view& packet, std::uint32_t& lost) {
  const auto step = sequence_.push(packet.sequence_number);
  switch (step.what) {
    case sequence_tracker::verdict::in_order:
      lost = step.lost;
      counters_.lost_packets += step.lost;
      return true;
    case sequence_tracker::verdict::restarted:
      ++counters_.sender_restarts;
      reorder_.restart(packet.sequence_number);
      depacketizer_.restart(0);
      return true;
    case sequence_tracker::verdict::duplicate:
      ++counters_.duplicate_packets;
      return false;
    case sequence_tracker::verdict::late:
      ++counters_.late_packets;
      return false;
  }
  return false;
}

void receiver::publish(coded_unit&& unit, std::vector<media::access_unit_ptr>& out) {
  // What reorders begins with a key frame and its parameters.
  if (unit.usable && unit.parameters != generation_parameters_)
    timeline_.expect_reordering(unit.parameters->reordered_pictures);
  const auto time = timeline_.push(unit.rtp_ts, unit.arrival_mono_ns);
  if (time.held) ++counters_.held_times;
  if (time.reanchored) {
    reanchored_ = true;
    capture_.reanchor();
  }
  const auto seen =
      capture_.stamp(unit.rtp_ts, time.media_pts_us, unit.arrival_mono_ns, unit.arrival_utc_us);
  if (!unit.usable) return;

  // A new time line is announced at the next key frame, where sinks can start anew.
  const bool has_new_parameters =
      generation_parameters_ != nullptr && generation_parameters_ != unit.parameters;
  if (unit.is_key && generation_parameters_ != nullptr && (has_new_parameters || reanchored_)) {
    ++generation_;
    ++counters_.new_generations;
  }
  if (unit.is_key) reanchored_ = false;
  generation_parameters_ = unit.parameters;

  auto published = std::make_shared<media::access_unit>();
  published->sequence = next_sequence_++;
  published->stream_generation = generation_;
  published->is_key = unit.is_key;
  published->starts_after_loss = unit.starts_after_loss;
  published->lost_packets = unit.lost_packets;
  published->rtp_ts = unit.rtp_ts;
  published->media_pts_us = time.media_pts_us;
  published->composition_us = time.composition_us;
  published->arrival_mono_ns = unit.arrival_mono_ns;
  published->capture_utc_us = seen.capture_utc_us;
  published->quality = seen.quality;
  published->arrival_error_us = std::max(arrival_error_us_, last_arrival_error_us_);
  if (published->arrival_error_us > 0 && seen.quality == media::time_quality::arrival)
    published->quality = media::time_quality::swept_arrival;
  published->parameters = std::move(unit.parameters);
  published->data = std::move(unit.data);
  ++counters_.access_units;
  if (published->is_key) ++counters_.key_frames;
  out.push_back(std::move(published));
}

void receiver::on_rtcp(byte_view packet, mono_ns arrival_mono_ns, utc_us arrival_utc_us) {
  ++counters_.rtcp_packets;
  const auto compound = parse_rtcp(packet);
  counters_.rtcp_anomalies += compound.malformed;
  for (const sender_report& report : compound.sender_reports) {
    if (!has_ssrc_) continue;
    if (report.ssrc != ssrc_ ||
        !capture_.on_sender_report(report, arrival_mono_ns, arrival_utc_us)) {
      ++counters_.foreign_reports;
      continue;
    }
    last_sr_middle_ = static_cast<std::uint32_t>(report.ntp_64 >> 16);
    last_sr_mono_ns_ = arrival_mono_ns;
  }
  for (const std::uint32_t ssrc : compound.byes)
    if (has_ssrc_ && ssrc == ssrc_) said_bye_ = true;
}

void receiver::measure_jitter(std::uint32_t rtp_ts, mono_ns now) noexcept {
  // RFC 3550 A.8, in its integer form.
  const auto now_ticks =
      static_cast<std::uint32_t>(now / 1'000'000'000 * options_.clock_hz +
                                 now % 1'000'000'000 * options_.clock_hz / 1'000'000'000);
  const std::uint32_t transit = now_ticks - rtp_ts;
  if (has_transit_) {
    const auto moved = static_cast<std::int32_t>(transit - last_transit_);
    const std::uint32_t d =
        moved < 0 ? 0u - static_cast<std::uint32_t>(moved) : static_cast<std::uint32_t>(moved);
    jitter_16_ += d - ((jitter_16_ + 8) >> 4);
  }
  has_transit_ = true;
  last_transit_ = transit;
}

std::vector<std::uint8_t> receiver::receiver_report(mono_ns now) {
  if (!has_ssrc_) return make_receiver_report(options_.own_ssrc, options_.cname, std::nullopt);
  const std::uint64_t lost = sequence_.lost() - reported_lost_;
  const std::uint64_t expected = lost + sequence_.received() - reported_received_;
  report_block block;
  block.ssrc = ssrc_;
  if (expected > 0)
    block.fraction_lost =
        static_cast<std::uint8_t>(std::min<std::uint64_t>(lost * 256 / expected, 255));
  block.cumulative_lost =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(sequence_.lost(), 0x7fffff));
  block.highest_sequence = sequence_.extended_highest();
  block.jitter = jitter_16_ >> 4;
  if (last_sr_middle_ != 0) {
    block.last_sr = last_sr_middle_;
    block.delay_since_last_sr =
        static_cast<std::uint32_t>((now - last_sr_mono_ns_) / 1000 * 65'536 / 1'000'000);
  }
  reported_lost_ = sequence_.lost();
  reported_received_ = sequence_.received();
  return make_receiver_report(options_.own_ssrc, options_.cname, block);
}

receiver_counters receiver::counters() const noexcept {
  receiver_counters out = counters_;
  out.codec = depacketizer_.anomalies();
  out.dropped_units = depacketizer_.dropped_units();
  out.reordered_packets = reorder_.reordered();
  out.clock_steps = capture_.epochs();
  return out;
}

std::uint32_t receiver::next_generation() const noexcept {
  return generation_parameters_ == nullptr ? generation_ : generation_ + 1;
}

}  // namespace vigie::rtp
