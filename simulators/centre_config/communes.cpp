// SPDX-License-Identifier: Apache-2.0
#include "centre_config/communes.hpp"

#include <fmt/format.h>

#include <span>

namespace vigie::simulators {

namespace {

struct real_commune {
  const char* insee;
  const char* name;
  const char* slug;
};

// INSEE codes of the official geographic code (COG).
constexpr real_commune of_val_doise[] = {
    {"95018", "Argenteuil", "argenteuil"},
    {"95127", "Cergy", "cergy"},
    {"95500", "Pontoise", "pontoise"},
    {"95585", "Sarcelles", "sarcelles"},
    {"95268", "Garges-lès-Gonesse", "garges"},
    {"95252", "Franconville", "franconville"},
    {"95280", "Goussainville", "goussainville"},
    {"95063", "Bezons", "bezons"},
    {"95219", "Ermont", "ermont"},
    {"95582", "Sannois", "sannois"},
    {"95607", "Taverny", "taverny"},
    {"95277", "Gonesse", "gonesse"},
    {"95680", "Villiers-le-Bel", "villiers-le-bel"},
    {"95306", "Herblay-sur-Seine", "herblay"},
    {"95176", "Cormeilles-en-Parisis", "cormeilles"},
    {"95203", "Eaubonne", "eaubonne"},
    {"95572", "Saint-Ouen-l'Aumône", "saint-ouen-l-aumone"},
    {"95428", "Montmorency", "montmorency"},
    {"95210", "Enghien-les-Bains", "enghien"},
    {"95313", "L'Isle-Adam", "l-isle-adam"},
};

constexpr real_commune of_oise[] = {
    {"60057", "Beauvais", "beauvais"},
    {"60159", "Compiègne", "compiegne"},
    {"60175", "Creil", "creil"},
    {"60463", "Nogent-sur-Oise", "nogent"},
    {"60612", "Senlis", "senlis"},
    {"60176", "Crépy-en-Valois", "crepy"},
    {"60395", "Méru", "meru"},
    {"60471", "Noyon", "noyon"},
    {"60509", "Pont-Sainte-Maxence", "pont-sainte-maxence"},
    {"60414", "Montataire", "montataire"},
    {"60141", "Chantilly", "chantilly"},
    {"60157", "Clermont", "clermont"},
    {"60282", "Gouvieux", "gouvieux"},
    {"60346", "Lamorlaye", "lamorlaye"},
    {"60139", "Chambly", "chambly"},
    {"60360", "Liancourt", "liancourt"},
};

constexpr real_commune of_bas_rhin[] = {
    {"67482", "Strasbourg", "strasbourg"},
    {"67447", "Schiltigheim", "schiltigheim"},
    {"67218", "Illkirch-Graffenstaden", "illkirch"},
    {"67267", "Lingolsheim", "lingolsheim"},
    {"67043", "Bischheim", "bischheim"},
    {"67365", "Ostwald", "ostwald"},
    {"67204", "Hœnheim", "hoenheim"},
    {"67152", "Geispolsheim", "geispolsheim"},
    {"67471", "Souffelweyersheim", "souffelweyersheim"},
    {"67118", "Eckbolsheim", "eckbolsheim"},
    {"67519", "La Wantzenau", "la-wantzenau"},
    {"67506", "Vendenheim", "vendenheim"},
    {"67137", "Fegersheim", "fegersheim"},
    {"67389", "Reichstett", "reichstett"},
    {"67131", "Eschau", "eschau"},
    {"67309", "Mundolsheim", "mundolsheim"},
    {"67378", "Plobsheim", "plobsheim"},
    {"67551", "Wolfisheim", "wolfisheim"},
    {"67343", "Oberhausbergen", "oberhausbergen"},
    {"67212", "Holtzheim", "holtzheim"},
    {"67256", "Lampertheim", "lampertheim"},
    {"67268", "Lipsheim", "lipsheim"},
    {"67124", "Entzheim", "entzheim"},
    {"67001", "Achenheim", "achenheim"},
    {"67296", "Mittelhausbergen", "mittelhausbergen"},
    {"67326", "Niederhausbergen", "niederhausbergen"},
    {"67119", "Eckwersheim", "eckwersheim"},
};

std::span<const real_commune> real_ones(department d) {
  switch (d) {
    case department::val_doise:
      return of_val_doise;
    case department::oise:
      return of_oise;
    case department::bas_rhin:
      return of_bas_rhin;
  }
  return {};
}

}  // namespace

department_words words_of(department d) {
  switch (d) {
    case department::val_doise:
      break;
    case department::oise:
      return {"60", "of the Oise", "oise", "Centre de démonstration de l'Oise"};
    case department::bas_rhin:
      return {"67", "of Strasbourg", "strasbourg", "Centre de démonstration de Strasbourg"};
  }
  return {"95", "of the Val-d'Oise", "demo", "Centre de démonstration du Val-d'Oise"};
}

commune_words commune_of(department d, unsigned index) {
  const auto known = real_ones(d);
  if (index < known.size()) return {known[index].insee, known[index].name, known[index].slug};
  // The official code of these departments ends below 750.
  const auto number = index - static_cast<unsigned>(known.size()) + 1;
  return {fmt::format("{}{:03}", words_of(d).code, 750 + number),
          fmt::format("Commune imaginaire {}", number), fmt::format("commune-{:03}", number)};
}

unsigned most_communes(department d) {
  const auto known = static_cast<unsigned>(real_ones(d).size());
  return d == department::oise ? known + 200 : known;
}

}  // namespace vigie::simulators
