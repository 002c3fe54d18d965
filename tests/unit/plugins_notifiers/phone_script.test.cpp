// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "common_notifier/french.hpp"
#include "phone_script/script.hpp"
#include "sample.hpp"

using namespace vigie;
using vigie::test::sample;

namespace {
const phone_script::caller from{"Centre de supervision de démonstration", {}};
const phone_script::callee corg{"CORG du Val-d'Oise", "01 00 00 00 00", "01 00 00 00 01"};
}  // namespace

TEST_CASE("phone script: the whole script, to the letter") {
  CHECK(phone_script::write_script(from, corg, sample()) ==
        R"(APPELER : CORG du Val-d'Oise
NUMÉRO : 01 00 00 00 00
SANS RÉPONSE : 01 00 00 00 01
EN DERNIER RECOURS : 17 (police, gendarmerie), 18 (pompiers), 112

DIRE :
« Centre de supervision de démonstration, bonjour. Je vous signale un fait constaté à l'image.
Nature : Intrusion.
Lieu : Collège Hugo, Argenteuil, commune 95018.
Constaté : samedi 21 novembre 2026 à 18 h 14.
En bref : Intrusion au collège Hugo.
Détail : Deux individus franchissent la clôture.
Référence chez nous : INC-2026-0042.
Pouvez-vous me confirmer la prise en compte ? »

CONSIGNE : Accès par la rue des Lilas.
NOTER : heure de l'appel, service et fonction de l'interlocuteur, suite donnée, numéro d'intervention.
)");
}

TEST_CASE("phone script: an exercise begins, speaks and ends as one") {
  auto n = sample();
  n.status = VIGIE_NOTIFY_EXERCISE;
  const std::string script = phone_script::write_script(from, corg, n);
  CHECK(script.starts_with("*** EXERCICE : CECI N'EST PAS UNE ALERTE RÉELLE ***\n"));
  CHECK(script.find("« EXERCICE, EXERCICE, EXERCICE. ") != std::string::npos);
  CHECK(script.find("Je répète : EXERCICE. ") != std::string::npos);
  CHECK(script.ends_with("*** EXERCICE ***\n"));
}

TEST_CASE("phone script: the emergency numbers are always there") {
  auto n = sample();
  n.headline.clear();
  n.description.clear();
  const std::string script = phone_script::write_script(from, {"X", "17", ""}, n);
  for (const char* number : {"17 (", "18 (", "112"})
    CHECK(script.find(number) != std::string::npos);
  CHECK(script.find("En bref") == std::string::npos);
  CHECK(script.find("SANS RÉPONSE") == std::string::npos);
}

TEST_CASE("phone script: what is a telephone number") {
  for (const char* good : {"17", "112", "01 23 45 67 89", "+33 1 23 45 67 89", "01.23.45.67.89"})
    CHECK(phone_script::is_number(good));
  for (const char* wrong : {"", "1", "tel:17", "0123456789012345", "33+1 23", "17\n18", "abc"})
    CHECK_FALSE(phone_script::is_number(wrong));
}

TEST_CASE("french: dates as they are said") {
  CHECK(notifier::date_in_french(notifier::civil_in({}, 1'793'491'200'000'000)) ==
        "dimanche 1er novembre 2026 à 1 h 00");
}

TEST_CASE("french: an unknown event keeps its name, ours are technical") {
  CHECK(notifier::event_in_french("fire") == "Incendie");
  CHECK(notifier::event_in_french("zeppelin") == "zeppelin");
  CHECK(notifier::is_technical("camera_down"));
  CHECK_FALSE(notifier::is_technical("intrusion"));
}
