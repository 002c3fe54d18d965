// SPDX-License-Identifier: Apache-2.0
#include "centre_config/val_doise.hpp"

#include <fmt/format.h>

#include <iterator>

#include "camera_farm/farm_options.hpp"
#include "camera_farm/faults.hpp"

namespace vigie::simulators {

namespace {

struct commune {
  const char* insee;
  const char* name;
  const char* slug;
};

// INSEE codes of the official geographic code (COG) of the Val-d'Oise.
constexpr commune communes[] = {
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

struct site_kind {
  const char* slug;
  const char* name;
  const char* kind;
  const char* purposes;
  const char* views[3];
};

constexpr site_kind site_kinds[] = {
    {"college-hugo",
     "Collège Victor-Hugo",
     "school",
     "\"public_buildings_protection\"",
     {"Entrée principale", "Cour", "Parking des professeurs"}},
    {"place-mairie",
     "Place de la Mairie",
     "public_road",
     "\"persons_and_property_safety\", \"public_buildings_protection\"",
     {"Parvis", "Arcades", "Rue du Marché"}},
    {"gare",
     "Parvis de la gare",
     "public_road",
     "\"persons_and_property_safety\", \"transport_flow_regulation\"",
     {"Parvis", "Gare routière", "Parc à vélos"}},
    {"maison-solidarite",
     "Maison de la solidarité",
     "social_service",
     "\"public_buildings_protection\"",
     {"Entrée", "Cour", "Rue"}},
    {"musee",
     "Musée municipal",
     "museum",
     "\"public_buildings_protection\"",
     {"Façade", "Jardin", "Livraisons"}},
    {"avenue-paris",
     "Avenue de Paris",
     "public_road",
     "\"transport_flow_regulation\", \"traffic_offence_recording\"",
     {"Carrefour nord", "Carrefour sud", "Passage piéton"}},
    {"archives",
     "Archives",
     "archive",
     "\"public_buildings_protection\"",
     {"Entrée", "Quai", "Clôture"}},
    {"berges",
     "Berges de la rivière",
     "public_road",
     "\"natural_technological_risk_prevention\", \"rescue_and_fire\"",
     {"Échelle de crue", "Pont", "Chemin de halage"}},
};

// Part `index` of `total` things shared evenly among `parts`: [first, last) from 0.
struct share {
  unsigned first, last;
};
share share_of(unsigned total, unsigned parts, unsigned index) {
  return {static_cast<unsigned>(std::uint64_t{total} * index / parts),
          static_cast<unsigned>(std::uint64_t{total} * (index + 1) / parts)};
}

std::string head_of(const centre_options& o) {
  const std::string password = o.password_file.empty()
                                   ? fmt::format("password_env = \"{}\"", o.password_env)
                                   : fmt::format("password_file = \"{}\"", o.password_file);
  return fmt::format(
      "# A centre of the Val-d'Oise that watches {cameras} simulated cameras in {communes} "
      "communes.\n"
      "# Written by: vigie-sim config --cameras {cameras} --communes {communes} --sites {sites} "
      "--port {port}\n"
      "# Check it with: vigie check FILE\n"
      "\n"
      "[centre]\n"
      "id = \"demo\"\n"
      "name = \"Centre de démonstration du Val-d'Oise\"\n"
      "department = \"95\"\n"
      "data_dir = \"{data_dir}\"  # relative to this file\n"
      "\n"
      "[node]\n"
      "id = \"node-1\"\n"
      "shards = {shards}  # ingest threads; 0: one per core\n"
      "\n"
      "# Without url, Vigie runs its own nats-server on loopback.\n"
      "[bus]\n"
      "port = {bus}\n"
      "websocket_port = {websocket}  # where dashboards connect\n"
      "\n"
      "[gateway]\n"
      "listen = \"127.0.0.1\"\n"
      "port = {gateway}\n"
      "\n"
      "[recording]\n"
      "segment_seconds = 60\n"
      "\n"
      "[picture]  # black and frozen pictures are found on key frames\n"
      "enabled = true\n"
      "interval_ms = 2000\n"
      "\n"
      "# Inherited by communes, sites and cameras; each may say otherwise.\n"
      "[defaults]\n"
      "retention_days = 15  # authorised days, at most one month (LEG-30)\n"
      "regime = \"public_road\"\n"
      "purposes = [\"persons_and_property_safety\"]  # a camera without a purpose is refused "
      "(LEG-10)\n"
      "username = \"vigie\"\n"
      "{password}  # the password never stands in this file\n",
      fmt::arg("cameras", o.cameras), fmt::arg("communes", o.communes), fmt::arg("sites", o.sites),
      fmt::arg("port", o.camera_port), fmt::arg("data_dir", o.data_dir),
      fmt::arg("shards", o.shards), fmt::arg("bus", o.bus_port),
      fmt::arg("websocket", o.websocket_port), fmt::arg("gateway", o.gateway_port),
      fmt::arg("password", password));
}

}  // namespace

unsigned known_communes() { return static_cast<unsigned>(std::size(communes)); }

camera_range cameras_of_site(const centre_options& options, unsigned site) {
  const share cameras = share_of(options.cameras, options.sites, site);
  return {cameras.first + 1, cameras.last};
}

result<std::string> make_centre_config(const centre_options& o) {
  if (o.communes < 1 || o.communes > known_communes())
    return fail(errc::config_invalid, fmt::format("--communes must be 1 to {}", known_communes()));
  if (o.sites < o.communes || o.cameras < o.sites)
    return fail(
        errc::config_invalid,
        "each commune needs a site and each site a camera: --communes ≤ --sites ≤ --cameras");
  std::string text = head_of(o);
  for (unsigned c = 0; c < o.communes; ++c) {
    const commune& town = communes[c];
    text += fmt::format("\n[[commune]]\ninsee = \"{}\"\nname = \"{}\"\n", town.insee, town.name);
    const share sites = share_of(o.sites, o.communes, c);
    for (unsigned s = sites.first; s < sites.last; ++s) {
      const unsigned nth = s - sites.first;
      const unsigned round = nth / static_cast<unsigned>(std::size(site_kinds));
      const site_kind& kind = site_kinds[(nth + c * 3) % std::size(site_kinds)];
      const std::string number = round == 0 ? "" : fmt::format("-{}", round + 1);
      text += fmt::format(
          "\n  [[commune.site]]\n  id = \"{}-{}{}\"\n  name = \"{}{}\"\n  kind = \"{}\"\n",
          town.slug, kind.slug, number, kind.name, round == 0 ? "" : fmt::format(" {}", round + 1),
          kind.kind);
      const camera_range cameras = cameras_of_site(o, s);
      for (unsigned i = cameras.first; i <= cameras.last; ++i) {
        const unsigned view = i - cameras.first;
        text += fmt::format(
            "    [[commune.site.camera]]\n    id = \"{}\"\n    name = \"{}{}\"\n"
            "    url = \"rtsp://{}:{}/stream\"\n    purposes = [{}]\n",
            camera_id_of(i), kind.views[view % std::size(kind.views)],
            view < std::size(kind.views) ? ""
                                         : fmt::format(" {}", view / std::size(kind.views) + 1),
            camera_address(i), o.camera_port, kind.purposes);
      }
    }
  }
  return text;
}

}  // namespace vigie::simulators
