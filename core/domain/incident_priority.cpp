// SPDX-License-Identifier: Apache-2.0
#include "domain/incident_priority.hpp"

#include <algorithm>

namespace vigie::domain {
namespace {

priority_reason kind_reason(incident_kind k) noexcept {
  switch (k) {
    case incident_kind::panic:
      return {"a panic button was pressed", "un bouton d'alerte a été pressé", 90};
    case incident_kind::assault:
      return {"a person may be attacked", "une personne est peut-être agressée", 90};
    case incident_kind::fire:
      return {"fire", "feu", 85};
    case incident_kind::rescue:
      return {"a person may need help", "une personne a peut-être besoin de secours", 80};
    case incident_kind::intrusion:
      return {"intrusion", "intrusion", 60};
    case incident_kind::flood:
      return {"flood", "inondation", 60};
    case incident_kind::theft:
      return {"theft", "vol", 55};
    case incident_kind::road_accident:
      return {"road accident", "accident de la route", 70};
    case incident_kind::disturbance:
      return {"disturbance", "trouble", 45};
    case incident_kind::damage:
      return {"damage", "dégradation", 40};
    case incident_kind::tampering:
      return {"a camera is tampered with", "une caméra est neutralisée", 35};
    case incident_kind::waste_dumping:
      return {"dumping of waste", "dépôt sauvage", 25};
    case incident_kind::site_outage:
      return {"a whole site is blind", "un site entier est aveugle", 30};
    case incident_kind::camera_outage:
      return {"one camera is blind", "une caméra est aveugle", 10};
    case incident_kind::other:
      break;
  }
  return {"of no listed kind", "d'aucun type répertorié", 20};
}

priority_reason origin_reason(incident_origin o) noexcept {
  switch (o) {
    case incident_origin::force_request:
      return {"a force asks", "une force le demande", 30};
    case incident_origin::operator_seen:
      return {"an operator saw it", "un opérateur l'a vu", 25};
    case incident_origin::alarm_panel:
      return {"an alarm panel signals it", "une centrale d'alarme le signale", 15};
    case incident_origin::camera_health:
      return {"the centre measured it", "le centre l'a mesuré", 5};
    case incident_origin::vendor_event:
      return {"a device signals it", "un équipement le signale", 5};
    case incident_origin::analytics:
      break;
  }
  return {"an analysis signals it", "une analyse le signale", 0};
}

}  // namespace

incident_priority priority_of(const incident& i, instant now) {
  constexpr mono_ns minute = 60'000'000'000;
  incident_priority p;
  const auto add = [&p](priority_reason r) {
    if (r.points == 0) return;
    p.score += r.points;
    p.reasons.push_back(r);
  };
  add(kind_reason(i.kind));
  add(origin_reason(i.origin));
  if (i.state == incident_state::escalated)
    add({"nobody took it further in time", "personne n'y a donné suite à temps", 40});
  if (i.state == incident_state::reopened)
    add({"it was closed too early", "il a été clos trop tôt", 15});
  if (is_waiting_state(i.state)) {
    const auto minutes = std::clamp<mono_ns>((now.mono - i.entered_mono_ns) / minute, 0, 20);
    add({"it has been waiting", "il attend depuis un moment", static_cast<std::int32_t>(minutes)});
  }
  if (i.signals >= 100)
    add({"signalled a hundred times or more", "signalé cent fois ou plus", 6});
  else if (i.signals >= 10)
    add({"signalled ten times or more", "signalé dix fois ou plus", 3});
  return p;
}

bool comes_before(const incident& a, const incident& b, instant now) {
  const auto left = priority_of(a, now).score;
  const auto right = priority_of(b, now).score;
  if (left != right) return left > right;
  if (a.raised_mono_ns != b.raised_mono_ns) return a.raised_mono_ns < b.raised_mono_ns;
  return a.id < b.id;
}

}  // namespace vigie::domain
