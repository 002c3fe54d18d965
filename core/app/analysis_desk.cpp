// SPDX-License-Identifier: Apache-2.0
#include "app/analysis_desk.hpp"

#include <fmt/format.h>
#include <vigie/analytics.h>

#include <utility>

#include "base/log.hpp"
#include "bus/subjects.hpp"
#include "domain/analysis_gate.hpp"
#include "plugin_host/event_names.hpp"

namespace vigie::app {
namespace {

domain::analysis_purpose purpose_of(plugin_host::analysis_class declared) noexcept {
  switch (declared) {
    case plugin_host::analysis_class::technical:
      return domain::analysis_purpose::technical;
    case plugin_host::analysis_class::statistical:
      return domain::analysis_purpose::statistical;
    case plugin_host::analysis_class::security_event:
      break;
  }
  return domain::analysis_purpose::security_event;
}

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

analysis_desk::analysis_desk(plugin_host::runtime& runtime, analysis_ports ports)
    : runtime_{runtime}, ports_{std::move(ports)} {}

void analysis_desk::add(const config::plugin_section& plugin) {
  const auto known = runtime_.manifest_of(plugin.id);
  if (!known || known->kind != plugin_host::plugin_kind::analytics || !known->analysis) return;
  if (const auto allowed = domain::may_analyse(purpose_of(*known->analysis)); !allowed) {
    // It stays loaded, so that the list of plugins shows it; it sees nothing.
    log::warn("plugin {}: {}", plugin.id, allowed.error().detail);
    ports_.publisher.publish_node_event(
        bus::event_type::plugin_fault,
        fmt::format("{}: denied_access: {}", plugin.id, allowed.error().detail));
    return;
  }
  {
    std::lock_guard lock{mutex_};
    analyses_[plugin.id].chosen = {plugin.cameras.begin(), plugin.cameras.end()};
  }
  // It may have come to life before we knew it.
  for (const auto& status : runtime_.status())
    if (status.id == plugin.id) on_state(status);
}

void analysis_desk::use(analytics::picture_source* pictures) {
  std::lock_guard lock{mutex_};
  pictures_ = pictures;
}

void analysis_desk::camera_started(const camera_id& camera) {
  std::lock_guard lock{mutex_};
  cameras_.insert(camera);
  for (auto& [plugin, one] : analyses_)
    if (one.is_running && one.covers(camera)) show(plugin, one, camera);
}

void analysis_desk::camera_stopped(const camera_id& camera) {
  std::lock_guard lock{mutex_};
  if (cameras_.erase(camera) == 0) return;
  for (auto& [plugin, one] : analyses_) {
    if (!one.covers(camera)) continue;
    if (pictures_ != nullptr) pictures_->cancel(camera, plugin);
    if (one.attached.erase(camera) > 0) runtime_.detach(plugin, camera, nullptr);
    std::erase_if(one.found, [&](const auto& each) { return each.first == camera; });
  }
}

/// With the lock held.
void analysis_desk::show(const std::string& plugin, analysis& one, const camera_id& camera) {
  const auto wish = runtime_.wish_of(plugin);
  if (!wish || pictures_ == nullptr) return;
  if (one.attached.insert(camera).second) {
    plugin_host::camera_setup setup;
    setup.camera = camera;
    runtime_.attach(plugin, std::move(setup), nullptr);
  }
  pictures_->order(camera, plugin,
                   {*wish, [this, plugin](const camera_id& of, plugin_host::picture shown) {
                      runtime_.offer_frame(plugin, of, std::move(shown));
                    }});
}

void analysis_desk::on_state(const plugin_host::plugin_status& status) {
  std::lock_guard lock{mutex_};
  const auto known = analyses_.find(status.id);
  if (known == analyses_.end()) return;
  auto& one = known->second;
  const bool runs = status.state == plugin_host::plugin_state::running;
  one.is_running = runs;
  if (!runs) {
    // Nobody stands for its findings any more.
    for (const auto& [camera, cause] : std::exchange(one.found, {}))
      ports_.find({camera, cause, false, ports_.time.mono()});
    return;
  }
  for (const auto& camera : cameras_)
    if (one.covers(camera)) show(status.id, one, camera);
}

void analysis_desk::on_detection(const std::string& plugin, const camera_id& camera,
                                 const plugin_host::detection& signal) {
  {
    std::lock_guard lock{mutex_};
    const auto known = analyses_.find(plugin);
    if (known == analyses_.end() || !cameras_.contains(camera)) return;
    tell_finding(known->second, camera, signal);
  }
  tell_event(bus::event_type::detection, camera, signal.at,
             fmt::format("{} {} ({}, score {:.2f})", plugin_host::name_of_event(signal.event_type),
                         phase_of(signal.active), plugin, signal.score));
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
  ports_.publisher.publish(std::move(event));
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

}  // namespace vigie::app
