// SPDX-License-Identifier: Apache-2.0
#include "domain/analysis_gate.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/time_text.hpp"

namespace vigie::domain {
namespace {

struct who {
  std::string_view en, fr;
};
constexpr who plugin_author{"the plugin's author, in its manifest",
                            "l'auteur du greffon, dans son manifeste"};
constexpr who camera_owner{
    "the commune's authority: the purposes of the camera's authorisation",
    "l'autorité de la commune : les finalités de l'autorisation de la caméra"};
constexpr who signer{
    "who signs the legal bases: sign the reviewed file with `vigie legal sign`",
    "qui signe les bases légales : signer le fichier relu avec `vigie legal sign`"};
constexpr who legislator{
    "nobody in this centre: a law or the préfet's order must permit it first",
    "personne dans ce centre : une loi ou l'arrêté du préfet doit d'abord le permettre"};
constexpr who two_of_us{"an administrator and the privacy officer of the centre, together",
                        "un administrateur et le délégué à la protection des données, ensemble"};
constexpr who centre_admin{
    "the centre's administrator, on the privacy officer's advice: [analytics] "
    "aggregation_threshold",
    "l'administrateur du centre, sur avis du délégué à la protection des données : [analytics] "
    "aggregation_threshold"};

/// Collects what was looked at.
class examination {
 public:
  bool add(std::string name, std::string basis, bool holds, std::string rule, std::string en,
           std::string fr, const who& by) {
    gate_condition one{std::move(name), std::move(basis), holds,         std::move(rule),
                       std::move(en),   std::move(fr),    std::string{}, std::string{}};
    if (!holds) {
      one.who_en = by.en;
      one.who_fr = by.fr;
    }
    seen_.push_back(std::move(one));
    return holds;
  }
  std::vector<gate_condition> take() { return std::move(seen_); }

