// SPDX-License-Identifier: Apache-2.0
#include "ingest/pushed_feed.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace vigie::ingest {
namespace {

constexpr mono_ns second = 1'000'000'000;
/// A plugin that opens a stream asks a device; its host bounds the call itself, a little earlier.
constexpr mono_ns open_patience = 15 * second;
constexpr std::uint32_t units_to_trust = 2;  ///< pictures that end a trouble

}  // namespace

pushed_feed::pushed_feed(feed_config config, std::vector<sink_ptr> sinks, pushed_feed_io& io,
                         random_source& random)
    : config_{std::move(config)},
      sinks_{std::move(sinks)},
      io_{io},
      backoff_{config_, random},
      watch_{config_.stall_floor} {
  vitals_.camera = config_.camera;
}

void pushed_feed::start(feed_now now) {
  open(now);
  report(now);
  plan();
}

void pushed_feed::stop(feed_now) {
  if (step_ == step::stopped) return;
  io_.close(config_.camera);
  if (std::exchange(has_delivered_, false)) sinks_.end_session();
  step_ = step::stopped;
  plan();
}

void pushed_feed::open(feed_now now) {
  ++vitals_.dials;
  step_ = step::opening;
  until_ = now.mono + open_patience;
  set_phase(feed_phase::negotiating);
  io_.open(config_.camera);
}

void pushed_feed::opened(const result<void>& outcome, feed_now now) {
  if (step_ != step::opening) return;
  if (!outcome) {
    break_off(outcome.error(), now);
  } else {
    step_ = step::open;
    ++vitals_.sessions;
    vitals_.authenticated = true;
    waits_for_key_ = true;
    units_.reset();
    set_phase(feed_phase::playing);
    watch_.arm(now.mono);
    rates_.restart(now.mono, vitals_.access_units, vitals_.bytes);
  }
  report(now);
  plan();
}

void pushed_feed::ended(error why, feed_now now) {
  if (step_ != step::open && step_ != step::opening) return;
  break_off(std::move(why), now);
  report(now);
  plan();
}

/// The stream is over: closed before it is opened anew, as the SDK asks.
void pushed_feed::break_off(error why, feed_now now) {
  const auto advanced =
      vitals_.phase == feed_phase::advancing ? vitals_.last_unit_mono_ns - advancing_since_ : 0;
  io_.close(config_.camera);
  step_ = step::resting;
  until_ = now.mono + to_ns(backoff_.next(why.code, std::chrono::nanoseconds{advanced}));
  if (std::exchange(has_delivered_, false)) sinks_.end_session();
  vitals_.trouble = std::move(why);
  units_since_trouble_ = 0;
  has_news_ = true;
  set_phase(feed_phase::idle);
}

void pushed_feed::picture(const pushed_picture& picture, feed_now now) {
  // A plugin may push before its answer to `open` is here.
  if (step_ == step::opening) opened({}, now);
  if (step_ != step::open) return;
  vitals_.bytes += picture.data.size();
  watch_.on_read(picture.data.size(), 0, now.mono);
  if (!units_ || picture.source_generation != source_generation_) {
    units_.emplace(picture.codec);
    source_generation_ = picture.source_generation;
    waits_for_key_ = true;
    generation_parameters_.reset();
  }
  if (!picture.parameters.empty()) units_->learn(picture.parameters);
  auto content = units_->take(picture.data);
  if (!content) {
    ++vitals_.anomalies;
    if (class_of(content.error().code) == error_class::configuration_fatal)
      break_off(content.error(), now);
  } else if (*content) {
    publish(picture, std::move(**content), now);
  } else {
    watch_.on_dropped_picture(now.mono);
  }
  judge(now);
  if (has_news_) report(now);
  plan();
}

