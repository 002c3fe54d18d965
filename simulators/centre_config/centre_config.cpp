// SPDX-License-Identifier: Apache-2.0
#include "centre_config/centre_config.hpp"

#include <fmt/format.h>

#include <iterator>

#include "camera_farm/farm_options.hpp"
#include "camera_farm/faults.hpp"

namespace vigie::simulators {

namespace {

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

std::string head_of(const centre_options& o) {
  const std::string password = o.password_file.empty()
                                   ? fmt::format("password_env = \"{}\"", o.password_env)
                                   : fmt::format("password_file = \"{}\"", o.password_file);
  const department_words words = words_of(o.where);
  return fmt::format(
      "# A centre {of_the} that watches {cameras} simulated cameras in {communes} "
      "communes.\n"
      "# Written by: vigie-sim config --cameras {cameras} --communes {communes} --sites {sites} "
      "--port {port}\n"
      "# Check it with: vigie check FILE\n"
      "\n"
      "[centre]\n"
      "id = \"{id}\"\n"
      "name = \"{name}\"\n"
      "department = \"{code}\"\n"
      "data_dir = \"{data_dir}\"  # relative to this file\n"
      "\n"
      "[node]\n"
      "id = \"node-1\"\n"
      "shards = {shards}  # ingest threads; 0: one per core\n"
      "sweep_ms = 250  # how often healthy cameras that nobody watches are read; 0: at every "
      "packet\n"
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
      fmt::arg("of_the", words.of_the), fmt::arg("id", words.centre_id),
      fmt::arg("name", words.centre_name), fmt::arg("code", words.code),
      fmt::arg("cameras", o.cameras), fmt::arg("communes", o.communes), fmt::arg("sites", o.sites),
      fmt::arg("port", o.camera_port), fmt::arg("data_dir", o.data_dir),
      fmt::arg("shards", o.shards), fmt::arg("bus", o.bus_port),
      fmt::arg("websocket", o.websocket_port), fmt::arg("gateway", o.gateway_port),
      fmt::arg("password", password));
}

}  // namespace

namespace {

const site_kind& kind_of_site(unsigned commune, unsigned nth) {
  return site_kinds[(nth + commune * 3) % std::size(site_kinds)];
}

// The second school of a town is number 2.
unsigned round_of_site(unsigned nth) {
  return nth / static_cast<unsigned>(std::size(site_kinds)) + 1;
}

std::string site_id_of(const commune_words& town, unsigned commune, unsigned nth) {
  const unsigned round = round_of_site(nth);
  return fmt::format("{}-{}{}", town.slug, kind_of_site(commune, nth).slug,
                     round == 1 ? "" : fmt::format("-{}", round));
}

}  // namespace

fleet fleet_of(const centre_options& o) { return {o.cameras, o.communes, o.sites}; }

result<centre_options> sizes_of(std::string_view profile) {
  centre_options o;
  const auto sized = [&](department where, unsigned cameras, unsigned communes, unsigned sites) {
    o.where = where;
    o.cameras = cameras;
    o.communes = communes;
    o.sites = sites;
    return o;
  };
  if (profile == "val-d-oise") return sized(department::val_doise, 2'000, 20, 700);
  if (profile == "oise") return sized(department::oise, 3'000, 151, 1'000);
  if (profile == "strasbourg") return sized(department::bas_rhin, 766, 27, 260);
  return fail(errc::config_invalid,
              fmt::format("--profile must be val-d-oise, oise or strasbourg, not {}", profile));
}

site_place site_place_of(const centre_options& o, unsigned index) {
  const fleet all = fleet_of(o);
  unsigned commune = 0;
  while (sites_of_commune(all, commune + 1).last < index) ++commune;
  const unsigned nth = index - sites_of_commune(all, commune + 1).first;
  const commune_words town = commune_of(o.where, commune);
  return {commune, town.insee, site_id_of(town, commune, nth), cameras_of_site(all, index),
          std::string_view{kind_of_site(commune, nth).kind} != "public_road"};
}

result<std::string> make_centre_config(const centre_options& o) {
  const unsigned most = most_communes(o.where);
  if (o.communes < 1 || o.communes > most)
    return fail(errc::config_invalid, fmt::format("--communes must be 1 to {}", most));
  if (o.sites < o.communes || o.cameras < o.sites)
    return fail(
        errc::config_invalid,
        "each commune needs a site and each site a camera: --communes ≤ --sites ≤ --cameras");
  const fleet all = fleet_of(o);
  std::string text = head_of(o);
  for (unsigned c = 0; c < o.communes; ++c) {
    const commune_words town = commune_of(o.where, c);
    text += fmt::format("\n[[commune]]\ninsee = \"{}\"\nname = \"{}\"\n", town.insee, town.name);
    const index_range sites = sites_of_commune(all, c + 1);
    for (unsigned s = sites.first; s <= sites.last; ++s) {
      const unsigned nth = s - sites.first;
      const unsigned round = round_of_site(nth);
      const site_kind& kind = kind_of_site(c, nth);
      text +=
          fmt::format("\n  [[commune.site]]\n  id = \"{}\"\n  name = \"{}{}\"\n  kind = \"{}\"\n",
                      site_id_of(town, c, nth), kind.name,
                      round == 1 ? "" : fmt::format(" {}", round), kind.kind);
      const index_range cameras = cameras_of_site(all, s);
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
