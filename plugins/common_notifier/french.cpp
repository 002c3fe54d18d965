// SPDX-License-Identifier: Apache-2.0
#include "common_notifier/french.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace vigie::notifier {

namespace {

using namespace std::string_view_literals;

constexpr std::array event_names{
    std::pair{"intrusion"sv, "Intrusion"sv},
    std::pair{"assault"sv, "Agression"sv},
    std::pair{"theft"sv, "Vol"sv},
    std::pair{"burglary"sv, "Cambriolage"sv},
    std::pair{"vandalism"sv, "Dégradation"sv},
    std::pair{"brawl"sv, "Rixe"sv},
    std::pair{"crowd"sv, "Attroupement"sv},
    std::pair{"weapon"sv, "Présence d'une arme"sv},
    std::pair{"panic_button"sv, "Bouton d'alerte actionné"sv},
    std::pair{"abandoned_object"sv, "Objet abandonné"sv},
    std::pair{"fire"sv, "Incendie"sv},
    std::pair{"fall"sv, "Personne à terre"sv},
    std::pair{"person_down"sv, "Personne à terre"sv},
    std::pair{"rescue"sv, "Secours à personne"sv},
    std::pair{"dumping"sv, "Dépôt sauvage"sv},
    std::pair{"flood"sv, "Inondation"sv},
    std::pair{"traffic"sv, "Circulation"sv},
    std::pair{"road_accident"sv, "Accident de la circulation"sv},
};

constexpr std::array day_names{"dimanche", "lundi",    "mardi", "mercredi",
                               "jeudi",    "vendredi", "samedi"};
constexpr std::array month_names{"janvier",   "février", "mars",     "avril",
                                 "mai",       "juin",    "juillet",  "août",
                                 "septembre", "octobre", "novembre", "décembre"};

}  // namespace

std::string event_in_french(std::string_view event) {
  for (const auto& [name, french] : event_names)
    if (name == event) return std::string{french};
  return std::string{event};
}

bool is_technical(std::string_view event) {
  return event.starts_with("camera_") || event.starts_with("picture_") ||
         event.starts_with("site_outage") || event.starts_with("plugin_");
}

std::string date_in_french(const civil_time& t) {
  return fmt::format("{} {}{} {} {} à {} h {:02}", day_names[t.weekday], t.day,
                     t.day == 1 ? "er" : "", month_names[t.month - 1], t.year, t.hour, t.minute);
}

std::string_view mark_of(const notification& n) {
  if (n.status == VIGIE_NOTIFY_EXERCISE) return "EXERCICE";
  if (n.status == VIGIE_NOTIFY_TEST) return "ESSAI";
  return {};
}

}  // namespace vigie::notifier
