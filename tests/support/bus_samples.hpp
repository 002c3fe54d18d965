// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bus/messages.hpp"

/// One plausible body of every kind, all members filled.
namespace vigie::test {

inline constexpr utc_us sample_time = 1'795'292'133'400'000;

inline bus::message_stamp sample_stamp() { return {"k3v9x2", 41, sample_time}; }

inline bus::camera_status sample_camera() {
  bus::camera_status s;
  s.path = {commune_id{"95018"}, site_id{"college-hugo"}, camera_id{"cam-0001"}};
  s.name = "Entrée \"nord\"";
  s.purposes = {"public_buildings_protection", "rescue_and_fire"};
  s.state = "degraded";
  s.rung = "advancing";
  s.cause = "frozen_picture";
  s.since = sample_time - 8'000'000;
  s.detail = "same picture for 8 s";
  s.fps = 12.1;
  s.kbps = 401.5;
  s.width = 640;
  s.height = 360;
  s.lost_packets = 3;
  s.last_frame_at = sample_time - 80'000;
  s.clock_offset_ms = -420;
  s.quirks = {{"early_marker", 12}, {"resync", 3}};
  s.overridden = {"keepalive"};
  return s;
}

inline bus::site_status sample_site() {
  return {commune_id{"95018"}, site_id{"college-hugo"}, "Collège Hugo", "school", "degraded", 2, 3,
          sample_time,         "frozen_picture"};
}

inline bus::commune_status sample_commune() {
  return {commune_id{"95018"}, "Argenteuil", 20, 1, 2, 1, 24};
}

inline bus::event_message sample_event() {
  bus::event_message e;
  e.id = "k3v9x2-7";
  e.stamp = sample_stamp();
  e.type = "camera_down";
  e.commune = commune_id{"95018"};
  e.site = site_id{"college-hugo"};
  e.camera = camera_id{"cam-0001"};
  e.cause = "silence";
  e.since = sample_time - 1'500'000;
  e.detail = "no byte for 1.5 s";
  e.cameras = {camera_id{"cam-0001"}};
  return e;
}

inline bus::heartbeat_message sample_heartbeat() {
  return {"node-1",
          sample_stamp(),
          24,
          23,
          23,
          1,
          123'456,
          789'000'000,
          0,
          3600,
          {"analyses", "picture_measures"},
          12'345'678,
          2};
}

inline bus::live_open_request sample_live_request() {
  return {"c-1", camera_id{"cam-0001"}, commune_id{"95018"}, "public_buildings_protection",
          "intrusion signalée au collège"};
}

inline bus::replay_open_request sample_replay_request() {
  return {"c-2",
          camera_id{"cam-0001"},
          commune_id{"95018"},
          "public_buildings_protection",
          "levée de doute",
          sample_time - 60'000'000,
          sample_time};
}

inline bus::snapshot_reply sample_snapshot() {
  bus::snapshot_reply r;
  r.correlation = "c-3";
  r.stamp = sample_stamp();
  r.centre = {"demo", "Centre de démonstration", "95"};
  r.communes = {{sample_commune(), {{sample_site(), {sample_camera(), sample_camera()}}}}};
  return r;
}

inline bus::events_recent_request sample_events_request() {
  return {"c-4", sample_time - 3'600'000'000, "k3v9x2-8", 50};
}

inline bus::events_reply sample_events() {
  auto older = sample_event();
  older.id = "k3v9x2-6";
  return {"c-4", {sample_event(), older}, true};
}

inline bus::exercise_request sample_exercise_request() {
  return {"c-6", "fr.vigie.webhook", "corg"};
}

inline bus::plugins_reply sample_plugins() {
  return {
      "c-5",
      {{"fr.vigie.camera_health", "1.0.0", "analytics", "child", "running", "", 24, 1, 0, 1200, 3,
        "call_audit"},
       {"fr.example.old", "", "protocol", "child", "refused", "wrong hash", 0, 0, 1, 0, 0, ""}}};
}

inline bus::exercise_reply sample_exercise() {
  return {"c-6", "fr.vigie.webhook", "corg", "acknowledged", "R-77", "read by the desk"};
}

inline bus::plugins_why_request sample_why_request() {
  return {"c-7", "fr.vigie.zone_intrusion", camera_id{"cam-0001"}, sample_time};
}

inline bus::plugins_why_reply sample_why() {
  bus::plugins_why_reply reply{
      "c-7", "fr.vigie.zone_intrusion", camera_id{"cam-0001"}, sample_time, false, std::nullopt, "",
      {}};
  reply.conditions = {{"event_types", "", true, "LEG-51", "it is", "oui", "", ""},
                      {"period", "LOI-2023-380-ART10", false, "LEG-53", "it ended", "terminé",
                       "nobody here", "personne ici"}};
  return reply;
}

inline bus::person_entry sample_person() {
  return {"ana",
          "Ana Léger",
          "video_operator",
          true,
          false,
          true,
          false,
          {commune_id{"95018"}, commune_id{"95127"}},
          {{"95", sample_time - 1'000'000, sample_time + 1'000'000, false}}};
}

inline bus::me_reply sample_me() {
  return {"c-7",
          sample_person(),
          {"read_states", "view_live"},
          {"vigie.v1.node.*.heartbeat", "vigie.v1.state.95018.>"}};
}

inline bus::people_reply sample_people() {
  auto newcomer = sample_person();
  newcomer.name = "bob";
  newcomer.approvals.clear();
  newcomer.communes.clear();
  return {"c-8", {sample_person(), newcomer}};
}

inline bus::proposals_reply sample_proposals() {
  return {"c-9",
          {{7, "enable_analytics", "fr.vigie.zone_intrusion", "ana", "rentrée", sample_time,
            sample_time + 86'400'000'000, "open", std::nullopt, std::nullopt},
           {6, "mask_removal", "cam-0001", "ana", "mur démoli", sample_time, sample_time + 1,
            "confirmed", "bob", sample_time + 1}}};
}

inline bus::sessions_reply sample_sessions() {
  return {"c-10",
          {{"view-7",
            "ana",
            "live",
            commune_id{"95018"},
            "rescue_and_fire",
            "fumée signalée",
            {camera_id{"cam-0001"}},
            sample_time}}};
}

inline bus::live_grant sample_live_grant() {
  return {"c-1", camera_id{"cam-0001"}, "view-7", "ws://127.0.0.1:8080/live/abc",
          sample_time + 10'000'000};
}

inline bus::replay_grant sample_replay_grant() {
  return {"c-2",
          camera_id{"cam-0001"},
          "view-8",
          sample_time + 300'000'000,
          {{sample_time - 60'000'000, sample_time, 3'000'000,
            "http://127.0.0.1:8080/clip/abc/20261121T201433400Z.mp4"}}};
}

}  // namespace vigie::test
