// SPDX-License-Identifier: Apache-2.0
#include "phone_script/script.hpp"

#include <fmt/format.h>

#include "common_notifier/french.hpp"

namespace vigie::phone_script {

namespace {

// "phrase." exactly once.
std::string sentence(std::string_view text) {
  const bool is_ended = text.ends_with('.') || text.ends_with('!') || text.ends_with('?');
  return fmt::format("{}{}", text, is_ended ? "" : ".");
}

void add_line(std::string& script, std::string_view label, const std::string& text) {
  if (!text.empty()) script += fmt::format("{} : {}\n", label, sentence(text));
}

std::string place_of(const notifier::notification& n) {
  if (n.commune_insee.empty()) return n.place;
  const std::string commune = fmt::format("commune {}", n.commune_insee);
  return n.place.empty() ? commune : fmt::format("{}, {}", n.place, commune);
}

}  // namespace

bool is_number(std::string_view text) {
  std::size_t digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9')
      ++digits;
    else if (c != ' ' && c != '.' && c != '-' && !(c == '+' && i == 0))
      return false;
  }
  return digits >= 2 && digits <= 15;
}

std::string write_script(const caller& from, const callee& to, const notifier::notification& n) {
  const std::string_view mark = notifier::mark_of(n);
  const std::string repeated = mark.empty() ? "" : fmt::format("{0}, {0}, {0}. ", mark);
  std::string script;
  if (!mark.empty()) script += fmt::format("*** {} : CECI N'EST PAS UNE ALERTE RÉELLE ***\n", mark);
  script += fmt::format("APPELER : {}\nNUMÉRO : {}\n", to.name, to.number);
  if (!to.second.empty()) script += fmt::format("SANS RÉPONSE : {}\n", to.second);
  script += "EN DERNIER RECOURS : 17 (police, gendarmerie), 18 (pompiers), 112\n\nDIRE :\n";
  script += fmt::format("« {}{}, bonjour. Je vous signale un fait constaté à l'image.\n", repeated,
                        from.centre);
  add_line(script, "Nature", notifier::event_in_french(n.event));
  add_line(script, "Lieu", place_of(n));
  add_line(script, "Constaté", date_in_french(notifier::civil_in(from.zone, n.at_utc_us)));
  add_line(script, "En bref", n.headline);
  add_line(script, "Détail", n.description);
  add_line(script, "Référence chez nous", n.incident);
  if (!mark.empty()) script += fmt::format("Je répète : {}. ", mark);
  script += "Pouvez-vous me confirmer la prise en compte ? »\n\n";
  add_line(script, "CONSIGNE", n.instruction);
  script +=
      "NOTER : heure de l'appel, service et fonction de l'interlocuteur, suite donnée, numéro "
      "d'intervention.\n";
  if (!mark.empty()) script += fmt::format("*** {} ***\n", mark);
  return script;
}

}  // namespace vigie::phone_script
