// SPDX-License-Identifier: Apache-2.0
#include "domain/incident_refusal.hpp"

#include <string>

namespace vigie::domain {

refusal_words words_of(refusal_kind kind) noexcept {
  switch (kind) {
    case refusal_kind::not_a_person:
      return {"LEG-52", "only a person decides; a program may signal, no more",
              "seule une personne décide ; un programme peut signaler, rien de plus"};
    case refusal_kind::not_the_centre:
      return {"M9", "only the centre's own outbox and store report deliveries and durability",
              "seuls la file d'envoi et le stockage du centre constatent remise et conservation"};
    case refusal_kind::unknown_person:
      return {"LEG-02", "the centre knows nobody of that name",
              "le centre ne connaît personne de ce nom"};
    case refusal_kind::forged_author:
      return {"LEG-33", "the act is signed with another name than the one signed in",
              "l'acte est signé d'un autre nom que celui de la session"};
    case refusal_kind::role_not_allowed:
      return {"LEG-02", "only operators and room chiefs handle incidents",
              "seuls les opérateurs et les chefs de salle traitent les incidents"};
    case refusal_kind::off_duty:
      return {"M6", "only a person on duty handles incidents",
              "seule une personne en service traite les incidents"};
    case refusal_kind::approval_missing:
      return {"LEG-02", "the person has no viewing approval of the préfet",
              "la personne n'a pas d'agrément du préfet"};
    case refusal_kind::approval_suspended:
      return {"LEG-02", "the person's viewing approval is suspended",
              "l'agrément de la personne est suspendu"};
    case refusal_kind::approval_expired:
      return {"LEG-02", "the person's viewing approval is not in force",
              "l'agrément de la personne n'est pas en vigueur"};
    case refusal_kind::approval_elsewhere:
      return {"LEG-02", "the person's viewing approval is for another department",
              "l'agrément de la personne vaut pour un autre département"};
    case refusal_kind::other_commune:
      return {"LEG-03", "the incident is under another commune's authority",
              "l'incident relève de l'autorité d'une autre commune"};
    case refusal_kind::other_incident:
      return {"M5", "the input is for another incident", "la demande vise un autre incident"};
    case refusal_kind::replayed:
      return {"M5", "the incident has moved on, or the message is too old; look again",
              "l'incident a évolué, ou le message est trop ancien ; regardez à nouveau"};
    case refusal_kind::already_claimed:
      return {"M5", "somebody else has this incident",
              "une autre personne s'occupe de cet incident"};
    case refusal_kind::not_the_owner:
      return {"M5", "only who has the incident may do this",
              "seule la personne en charge de l'incident peut faire cela"};
    case refusal_kind::wrong_state:
      return {"M5", "the incident is not at the stage for this",
              "l'incident n'est pas au stade qui le permet"};
    case refusal_kind::no_confirmation:
      return {"LEG-52", "nobody is told before the person who approves has confirmed the incident",
              "nul n'est averti avant que la personne qui approuve ait confirmé l'incident"};
    case refusal_kind::recipient_not_open:
      return {"LEG-05", "this recipient is not open for this incident",
              "ce destinataire n'est pas ouvert pour cet incident"};
    case refusal_kind::notification_unknown:
      return {"M9", "no such notification is on its way",
              "aucune notification de ce nom n'est en cours"};
    case refusal_kind::reason_missing:
      return {"LEG-33", "a reason must be given", "un motif est exigé"};
    case refusal_kind::too_long:
      return {"M5", "the text is longer than 2,000 bytes", "le texte dépasse 2 000 octets"};
    case refusal_kind::wrong_origin:
      return {"LEG-52", "this sender cannot speak for that origin",
              "cet émetteur ne peut pas parler au nom de cette origine"};
    case refusal_kind::signal_mismatch:
      return {"M5", "the signal is of another root cause", "le signal relève d'une autre cause"};
    case refusal_kind::unknown_incident:
      return {"M5", "there is no such incident", "cet incident n'existe pas"};
    case refusal_kind::unknown_place:
      return {"LEG-03", "the commune has no such site", "la commune n'a pas ce site"};
    case refusal_kind::not_durable:
      return {"M22", "the centre's disk does not take it; nothing has changed",
              "le disque du centre ne le prend pas ; rien n'a changé"};
  }
  return {"M5", "refused", "refusé"};
}

error to_error(refusal_kind kind) {
  const auto words = words_of(kind);
  auto code = errc::access_denied;
  if (kind == refusal_kind::reason_missing) code = errc::reason_missing;
  if (kind == refusal_kind::too_long) code = errc::bus_malformed;
  if (kind == refusal_kind::other_incident || kind == refusal_kind::notification_unknown ||
      kind == refusal_kind::unknown_incident || kind == refusal_kind::unknown_place)
    code = errc::not_found;
  if (kind == refusal_kind::not_durable) code = errc::db_failed;
  return {code, std::string{words.rule} + ": " + std::string{words.en}};
}

}  // namespace vigie::domain
