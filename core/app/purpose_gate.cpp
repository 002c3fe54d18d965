// SPDX-License-Identifier: Apache-2.0
#include "app/purpose_gate.hpp"

#include <utility>

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

purpose_gate::purpose_gate(const camera_places& places, domain::gate_rules rules)
    : places_{places}, rules_{std::move(rules)} {}

void purpose_gate::learn(const plugin_host::manifest& declared) {
  if (declared.kind != plugin_host::plugin_kind::analytics || !declared.analysis) return;
  domain::analysis_question question;
  question.plugin = declared.id;
  question.purpose = purpose_of(*declared.analysis);
  for (const auto event : declared.events)
    question.events.emplace_back(plugin_host::name_of_event(event));
  question.purposes = declared.purposes;
  std::lock_guard lock{mutex_};
  declared_[declared.id] = std::move(question);
}

void purpose_gate::enable(std::vector<domain::analysis_enabling> decided) {
  std::lock_guard lock{mutex_};
  rules_.enablings = std::move(decided);
}

result<domain::gate_answer> purpose_gate::ask(const std::string& plugin, const camera_id& camera,
                                              utc_us at) const {
  const auto* const place = places_.find(camera);
  if (place == nullptr) return fail(errc::not_found, "no camera " + camera.str());
  std::lock_guard lock{mutex_};
  const auto known = declared_.find(plugin);
  if (known == declared_.end()) return fail(errc::not_found, "no analysis " + plugin);
  auto question = known->second;
  question.camera = camera;
  question.commune = place->commune->id;
  question.controller = place->camera->controller;
  question.camera_purposes = place->camera->purposes;
  question.at = at;
  return domain::ask_gate(question, rules_);
}

std::set<camera_id> purpose_gate::enabled_cameras(const std::string& plugin) const {
  std::lock_guard lock{mutex_};
  std::set<camera_id> out;
  for (const auto& one : rules_.enablings)
    if (one.plugin == plugin) out.insert(one.camera);
  return out;
}

std::uint32_t purpose_gate::aggregation_threshold() const {
  std::lock_guard lock{mutex_};
  return rules_.aggregation_threshold;
}

}  // namespace vigie::app
