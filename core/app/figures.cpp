// SPDX-License-Identifier: Apache-2.0
#include "app/figures.hpp"

#include <chrono>
#include <nlohmann/json.hpp>

#include "gateway/prometheus_text.hpp"

namespace vigie::app {
namespace {

using gateway::metric_type;

void one(gateway::prometheus_writer& w, std::string_view name, metric_type type,
         std::string_view help, double value) {
  w.family(name, type, help);
  w.sample(value);
}

double seconds(std::chrono::nanoseconds span) {
  return std::chrono::duration<double>(span).count();
}

double number(std::uint64_t value) { return static_cast<double>(value); }

}  // namespace

std::string to_prometheus(const figures& now) {
  gateway::prometheus_writer w;
  w.family("vigie_cameras", metric_type::gauge, "Cameras by health state.");
  w.sample({{"state", "starting"}}, now.fleet.starting);
  w.sample({{"state", "live"}}, now.fleet.live);
  w.sample({{"state", "degraded"}}, now.fleet.degraded);
  w.sample({{"state", "down"}}, now.fleet.down);
  one(w, "vigie_cameras_recording", metric_type::gauge,
      "Cameras whose frames reached the disk in the last seconds.", now.fleet.recording);
  one(w, "vigie_health_judged_seconds", metric_type::gauge,
      "Longest time since a camera was last judged.", seconds(now.control.health.oldest_judgement));
  one(w, "vigie_health_evidence_seconds", metric_type::gauge,
      "Age of the oldest evidence of a camera whose pictures advance.",
      seconds(now.control.health.oldest_evidence));
  one(w, "vigie_cameras_stale_health", metric_type::gauge,
      "Cameras whose judgement or evidence is older than two seconds.", now.control.health.stale);
  one(w, "vigie_recorded_frames_total", metric_type::counter, "Frames written to disk.",
      number(now.recorder.written_frames));
  one(w, "vigie_recorded_bytes_total", metric_type::counter, "Bytes written to disk.",
      number(now.recorder.written_bytes));
  one(w, "vigie_recorder_dropped_gops_total", metric_type::counter,
      "Groups of pictures given up because the disk could not follow.",
      number(now.recorder.dropped_gops));
  one(w, "vigie_recorder_write_failures_total", metric_type::counter, "Writes the disk refused.",
      number(now.recorder.write_failures));
  one(w, "vigie_recorder_queue_bytes", metric_type::gauge, "Bytes waiting for the disk.",
      number(now.recorder.queued_bytes));
  one(w, "vigie_disk_free_bytes", metric_type::gauge, "Free space where recordings go.",
      number(now.disk_free_bytes));
  one(w, "vigie_bus_connected", metric_type::gauge, "1 while the bus answers.", now.bus_connected);
  one(w, "vigie_outbox_waiting", metric_type::gauge, "Events the bus has not confirmed yet.",
      number(now.outbox.waiting));
  one(w, "vigie_outbox_confirmed_total", metric_type::counter, "Events confirmed by the bus.",
      number(now.outbox.confirmed));
  one(w, "vigie_outbox_refused_total", metric_type::counter,
      "Events that could not be taken; must stay 0.", number(now.outbox.refused));
  one(w, "vigie_states_skipped_total", metric_type::counter,
      "State messages not sent because the bus was down or could not follow.",
      number(now.states_skipped));
  one(w, "vigie_actors", metric_type::gauge, "Running actors.", number(now.control.actors));
  one(w, "vigie_actor_restarts_total", metric_type::counter, "Actors restarted after a crash.",
      number(now.control.restarts));
  one(w, "vigie_picture_measured_total", metric_type::counter, "Key frames measured by the child.",
      number(now.picture.measured));
  one(w, "vigie_picture_dropped_total", metric_type::counter,
      "Key frames shed because the child could not follow.", number(now.picture.dropped));
  one(w, "vigie_picture_child_starts_total", metric_type::counter, "Starts of the decoder child.",
      number(now.picture.child_starts));
  one(w, "vigie_picture_interval_stretch", metric_type::gauge,
      "By how much key frames are measured less often than asked for.", now.picture.stretch);
  one(w, "vigie_analysis_open", metric_type::gauge,
      "Cameras that analyses of security events may look at now.", number(now.analysis.open));
  one(w, "vigie_analysis_refused_total", metric_type::counter,
      "Times the purpose gate refused a camera to an analysis.", number(now.analysis.refused));
  one(w, "vigie_analysis_ended_total", metric_type::counter,
      "Permissions that ended under a running analysis.", number(now.analysis.ended));
  one(w, "vigie_analysis_withheld_frames_total", metric_type::counter,
      "Pictures not shown because the permission had just ended.",
      number(now.analysis.withheld_frames));
  one(w, "vigie_analysis_suppressed_total", metric_type::counter,
      "Statistics below the threshold and signals without permission, not published.",
      number(now.analysis.suppressed));
  one(w, "vigie_live_viewers", metric_type::gauge, "Open live views.",
      number(now.gateway.live.viewers));
  one(w, "vigie_live_dropped_gops_total", metric_type::counter,
      "Groups of pictures dropped for slow viewers.", number(now.gateway.live.dropped_gops));
  one(w, "vigie_media_sent_bytes_total", metric_type::counter, "Bytes of media sent to viewers.",
      number(now.gateway.sent_bytes));
  one(w, "vigie_media_refused_tokens_total", metric_type::counter, "Media tokens refused.",
      number(now.gateway.refused_tokens));
  one(w, "vigie_requests_answered_total", metric_type::counter, "Bus requests granted.",
      number(now.requests_answered));
  one(w, "vigie_requests_refused_total", metric_type::counter, "Bus requests refused.",
      number(now.requests_refused));
  w.family("vigie_quirks_total", metric_type::counter,
           "What cameras did that no standard asks for, by policy (docs/quirks.md).");
  for (std::size_t i = 0; i < now.quirks.size(); ++i)
    w.sample({{"policy", ingest::quirk_name(i)}}, number(now.quirks[i]));
  w.family("vigie_shed", metric_type::gauge,
           "1 while the service is shed because the node is overloaded, in the order of shedding.");
  for (const auto service : domain::shedding_order)
    w.sample({{"service", domain::name_of(service)}}, now.shed.sheds(service) ? 1 : 0);
  w.family("vigie_shed_refusals_total", metric_type::counter, "Requests refused by overload.");
  w.sample({{"service", domain::name_of(domain::sheddable::extra_live_views)}},
           number(now.refused_live_views));
  w.sample({{"service", domain::name_of(domain::sheddable::replay)}}, number(now.refused_replays));
  one(w, "vigie_camera_memory_bytes", metric_type::gauge,
      "Held for all cameras between their sockets and the disk.", number(now.camera_memory_bytes));
  one(w, "vigie_camera_memory_most_bytes", metric_type::gauge,
      "Most that one camera held since the start.", number(now.camera_memory_most_bytes));
  one(w, "vigie_camera_memory_relieved_total", metric_type::counter,
      "Times a camera was over its budget and lost what was buffered.", number(now.relieved));
  one(w, "vigie_ingest_delay_seconds", metric_type::gauge,
      "How late the latest ingest thread was in the last second.", now.ingest_delay_s);
  one(w, "vigie_uptime_seconds", metric_type::gauge, "Seconds since this start.",
      number(now.uptime_s));
  return w.take();
}

bool is_healthy(const figures& now) { return now.fleet.live == 0 || now.fleet.recording > 0; }

std::string to_health_json(const figures& now) {
  return nlohmann::json{
      {"healthy", is_healthy(now)},
      {"cameras", now.fleet.cameras},
      {"live", now.fleet.live},
      {"degraded", now.fleet.degraded},
      {"down", now.fleet.down},
      {"recording", now.fleet.recording},
      {"bus_connected", now.bus_connected},
      {"outbox_waiting", now.outbox.waiting},
      {"uptime_s", now.uptime_s},
  }
      .dump();
}

}  // namespace vigie::app
