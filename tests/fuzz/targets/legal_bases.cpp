// SPDX-License-Identifier: Apache-2.0
#include "config/legal_bases.hpp"
#include "domain/analysis_gate.hpp"
#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Any text as legal bases, and any text as what two persons decided: it is taken or told why not,
/// and whatever is taken opens nothing that it does not name.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const auto text = text_of(own);
  const auto read = config::read_legal_bases(text, "bases");
  require(read.bases.has_value() == read.findings.empty(), "taken, or told why not");
  for (const auto& finding : read.findings)
    require(!finding.message.empty() && !finding.remedy.empty(), "a finding says what to do");

  domain::proposal decided;
  decided.subject = std::string{text.substr(0, text.find('\n'))};
  decided.author = "alba";
  decided.decided_by = "bruno";
  decided.state = domain::proposal_state::confirmed;
  const auto enabled = domain::enablings_of({&decided, 1});
  require(enabled.size() <= 1, "one decision enables one camera");
  for (const auto& one : enabled)
    require(!one.plugin.empty() && is_id_text(one.camera.str()) &&
                decided.subject.find(one.camera.str()) != std::string::npos,
            "a decision names plugin and camera");
  if (!read.bases) return;

  domain::gate_rules rules;
  rules.bases = *read.bases;
  domain::analysis_question q;
  q.plugin = "org.test.fire";
  q.events = {"fire"};
  q.purposes = {"rescue_and_fire"};
  q.camera = camera_id{"cam-0001"};
  q.commune = commune_id{"95018"};
  q.controller = domain::controller_kind::fire_service;
  q.camera_purposes = {domain::purpose::rescue_and_fire};
  q.at = 1'780'000'000'000'000;
  require(!domain::ask_gate(q, rules).is_open, "nothing opens without two persons");
  rules.enablings = {{q.plugin, q.camera, "alba", "bruno", 0, domain::end_of_time}};
  const auto answer = domain::ask_gate(q, rules);
  require(answer.is_open == (answer.refusal() == nullptr), "shut, and told why, or open");
  for (const auto& c : answer.conditions)
    require(!c.rule.empty() && !c.en.empty() && !c.fr.empty() && c.holds == c.who_en.empty(),
            "a condition names its rule and who can change it");
  if (!answer.is_open) return;
  bool is_named = false;
  for (const auto& basis : rules.bases)
    is_named |= basis.id == answer.basis && basis.is_enabled && q.at >= basis.valid_from &&
                q.at < basis.valid_until && !basis.order.empty() && !basis.law.empty() &&
                text.find("fire_service") != text.npos;
  require(is_named, "what opens is enabled, in force, and ordered by somebody");
  require(answer.open_until > q.at, "what is open ends later");
}

std::vector<std::string> seeds() {
  return {R"([[basis]]
id = "TEST-1"
law = "a law"
order = "an order"
enabled = true
valid_from = 2026-03-01
valid_until = 2030-03-31
events = ["fire", "density"]
controllers = ["fire_service"]
place = "the yard"
cameras = ["cam-0001"]
)",
          R"(# org.test.fire cam-0001 until 2030-12-31
[[basis]]
id = "TEST-2"
enabled = false
valid_from = 2026-03-01T00:00:00Z
valid_until = 2026-03-02T00:00:00.5+01:00
communes = ["95018", "2A004"]
)",
          "org.test.fire cam-0001 until 2030-12-31",
          "org.test.fire cam-0001 until 2030-12-31T00:00:00Z"};
}

const registration self{
    {"legal_bases",
     run,
     seeds,
     {"[[basis]]\n", "id = ", "enabled = true\n", "valid_from = ", "valid_until = ", "events = [",
      "controllers = [", "communes = [", "cameras = [", "\"fire\"", "\"fire_service\"", " until ",
      "9999-12-31", "0000-01-01", "+25:00"}}};

}  // namespace