void pushed_feed::publish(const pushed_picture& picture, annexb_units::content content,
                          feed_now now) {
  is_after_loss_ = is_after_loss_ || picture.after_loss;
  if (waits_for_key_ && !content.is_key) return watch_.on_dropped_picture(now.mono);
  if (generation_parameters_ != content.parameters) {
    // New parameters begin at a key frame, where sinks can start anew.
    if (!content.is_key) return watch_.on_dropped_picture(now.mono);
    ++generation_;
    generation_parameters_ = content.parameters;
  } else if (picture.media_pts_us <= last_pts_us_) {
    ++vitals_.anomalies;
    return;
  }
  waits_for_key_ = false;
  last_pts_us_ = picture.media_pts_us;

  auto unit = std::make_shared<media::access_unit>();
  unit->sequence = next_sequence_++;
  unit->stream_generation = generation_;
  unit->is_key = content.is_key;
  unit->starts_after_loss = std::exchange(is_after_loss_, false);
  unit->rtp_ts = static_cast<std::uint32_t>(picture.media_pts_us * 9 / 100);
  unit->media_pts_us = picture.media_pts_us;
  unit->arrival_mono_ns = now.mono;
  unit->capture_utc_us = picture.capture_utc_us != 0 ? picture.capture_utc_us : now.utc;
  unit->parameters = content.parameters;
  unit->data = std::move(content.data);
  ++vitals_.access_units;
  if (unit->is_key) ++vitals_.key_frames;
  vitals_.last_unit_mono_ns = now.mono;
  vitals_.width_px = unit->parameters->width_px;
  vitals_.height_px = unit->parameters->height_px;
  has_delivered_ = true;
  ++units_since_trouble_;
  watch_.on_unit(now.mono);
  sinks_.publish(unit);
  if (vitals_.phase == feed_phase::advancing) return;
  if (vitals_.trouble && units_since_trouble_ < units_to_trust) return;
  vitals_.trouble.reset();
  advancing_since_ = now.mono;
  set_phase(feed_phase::advancing);
}

void pushed_feed::judge(feed_now now) {
  if (step_ != step::open || now.mono < watch_.deadline()) return;
  if (vitals_.phase != feed_phase::stalled) {
    const auto evidence = watch_.evidence(now.mono);
    vitals_.trouble = error{evidence, "the plugin brings no picture"};
    units_since_trouble_ = 0;
    set_phase(feed_phase::stalled);
    until_ = now.mono + to_ns(config_.stall_patience);
  } else if (now.mono >= until_) {
    break_off(*vitals_.trouble, now);
  }
}

void pushed_feed::tick(feed_now now) {
  if (step_ == step::stopped) return;
  if (step_ == step::resting && now.mono >= until_) open(now);
  if (step_ == step::opening && now.mono >= until_)
    break_off({errc::child_timeout, "the plugin does not open its stream"}, now);
  judge(now);
  if (has_news_ || now.mono >= report_at_) report(now);
  plan();
}

feed_vitals pushed_feed::vitals(feed_now now) const {
  auto out = vitals_;
  out.at_mono_ns = now.mono;
  const auto rates = rates_.peek(now.mono, vitals_.access_units, vitals_.bytes);
  out.frames_per_s = rates.frames_per_s;
  out.kbit_per_s = rates.kbit_per_s;
  return out;
}

void pushed_feed::report(feed_now now) {
  has_news_ = false;
  report_at_ = now.mono + second;
  const auto current = vitals(now);
  rates_.sample(now.mono, vitals_.access_units, vitals_.bytes);
  io_.report(current);
}

void pushed_feed::set_phase(feed_phase phase) noexcept {
  if (std::exchange(vitals_.phase, phase) != phase) has_news_ = true;
}

void pushed_feed::plan() noexcept {
  switch (step_) {
    case step::stopped:
      wake_at_ = feed::never;
      return;
    case step::resting:
    case step::opening:
      wake_at_ = until_;
      return;
    case step::open:
      wake_at_ =
          std::min(report_at_, vitals_.phase == feed_phase::stalled ? until_ : watch_.deadline());
  }
}

}  // namespace vigie::ingest
