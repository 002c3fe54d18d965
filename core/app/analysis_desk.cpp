// SPDX-License-Identifier: Apache-2.0
#include "app/analysis_desk.hpp"

#include <fmt/format.h>
#include <vigie/analytics.h>

#include <algorithm>
#include <utility>

#include "app/journal_acts.hpp"
#include "base/log.hpp"
#include "bus/subjects.hpp"
#include "plugin_host/event_names.hpp"

namespace vigie::app {
namespace {

constexpr std::size_t journal_queue = 16'384;

}  // namespace

std::string_view phase_of(std::int32_t active) noexcept {
  return active > 0 ? "began" : active == 0 ? "ended" : "seen";
}

std::optional<domain::health_cause> cause_of_event(std::int32_t event_type) noexcept {
  switch (event_type) {
    case VIGIE_EVENT_PICTURE_BLACK:
      return domain::health_cause::black_picture;
    case VIGIE_EVENT_PICTURE_FROZEN:
      return domain::health_cause::frozen_picture;
    case VIGIE_EVENT_PICTURE_BLURRED:
      return domain::health_cause::blurred_picture;
    case VIGIE_EVENT_PICTURE_COVERED:
      return domain::health_cause::covered_picture;
    case VIGIE_EVENT_CAMERA_MOVED:
      return domain::health_cause::moved_camera;
    default:
      return std::nullopt;
  }
}

analysis_desk::analysis_desk(analysis_host host, analysis_ports ports)
    : host_{std::move(host)}, ports_{std::move(ports)}, clerk_{journal_queue} {}

analysis_desk::~analysis_desk() { clerk_.stop(); }

void analysis_desk::add(const config::plugin_section& plugin) {
  const auto known = host_.manifest_of(plugin.id);
  if (!known || known->kind != plugin_host::plugin_kind::analytics || !known->analysis) return;
  ports_.gate.learn(*known);
  {
    std::lock_guard lock{mutex_};
    auto& one = analyses_[plugin.id];
    one.chosen = {plugin.cameras.begin(), plugin.cameras.end()};
    one.is_watched = *known->analysis == plugin_host::analysis_class::security_event;
    one.is_statistical = *known->analysis == plugin_host::analysis_class::statistical;
    if (!known->purposes.empty()) one.purpose = domain::purpose_from(known->purposes.front());
  }
  // It may have come to life before we knew it.
  for (const auto& status : host_.status())
    if (status.id == plugin.id) on_state(status);
}

void analysis_desk::use(std::optional<picture_door> pictures) {
  std::lock_guard lock{mutex_};
  pictures_ = std::move(pictures);
}

void analysis_desk::camera_started(const camera_id& camera) {
  std::lock_guard lock{mutex_};
  cameras_.insert(camera);
  for (auto& [plugin, one] : analyses_) consider(plugin, one, camera);
}

void analysis_desk::camera_stopped(const camera_id& camera) {
  std::lock_guard lock{mutex_};
  if (cameras_.erase(camera) == 0) return;
  for (auto& [plugin, one] : analyses_) {
    if (one.sights.erase(camera) > 0) hide(plugin, one, camera);
    std::erase_if(one.found, [&](const auto& each) { return each.first == camera; });
  }
}

void analysis_desk::on_state(const plugin_host::plugin_status& status) {
  std::lock_guard lock{mutex_};
  const auto known = analyses_.find(status.id);
  if (known == analyses_.end()) return;
  auto& one = known->second;
  one.is_running = status.state == plugin_host::plugin_state::running;
  if (one.is_running) {
    for (const auto& camera : cameras_) consider(status.id, one, camera);
    return;
  }
  // Nobody stands for its findings any more, and nobody looks.
  for (const auto& [camera, cause] : std::exchange(one.found, {}))
    ports_.find({camera, cause, false, ports_.time.mono()});
  for (const auto& [camera, seen] : std::exchange(one.sights, {}))
    if (pictures_) pictures_->cancel(camera, status.id);
}

void analysis_desk::review() {
  std::lock_guard lock{mutex_};
  for (auto& [plugin, one] : analyses_) {
    if (!one.is_watched) continue;
    // Nothing opens without two persons' decision: the cameras of those, and what is open now.
    auto cameras = ports_.gate.enabled_cameras(plugin);
    for (const auto& [camera, seen] : one.sights)
      if (seen.state != way::refused) cameras.insert(camera);
    for (const auto& camera : cameras)
      if (cameras_.contains(camera)) consider(plugin, one, camera);
  }
}

/// With the lock held.
void analysis_desk::consider(const std::string& plugin, analysis& one, const camera_id& camera) {
  if (!one.is_running || !one.covers(camera)) return;
  const auto now = ports_.time.utc();
  const auto answer = ports_.gate.ask(plugin, camera, now);
  if (!answer) return;  // no camera of this configuration
  const auto before = one.sights.find(camera);
  const bool is_new = before == one.sights.end();
  if (!answer->is_open) {
    if (!is_new && before->second.state == way::refused) return;
    const bool was_open = !is_new && before->second.state == way::open;
    one.sights[camera] = {way::refused, 0};
    if (was_open) return end(plugin, one, camera, *answer);
    return refuse(plugin, camera, *answer->refusal());
  }
  if (!one.is_watched) return show(plugin, one, camera, answer->open_until);
  if (is_new || before->second.state == way::refused) {
    one.sights[camera] = {way::asked, 0};
    begin(plugin, one, camera, *answer);
  } else if (before->second.state == way::open && before->second.until != answer->open_until) {
    show(plugin, one, camera, answer->open_until);
  }
}

/// The entry first, the pictures after (LEG-33). With the lock held.
void analysis_desk::begin(const std::string& plugin, analysis& one, const camera_id& camera,
                          const domain::gate_answer& answer) {
  const auto* const place = ports_.places.find(camera);
  auto act = analysis_act(plugin, *place, one.purpose,
                          fmt::format("{} may look under {}", plugin, answer.basis), "begins",
                          ports_.time.utc());
  const bool is_taken = clerk_.post([this, plugin, camera, act = std::move(act)] {
    const auto written = ports_.journal(act);
    std::lock_guard lock{mutex_};
    auto& by = analyses_.at(plugin);
    const auto waits = by.sights.find(camera);
    if (waits == by.sights.end() || waits->second.state != way::asked) return;
    // The law may have moved on while the disk was waited for.
    const auto still = ports_.gate.ask(plugin, camera, ports_.time.utc());
    if (!written || !still || !still->is_open) {
      by.sights.erase(waits);  // the next review asks anew
      return;
    }
    show(plugin, by, camera, still->open_until);
    tell_event(bus::event_type::analysis_began, camera, ports_.time.utc(),
               fmt::format("{} looks under {}", plugin, still->basis));
  });
  if (!is_taken) one.sights.erase(camera);
}

/// With the lock held.
void analysis_desk::show(const std::string& plugin, analysis& one, const camera_id& camera,
                         utc_us until) {
  one.sights[camera] = {way::open, until};
  const auto wish = host_.wish_of(plugin);
  if (!wish || !pictures_) return;
  if (one.attached.insert(camera).second) host_.attach(plugin, camera);
  pictures_->order(camera, plugin,
                   {*wish, [this, plugin, until](const camera_id& of, plugin_host::picture shown) {
                      // The second a permission ends in is already without it.
                      if (ports_.time.utc() >= until) {
                        ++withheld_;
                        return;
                      }
                      host_.offer(plugin, of, std::move(shown));
                    }});
}

/// With the lock held.
void analysis_desk::hide(const std::string& plugin, analysis& one, const camera_id& camera) {
  if (pictures_) pictures_->cancel(camera, plugin);
  if (one.attached.erase(camera) > 0) host_.detach(plugin, camera);
}

/// The permission is over under a running analysis. With the lock held.
void analysis_desk::end(const std::string& plugin, analysis& one, const camera_id& camera,
                        const domain::gate_answer& answer) {
  hide(plugin, one, camera);
  ++ended_;
  const auto& why = *answer.refusal();
  const auto text = fmt::format("{}: {}: {}", plugin, why.rule, why.en);
  const auto now = ports_.time.utc();
  tell_event(bus::event_type::analysis_ended, camera, now, text);
  const auto* const place = ports_.places.find(camera);
  clerk_.post([this, act = analysis_act(plugin, *place, one.purpose, text, "ends", now)] {
    if (const auto written = ports_.journal(act); !written)
      log::error("the journal does not take the end of an analysis: {}",
                 to_string(written.error()));
  });
}

/// Each refusal is counted; one of each plugin, commune and rule is told. With the lock held.
void analysis_desk::refuse(const std::string& plugin, const camera_id& camera,
                           const domain::gate_condition& why) {
  ++refused_;
  const auto* const place = ports_.places.find(camera);
  if (!told_refusals_.emplace(plugin, place->commune->id, why.rule).second) return;
  const auto text = fmt::format("{}: {}: {}", plugin, why.rule, why.en);
  const auto now = ports_.time.utc();
  log::warn("refused, camera {}, plugin {}", camera.str(), text);
  tell_event(bus::event_type::analysis_refused, camera, now, text);
  clerk_.post([this, act = refusal_act(plugin, *place, text, now)] {
    if (const auto written = ports_.journal(act); !written)
      log::error("the journal does not take a refusal: {}", to_string(written.error()));
  });
}

/// With the lock held.
bool analysis_desk::may_signal(const analysis& one, const camera_id& camera,
                               const plugin_host::detection& signal) const {
  const auto seen = one.sights.find(camera);
  // What was on its way when the permission ended is not heard either.
  if (seen == one.sights.end() || seen->second.state != way::open ||
      ports_.time.utc() >= seen->second.until)
    return false;
  if (!one.is_statistical) return true;
  return domain::judge_statistic(plugin_host::name_of_event(signal.event_type), signal.count,
                                 ports_.gate.aggregation_threshold()) ==
         domain::statistic_verdict::published;
}

bool analysis_desk::on_detection(const std::string& plugin, const camera_id& camera,
                                 const plugin_host::detection& signal) {
  std::string counted;
  {
    std::lock_guard lock{mutex_};
    const auto known = analyses_.find(plugin);
    if (known == analyses_.end() || !cameras_.contains(camera)) return false;
    if (!may_signal(known->second, camera, signal)) {
      ++suppressed_;
      return false;
    }
    if (known->second.is_statistical) counted = fmt::format(" {}", signal.count);
    tell_finding(known->second, camera, signal);
  }
  tell_event(
      bus::event_type::detection, camera, signal.at,
      fmt::format("{}{} {} ({}, score {:.2f})", plugin_host::name_of_event(signal.event_type),
                  counted, phase_of(signal.active), plugin, signal.score));
  return true;
}

void analysis_desk::tell_event(std::string_view type, const camera_id& camera, utc_us at,
                               std::string detail) {
  const auto* place = ports_.places.find(camera);
  if (place == nullptr) return;
  bus::event_message event;
  event.type = type;
  event.commune = place->commune->id;
  event.site = place->site->id;
  event.camera = camera;
  event.cause = "none";
  event.since = at != 0 ? at : ports_.time.utc();
  event.detail = std::move(detail);
  event.cameras = {camera};
  ports_.tell(std::move(event));
}

/// With the lock held.
void analysis_desk::tell_finding(analysis& by, const camera_id& camera,
                                 const plugin_host::detection& signal) {
  const auto cause = cause_of_event(signal.event_type);
  if (!cause || signal.active < 0) return;
  const bool is_present = signal.active > 0;
  const bool is_news =
      is_present ? by.found.emplace(camera, *cause).second : by.found.erase({camera, *cause}) > 0;
  if (is_news) ports_.find({camera, *cause, is_present, ports_.time.mono()});
}

bool analysis_desk::is_watching() const {
  std::lock_guard lock{mutex_};
  return std::any_of(analyses_.begin(), analyses_.end(),
                     [](const auto& each) { return each.second.is_watched; });
}

analysis_counts analysis_desk::counts() const {
  analysis_counts now;
  now.refused = refused_;
  now.ended = ended_;
  now.withheld_frames = withheld_;
  now.suppressed = suppressed_;
  std::lock_guard lock{mutex_};
  for (const auto& [plugin, one] : analyses_)
    if (one.is_watched)
      now.open += static_cast<std::uint64_t>(
          std::count_if(one.sights.begin(), one.sights.end(),
                        [](const auto& each) { return each.second.state == way::open; }));
  return now;
}

}  // namespace vigie::app
