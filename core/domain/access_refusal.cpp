// SPDX-License-Identifier: Apache-2.0
#include "domain/access_refusal.hpp"

#include <string>

namespace vigie::domain {

access_words words_of(access_refusal kind) noexcept {
  constexpr std::string_view prefect = "the préfet";
  constexpr std::string_view supervisor = "a supervisor of the centre";
  constexpr std::string_view asker = "the person who asks";
  switch (kind) {
    case access_refusal::unknown_person:
      return {"LEG-02", "the centre knows nobody of that name",
              "le centre ne connaît personne de ce nom", supervisor};
    case access_refusal::person_suspended:
      return {"LEG-02", "the person is suspended", "la personne est suspendue", supervisor};
    case access_refusal::role_may_not:
      return {"LEG-04", "the person's role does not include this",
              "le rôle de la personne ne le permet pas", supervisor};
    case access_refusal::no_live_right:
      return {"LEG-07", "the person has no right to live images",
              "la personne n'a pas droit aux images en direct", supervisor};
    case access_refusal::no_replay_right:
      return {"LEG-07", "the person has no right to recorded images",
              "la personne n'a pas droit aux images enregistrées", supervisor};
    case access_refusal::off_duty:
      return {"M10", "images are for people on duty",
              "les images sont réservées aux personnes en service", asker};
    case access_refusal::approval_missing:
      return {"LEG-02", "the person has no viewing approval of the préfet",
              "la personne n'a pas d'agrément du préfet", prefect};
    case access_refusal::approval_suspended:
      return {"LEG-02", "the person's viewing approval is suspended",
              "l'agrément de la personne est suspendu", prefect};
    case access_refusal::approval_expired:
      return {"LEG-02", "the person's viewing approval is not in force",
              "l'agrément de la personne n'est pas en vigueur", prefect};
    case access_refusal::approval_elsewhere:
      return {"LEG-02", "the person's viewing approval is for another department",
              "l'agrément de la personne vaut pour un autre département", prefect};
    case access_refusal::other_commune:
      return {"LEG-04", "this commune is not one of the person's",
              "cette commune n'est pas de celles de la personne", supervisor};
    case access_refusal::not_designated:
      return {"LEG-08", "the controller of these premises has not designated the person",
              "le responsable de ce lieu n'a pas désigné la personne",
              "the controller of the premises"};
    case access_refusal::owner_sees_nothing:
      return {"LEG-06", "a shop's street camera is watched by the centre alone",
              "la caméra de rue d'un commerce n'est regardée que par le centre", ""};
    case access_refusal::wrong_authority:
      return {"LEG-03", "each camera is viewed under the authority of its own commune alone",
              "chaque caméra est regardée sous la seule autorité de sa commune", asker};
    case access_refusal::purpose_not_authorised:
      return {"LEG-10", "the camera is not authorised for that purpose",
              "la caméra n'est pas autorisée pour cette finalité", asker};
    case access_refusal::outside_window:
      return {"M24", "the commune does not let the centre watch at this hour",
              "la commune ne délègue pas la visualisation à cette heure", "the commune"};
    case access_refusal::alarm_unknown:
      return {"M24", "no open alarm of this commune is known by that name",
              "aucune alarme ouverte de cette commune n'est connue sous ce nom", asker};
    case access_refusal::reason_missing:
      return {"LEG-33", "nothing is done or shown without a reason on record",
              "rien n'est fait ni montré sans motif consigné", asker};
    case access_refusal::same_person:
      return {"M10", "this takes a second person", "une seconde personne est nécessaire",
              "somebody else"};
    case access_refusal::proposal_unknown:
      return {"M10", "there is no such proposal", "cette proposition n'existe pas", ""};
    case access_refusal::proposal_closed:
      return {"M10", "the proposal has expired or was decided already",
              "la proposition a expiré ou a déjà été tranchée", "a new proposal"};
    case access_refusal::session_unknown:
      return {"M10", "there is no such viewing session",
              "cette session de visualisation n'existe pas", ""};
  }
  return {"M10", "refused", "refusé", ""};
}

error to_error(access_refusal kind) {
  const auto words = words_of(kind);
  auto code = errc::access_denied;
  if (kind == access_refusal::reason_missing) code = errc::reason_missing;
  if (kind == access_refusal::proposal_unknown || kind == access_refusal::session_unknown)
    code = errc::not_found;
  return {code, std::string{words.rule} + ": " + std::string{words.en}};
}

std::optional<access_words> access_words_in(std::string_view detail) noexcept {
  for (auto i = static_cast<int>(access_refusal::unknown_person);
       i <= static_cast<int>(access_refusal::session_unknown); ++i) {
    const auto words = words_of(static_cast<access_refusal>(i));
    if (detail.size() == words.rule.size() + 2 + words.en.size() &&
        detail.starts_with(words.rule) && detail.ends_with(words.en))
      return words;
  }
  return std::nullopt;
}

}  // namespace vigie::domain