 private:
  std::vector<gate_condition> seen_;
};

std::string list_of(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

template <class Value>
std::vector<std::string> names_of(const std::vector<Value>& values) {
  std::vector<std::string> out;
  for (const auto value : values) out.emplace_back(name_of(value));
  return out;
}

/// Of `words`, those that are not among `known`.
std::vector<std::string> missing(const std::vector<std::string>& words,
                                 const std::vector<std::string>& known) {
  std::vector<std::string> out;
  for (const auto& word : words)
    if (std::find(known.begin(), known.end(), word) == known.end()) out.push_back(word);
  return out;
}

/// LEG-51: eight events and no other; a plugin that declares none could signal nothing.
bool examine_events(const analysis_question& q, examination& seen) {
  std::vector<std::string> eight;
  for (const auto name : authorised_event_names()) eight.emplace_back(name);
  const auto strange = missing(q.events, eight);
  if (q.events.empty())
    return seen.add("event_types", {}, false, "LEG-51", "the plugin declares no event",
                    "le greffon ne déclare aucun événement", plugin_author);
  if (!strange.empty())
    return seen.add(
        "event_types", {}, false, "LEG-51",
        fmt::format("{} is not among the eight events a law ever allowed", list_of(strange)),
        fmt::format("{} ne figure pas parmi les huit événements qu'une loi ait permis",
                    list_of(strange)),
        plugin_author);
  return seen.add("event_types", {}, true, "LEG-51",
                  fmt::format("{}: among the eight events of the decree", list_of(q.events)),
                  fmt::format("{} : parmi les huit événements du décret", list_of(q.events)),
                  plugin_author);
}

bool examine_purposes(const analysis_question& q, examination& seen) {
  const auto here = names_of(q.camera_purposes);
  const auto strange = missing(q.purposes, here);
  if (q.purposes.empty())
    return seen.add("purposes", {}, false, "LEG-10", "the plugin declares no purpose",
                    "le greffon ne déclare aucune finalité", plugin_author);
  if (!strange.empty())
    return seen.add("purposes", {}, false, "LEG-10",
                    fmt::format("the camera is not authorised for {}", list_of(strange)),
                    fmt::format("la caméra n'est pas autorisée pour {}", list_of(strange)),
                    camera_owner);
  return seen.add("purposes", {}, true, "LEG-10",
                  fmt::format("{}: among the camera's purposes", list_of(q.purposes)),
                  fmt::format("{} : parmi les finalités de la caméra", list_of(q.purposes)),
                  camera_owner);
}

bool examine_period(const legal_basis& b, utc_us at, examination& seen) {
  if (at < b.valid_from)
    return seen.add("period", b.id, false, "LEG-53",
                    fmt::format("{} begins {}", b.id, to_rfc3339(b.valid_from)),
                    fmt::format("{} commence le {}", b.id, to_rfc3339(b.valid_from)), legislator);
  if (at >= b.valid_until)
    return seen.add("period", b.id, false, "LEG-53",
                    fmt::format("{} ended {}", b.id, to_rfc3339(b.valid_until)),
                    fmt::format("{} a pris fin le {}", b.id, to_rfc3339(b.valid_until)),
                    legislator);
  return seen.add("period", b.id, true, "LEG-53",
                  fmt::format("{} is in force until {}", b.id, to_rfc3339(b.valid_until)),
                  fmt::format("{} est en vigueur jusqu'au {}", b.id, to_rfc3339(b.valid_until)),
                  legislator);
}

/// Looks at every condition of one basis, so that an explanation shows all that is missing.
bool examine_basis(const analysis_question& q, const legal_basis& b, examination& seen) {
  bool matches =
      seen.add("enabled", b.id, b.is_enabled, "LEG-53",
               fmt::format("{} is {}", b.id, b.is_enabled ? "enabled" : "disabled"),
               fmt::format("{} est {}", b.id, b.is_enabled ? "activée" : "désactivée"), signer);
  matches &= examine_period(b, q.at, seen);
  const auto outside = missing(q.events, names_of(b.events));
  matches &=
      seen.add("event", b.id, outside.empty() && !q.events.empty(), "LEG-51",
               outside.empty() ? fmt::format("{} permits {}", b.id, list_of(q.events))
                               : fmt::format("{} does not permit {}", b.id, list_of(outside)),
               outside.empty() ? fmt::format("{} permet {}", b.id, list_of(q.events))
                               : fmt::format("{} ne permet pas {}", b.id, list_of(outside)),
               legislator);
  const bool is_listed =
      std::find(b.controllers.begin(), b.controllers.end(), q.controller) != b.controllers.end();
  matches &= seen.add("controller", b.id, is_listed, "LEG-51",
                      fmt::format("{} {} the controller {}", b.id,
                                  is_listed ? "lists" : "does not list", name_of(q.controller)),
                      fmt::format("{} {} le responsable {}", b.id,
                                  is_listed ? "vise" : "ne vise pas", name_of(q.controller)),
                      legislator);
  const bool is_here = covers(b, q.commune, q.camera);
  matches &= seen.add("place", b.id, is_here, "LEG-51",
                      is_here ? fmt::format("{} applies here: {}", b.id, b.place)
                              : fmt::format("{} names neither camera {} nor commune {}", b.id,
                                            q.camera.str(), q.commune.str()),
                      is_here ? fmt::format("{} s'applique ici : {}", b.id, b.place)
                              : fmt::format("{} ne nomme ni la caméra {} ni la commune {}", b.id,
                                            q.camera.str(), q.commune.str()),
                      legislator);
  return matches;
}

/// The one that lasts longest among those that match; null: none does.
const legal_basis* examine_bases(const analysis_question& q, const gate_rules& rules,
                                 examination& seen) {
  const bool is_signed = rules.bases_trouble.empty();
  // Without any file there is nothing to sign.
  if (!is_signed || !rules.bases.empty())
    seen.add("signature", {}, is_signed, "LEG-53",
             is_signed ? "the legal bases are signed by who may"
                       : fmt::format("no legal basis counts: {}", rules.bases_trouble),
             is_signed ? "les bases légales sont signées par qui de droit"
                       : fmt::format("aucune base légale ne compte : {}", rules.bases_trouble),
             signer);
  const legal_basis* best = nullptr;
  if (is_signed)
    for (const auto& basis : rules.bases)
      if (examine_basis(q, basis, seen) &&
          (best == nullptr || best->valid_until < basis.valid_until))
        best = &basis;
  seen.add("legal_basis", {}, best != nullptr, "LEG-50",
           best != nullptr ? fmt::format("{} matches event, controller, place and period", best->id)
                           : "no legal basis in force matches event, controller, place and period",
           best != nullptr
               ? fmt::format("{} couvre événement, responsable, lieu et période", best->id)
               : "aucune base légale en vigueur ne couvre événement, responsable, lieu et période",
           legislator);
  return best;
}

/// The decision that lasts longest; null: there is none in force.
const analysis_enabling* examine_enablings(const analysis_question& q, const gate_rules& rules,
                                           examination& seen) {
  const analysis_enabling* best = nullptr;
  for (const auto& one : rules.enablings) {
    if (one.plugin != q.plugin || one.camera != q.camera) continue;
    const bool are_two = !one.administrator.empty() && !one.privacy_officer.empty() &&
                         one.administrator != one.privacy_officer;
    if (!are_two || q.at < one.from || q.at >= one.until) continue;
    if (best == nullptr || best->until < one.until) best = &one;
  }
  seen.add("two_persons", {}, best != nullptr, "M17",
           best != nullptr
               ? fmt::format("{} and {} enabled it until {}", best->administrator,
                             best->privacy_officer, to_rfc3339(best->until))
               : "no administrator and privacy officer have enabled this plugin on this camera",
           best != nullptr
               ? fmt::format("{} et {} l'ont activé jusqu'au {}", best->administrator,
                             best->privacy_officer, to_rfc3339(best->until))
               : "administrateur et délégué n'ont pas activé ce greffon sur cette caméra",
           two_of_us);
  return best;
}

gate_answer ask_security_gate(const analysis_question& q, const gate_rules& rules) {
  examination seen;
  bool is_open = examine_events(q, seen);
  is_open &= examine_purposes(q, seen);
  const auto* const basis = examine_bases(q, rules, seen);
  const auto* const decision = examine_enablings(q, rules, seen);
  gate_answer answer;
  answer.is_open = is_open && basis != nullptr && decision != nullptr;
  if (basis != nullptr) answer.basis = basis->id;
  if (answer.is_open) answer.open_until = std::min(basis->valid_until, decision->until);
  answer.conditions = seen.take();
  return answer;
}

}  // namespace

std::string_view name_of(analysis_purpose p) noexcept {
  switch (p) {
    case analysis_purpose::technical:
      return "technical";
    case analysis_purpose::statistical:
      return "statistical";
    case analysis_purpose::security_event:
      break;
  }
  return "security_event";
}

const gate_condition* gate_answer::refusal() const noexcept {
  if (is_open) return nullptr;
  for (const auto& condition : conditions)
    if (!condition.holds && condition.basis.empty()) return &condition;
  return nullptr;
}

gate_answer ask_gate(const analysis_question& question, const gate_rules& rules) {
  if (question.purpose == analysis_purpose::security_event)
    return ask_security_gate(question, rules);
  examination seen;
  gate_answer answer;
  if (question.purpose == analysis_purpose::technical) {
    answer.is_open = seen.add(
        "class", {}, true, "LEG-57", "a technical analysis looks at the camera, not at persons",
        "une analyse technique regarde la caméra, pas les personnes", plugin_author);
  } else {
    const auto k = rules.aggregation_threshold;
    answer.is_open =
        seen.add("aggregation_threshold", {}, k > 0, "LEG-57",
                 k > 0 ? fmt::format("counts below {} are suppressed", k)
                       : "statistics need an aggregation threshold, and none is set",
                 k > 0 ? fmt::format("les comptes inférieurs à {} sont supprimés", k)
                       : "les statistiques exigent un seuil d'agrégation ; aucun n'est fixé",
                 centre_admin);
  }
  if (answer.is_open) answer.open_until = end_of_time;
  answer.conditions = seen.take();
  return answer;
}

result<void> to_result(const gate_answer& answer) {
  const auto* const why = answer.refusal();
  if (why == nullptr) return {};
  return fail(errc::access_denied, fmt::format("{}: {}", why->rule, why->en));
}

statistic_verdict judge_statistic(std::string_view event, std::uint32_t count,
                                  std::uint32_t threshold) noexcept {
  if (event != "count_aggregate") return statistic_verdict::single_event;
  // Nought is told by no event either: "nobody" beside "suppressed" would tell small counts apart.
  return threshold > 0 && count >= threshold ? statistic_verdict::published
                                             : statistic_verdict::suppressed;
}

}  // namespace vigie::domain
