// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <utility>

#include "ingest/detail/feed_impl.hpp"

namespace vigie::ingest {
namespace {

constexpr mono_ns report_every_ns = second_ns;  ///< vitals without news
constexpr std::uint32_t units_to_trust = 2;     ///< pictures that end a trouble

bool is_stall(errc code) noexcept {
  return code == errc::stall_silence || code == errc::stall_rtcp_only || code == errc::stall_drip;
}

}  // namespace

std::string_view words_of(errc code) noexcept {
  switch (code) {
    case errc::io_refused:
      return "nothing listens at the camera's address";
    case errc::io_unreachable:
      return "no way to the camera";
    case errc::io_timeout:
      return "the camera's host does not answer";
    case errc::io_reset:
      return "the camera cut the connection";
    case errc::io_closed:
      return "the camera ended the connection";
    case errc::io_tls:
      return "no TLS with the camera";
    case errc::tls_untrusted:
      return "the camera's certificate is not trusted";
    case errc::stall_silence:
      return "not a byte";
    case errc::stall_rtcp_only:
      return "only control packets";
    case errc::stall_drip:
      return "bytes, but no complete picture";
    default:
      return "the connection failed";
  }
}

void feed::impl::take(const media::access_unit_ptr& unit) {
  progressed_ = true;
  is_pardoned_ = false;
  ++vitals_.access_units;
  if (unit->is_key) ++vitals_.key_frames;
  vitals_.last_unit_mono_ns = unit->arrival_mono_ns;
  if (unit->parameters) {
    vitals_.width_px = unit->parameters->width_px;
    vitals_.height_px = unit->parameters->height_px;
  }
  has_delivered_ = true;
  // Before the picture joins them: sinks that may not grow lose what they gathered, not more.
  const bool was_over = std::exchange(
      is_over_budget_, held_bytes() + unit->data.size() > config_.memory_budget_bytes);
  if (is_over_budget_) relieve(!was_over);
  sinks_.publish(unit);
  note_memory();
  if (is_watching()) watch_.on_unit(unit->arrival_mono_ns);
  ++units_since_trouble_;
}

std::size_t feed::impl::held_bytes() const noexcept {
  return sinks_.held_bytes() + (session_ ? session_->buffered_bytes() : 0) +
         (receiver_ ? receiver_->held_bytes() : 0);
}

void feed::impl::relieve(bool is_first) noexcept {
  sinks_.relieve();
  if (!is_first) return;
  ++vitals_.relieved;
  if (config_.memory) config_.memory->count_relieved();
}

void feed::impl::note_memory() noexcept {
  const auto before = std::exchange(vitals_.held_bytes, held_bytes());
  if (config_.memory) config_.memory->note(before, vitals_.held_bytes);
}

void feed::impl::judge() {
  if (!is_watching()) return;
  const mono_ns deadline = watch_.deadline();
  if (progressed_ && vitals_.phase != feed_phase::advancing) {
    abandon_at_ = deadline + to_ns(config_.stall_patience);
    if (!vitals_.trouble || units_since_trouble_ >= units_to_trust) {
      set_phase(feed_phase::advancing);
      vitals_.trouble.reset();
      advancing_since_ = now_.mono;
    }
    return;
  }
  if (now_.mono < deadline) return;
  const errc evidence = watch_.evidence(now_.mono);
  if (vitals_.phase != feed_phase::stalled) {
    note_advance();
    set_phase(feed_phase::stalled);
    abandon_at_ = now_.mono + to_ns(config_.stall_patience);
    report_stall(evidence);
  } else if (is_worse(evidence)) {
    report_stall(evidence);
  }
  if (now_.mono >= abandon_at_) leave();
}

bool feed::impl::is_worse(errc evidence) const noexcept {
  return !vitals_.trouble || !is_stall(vitals_.trouble->code) || evidence > vitals_.trouble->code;
}

void feed::impl::report_stall(errc evidence) {
  const bool keep = evidence == errc::stall_silence && !is_worse(evidence);
  const errc code = keep ? vitals_.trouble->code : evidence;
  set_trouble({code, fmt::format("no picture: {}", words_of(code))});
}

quirk_tally feed::impl::quirks_met() const noexcept {
  quirk_tally out = ended_quirks_;
  if (session_) add(out, session_->counters());
  if (receiver_) add(out, receiver_->counters());
  return out;
}

feed_vitals feed::impl::vitals(feed_now now) const {
  feed_vitals out = vitals_;
  out.at_mono_ns = now.mono;
  const auto rates = rates_.peek(now.mono, vitals_.access_units, vitals_.bytes);
  out.frames_per_s = rates.frames_per_s;
  out.kbit_per_s = rates.kbit_per_s;
  if (receiver_) {
    const auto counters = receiver_->counters();
    out.lost_packets += counters.lost_packets;
    out.anomalies += counters.anomalies();
    out.clock_offset_us = receiver_->clock_offset_us();
    if (receiver_->parameters()) out.codec = receiver_->parameters()->kind;
  }
  if (session_) {
    out.is_by_udp = session_->uses_udp();
    out.is_encrypted = session_->target().is_secure;
    out.overridden = session_->overridden();
  }
  const auto met = quirks_met();
  for (std::size_t i = 0; i < met.size(); ++i)
    if (met[i] > 0) out.quirks.emplace_back(quirk_name(i), met[i]);
  return out;
}

void feed::impl::report() {
  note_memory();
  report_at_ = now_.mono + report_every_ns;
  const auto current = vitals(now_);
  rates_.sample(now_.mono, vitals_.access_units, vitals_.bytes);
  if (config_.totals) {
    const auto met = quirks_met();
    config_.totals->add_growth(reported_quirks_, met);
    reported_quirks_ = met;
  }
  io_.report(current);
}

}  // namespace vigie::ingest
