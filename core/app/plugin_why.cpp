// SPDX-License-Identifier: Apache-2.0
#include "app/plugin_why.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "app/camera_places.hpp"
#include "app/enabling_watch.hpp"
#include "app/legal_file.hpp"
#include "app/plugin_desk.hpp"
#include "app/purpose_gate.hpp"
#include "app/route_explain.hpp"
#include "base/time_text.hpp"

namespace vigie::app {
namespace {

using nlohmann::json;

struct explained {
  camera_id camera;
  domain::gate_answer answer;
};

exit_code usage(const std::string& text) {
  fmt::print(stderr, "vigie: {}\n", text);
  return exit_code::usage;
}

std::vector<camera_id> cameras_of(const config::centre_config& config) {
  std::vector<camera_id> out;
  for (const auto& commune : config.topology.communes)
    for (const auto& site : commune.sites)
      for (const auto& camera : site.cameras) out.push_back(camera.id);
  return out;
}

/// The manifest of the plugin, as the configuration names it or beside Vigie's own.
result<plugin_host::manifest> manifest_of(const std::string& id,
                                          const config::centre_config& config,
                                          const std::filesystem::path& programs) {
  config::plugin_section section;
  section.id = id;
  for (const auto& named : config.plugins)
    if (named.id == id) section = named;
  auto found = plugin_host::read_manifest(plugin_folder(section, programs));
  if (!found) return found;
  if (found->id != id || !found->analysis)
    return fail(errc::not_found, fmt::format("{} is no analysis", id));
  return found;
}

void print_text(const explained& e, const plugin_why_request& r, utc_us at) {
  const bool is_french = r.language == "fr";
  const auto until = e.answer.open_until == domain::end_of_time
                         ? std::string{}
                         : (is_french ? " jusqu'au " : " until ") + to_rfc3339(e.answer.open_until);
  const auto verdict = e.answer.is_open ? (is_french ? "peut voir" : "may look at")
                                        : (is_french ? "ne peut pas voir" : "may not look at");
  fmt::print("{} {} {} ({}){}\n", r.plugin, verdict, e.camera.str(), to_rfc3339(at),
             e.answer.is_open ? until : ": " + e.answer.refusal()->rule);
  if (r.camera == "all") return;
  for (const auto& c : e.answer.conditions) {
    fmt::print("  {} {:<6} {}\n", c.holds ? "ok " : "NO ", c.rule, is_french ? c.fr : c.en);
    if (!c.holds)
      fmt::print("             {}: {}\n", is_french ? "peut le changer" : "can change it",
                 is_french ? c.who_fr : c.who_en);
  }
}

json to_json(const explained& e, const plugin_why_request& r, utc_us at) {
  json out = {{"plugin", r.plugin},
              {"camera", e.camera.str()},
              {"at", to_rfc3339(at)},
              {"open", e.answer.is_open},
              {"open_until", e.answer.is_open && e.answer.open_until != domain::end_of_time
                                 ? json(to_rfc3339(e.answer.open_until))
                                 : json{}},
              {"rule", e.answer.is_open ? json{} : json(e.answer.refusal()->rule)},
              {"basis", e.answer.is_open ? e.answer.basis : std::string{}},
              {"conditions", json::array()}};
  for (const auto& c : e.answer.conditions)
    out["conditions"].push_back({{"name", c.name},
                                 {"basis", c.basis},
                                 {"holds", c.holds},
                                 {"rule", c.rule},
                                 {"en", c.en},
                                 {"fr", c.fr},
                                 {"who_en", c.who_en},
                                 {"who_fr", c.who_fr}});
  return out;
}

}  // namespace

exit_code plugin_why(const plugin_why_request& request, const std::filesystem::path& programs,
                     const clock& time) {
  if (request.language != "en" && request.language != "fr")
    return usage(fmt::format("\"{}\" is no language here; write en or fr", request.language));
  const auto at = instant_from(request.at, time);
  if (!at) return usage(at.error().detail);
  const auto config = load_or_tell(request.config);
  if (!config) return exit_code::bad_config;
  const auto manifest = manifest_of(request.plugin, *config, programs);
  if (!manifest) return usage(manifest.error().detail);

  const camera_places places{config->topology};
  auto legal = read_legal_file(config->analytics.legal_bases, config->analytics.legal_key);
  purpose_gate gate{places,
                    {std::move(legal.bases),
                     std::move(legal.trouble),
                     config->analytics.aggregation_threshold,
                     {}}};
  gate.learn(*manifest);
  if (auto decided = read_enablings(config->data_dir))
    gate.enable(std::move(*decided));
  else
    fmt::print(stderr, "vigie: what two persons enabled cannot be read: {}\n",
               to_string(decided.error()));

  auto cameras = cameras_of(*config);
  if (request.camera != "all") {
    const camera_id wanted{request.camera};
    if (std::find(cameras.begin(), cameras.end(), wanted) == cameras.end())
      return usage(fmt::format("{} has no camera \"{}\"", request.config.string(), request.camera));
    cameras = {wanted};
  }
  bool is_refused = cameras.empty();
  json all = json::array();
  for (const auto& camera : cameras) {
    auto answer = gate.ask(request.plugin, camera, *at);
    if (!answer) return usage(answer.error().detail);
    is_refused |= !answer->is_open;
    const explained one{camera, std::move(*answer)};
    if (request.as_json)
      all.push_back(to_json(one, request, *at));
    else
      print_text(one, request, *at);
  }
  if (request.as_json)
    fmt::print("{}\n", (request.camera == "all" ? all : all.at(0))
                           .dump(2, ' ', false, json::error_handler_t::replace));
  return is_refused ? exit_code::failed : exit_code::done;
}

}  // namespace vigie::app
