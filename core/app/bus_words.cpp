// SPDX-License-Identifier: Apache-2.0
#include "app/bus_words.hpp"

namespace vigie::app {

bus::camera_status to_bus(const control::camera_state& state, const camera_places& places) {
  const auto& health = state.status;
  bus::camera_status out;
  out.path = state.path;
  out.name = state.name;
  if (const auto* place = places.find(state.path.camera))
    for (const auto purpose : place->camera->purposes)
      out.purposes.emplace_back(domain::name_of(purpose));
  out.state = domain::name_of(health.state);
  out.rung = domain::name_of(health.rung);
  out.cause = domain::name_of(health.cause);
  out.since = health.since_utc_us;
  out.detail = health.detail;
  out.fps = health.frames_per_s;
  out.kbps = health.kbit_per_s;
  out.width = health.width_px;
  out.height = health.height_px;
  out.lost_packets = health.lost_packets;
  out.last_frame_at = health.last_frame_utc_us;
  if (health.clock_offset_us) out.clock_offset_ms = *health.clock_offset_us / 1000;
  return out;
}

bus::site_status to_bus(const control::site_state& state) {
  bus::site_status out;
  out.commune = state.commune;
  out.site = state.site;
  out.name = state.name;
  out.kind = state.kind;
  out.state = control::name_of(state.state);
  out.live = state.live;
  out.total = state.total;
  out.since = state.since_utc_us;
  out.cause = domain::name_of(state.cause);
  return out;
}

bus::commune_status to_bus(const control::commune_state& state) {
  bus::commune_status out;
  out.commune = state.commune;
  out.name = state.name;
  out.live = state.live;
  out.degraded = state.degraded;
  out.down = state.down;
  out.starting = state.starting;
  out.total = state.total;
  return out;
}

bus::event_message to_bus(const control::event& fact) {
  bus::event_message out;
  out.type = domain::name_of(fact.type);
  out.commune = fact.commune;
  out.site = fact.site;
  if (fact.camera) out.camera = *fact.camera;
  out.cause = domain::name_of(fact.cause);
  out.since = fact.since_utc_us;
  out.detail = fact.detail;
  out.cameras = fact.cameras;
  return out;
}

bus::snapshot_reply to_bus(const control::centre_view& view, const domain::topology& centre,
                           const camera_places& places) {
  bus::snapshot_reply out;
  out.centre = {centre.centre_id, centre.centre_name, centre.department};
  for (const auto& commune : view.communes) {
    auto& told = out.communes.emplace_back();
    told.status = to_bus(commune.state);
    for (const auto& site : commune.sites) {
      auto& place = told.sites.emplace_back();
      place.status = to_bus(site.state);
      for (const auto& camera : site.cameras) place.cameras.push_back(to_bus(camera, places));
    }
  }
  return out;
}

bus::plugin_entry to_bus(const plugin_host::plugin_status& status) {
  bus::plugin_entry out;
  out.id = status.id;
  out.version = status.version;
  out.kind = plugin_host::name_of(status.kind);
  out.isolation = status.isolation == plugin_host::isolation::child ? "child" : "in_process";
  out.state = plugin_host::name_of(status.state);
  out.detail = status.detail;
  out.cameras = status.cameras;
  out.starts = status.starts;
  out.faults = status.faults;
  out.frames_offered = status.frames_offered;
  out.frames_dropped = status.frames_dropped;
  out.missing_protection = status.missing_protection;
  return out;
}

bus::plugins_why_reply to_bus(const domain::gate_answer& answer) {
  bus::plugins_why_reply reply;
  reply.open = answer.is_open;
  if (answer.is_open && answer.open_until != domain::end_of_time)
    reply.open_until = answer.open_until;
  if (answer.is_open) reply.basis = answer.basis;
  for (const auto& c : answer.conditions)
    reply.conditions.push_back({c.name, c.basis, c.holds, c.rule, c.en, c.fr, c.who_en, c.who_fr});
  return reply;
}

}  // namespace vigie::app
