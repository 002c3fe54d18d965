// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "domain/analysis_gate.hpp"

namespace vigie::test {

constexpr utc_us second_us = 1'000'000;
/// Somewhere in 2026.
constexpr utc_us gate_start = 1'780'000'000 * second_us;
constexpr utc_us gate_end = gate_start + 3600 * second_us;

/// A basis that permits one event to one kind of controller on one camera, for an hour.
inline domain::legal_basis zone_basis() {
  domain::legal_basis b;
  b.id = "TEST-2026-1";
  b.law = "a law made up for a test";
  b.order = "order 1";
  b.is_enabled = true;
  b.valid_from = gate_start;
  b.valid_until = gate_end;
  b.events = {domain::authorised_event::forbidden_zone};
  b.controllers = {domain::controller_kind::municipal_police};
  b.place = "the yard";
  b.cameras = {camera_id{"cam-0001"}};
  return b;
}

inline domain::analysis_enabling both_enable() {
  return {"org.test.zone", camera_id{"cam-0001"}, "alba", "bruno", gate_start, gate_end};
}

/// Rules and a question that they let pass.
inline domain::gate_rules open_rules() {
  domain::gate_rules rules;
  rules.bases = {zone_basis()};
  rules.enablings = {both_enable()};
  return rules;
}
inline domain::analysis_question zone_question(utc_us at = gate_start) {
  domain::analysis_question q;
  q.plugin = "org.test.zone";
  q.purpose = domain::analysis_purpose::security_event;
  q.events = {"forbidden_zone"};
  q.purposes = {"public_buildings_protection"};
  q.camera = camera_id{"cam-0001"};
  q.commune = commune_id{"95018"};
  q.controller = domain::controller_kind::municipal_police;
  q.camera_purposes = {domain::purpose::public_buildings_protection};
  q.at = at;
  return q;
}

}  // namespace vigie::test
