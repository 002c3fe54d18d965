// SPDX-License-Identifier: Apache-2.0
#include "app/journal_acts.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <utility>

#include "journal/digest.hpp"

namespace vigie::app {

journal::access_entry start_act(const config::centre_config& config, utc_us now) {
  std::ifstream in{config.file, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  journal::access_entry act;
  act.at = now;
  act.author = "vigie";
  act.authority = commune_id{std::string{journal::centre_authority}};
  act.verb = journal::access_verb::configuration;
  act.reason = "node " + config.node.id + " starts with " + config.file.filename().string();
  act.detail = "sha256 " + journal::to_hex(journal::sha256({journal::bytes_of(text)}));
  return act;
}

journal::access_entry exercise_act(const std::string& user, const std::string& plugin,
                                   const std::string& recipient, utc_us now) {
  journal::access_entry act;
  act.at = now;
  act.author = user;
  act.authority = commune_id{std::string{journal::centre_authority}};
  act.verb = journal::access_verb::exercise;
  act.reason = "exercise of " + plugin;
  act.recipient = recipient;
  return act;
}

journal::access_entry analysis_act(const std::string& plugin, const camera_places::place& where,
                                   std::optional<domain::purpose> purpose, std::string reason,
                                   std::string how, utc_us now) {
  journal::access_entry act;
  act.at = now;
  act.author = "vigie";
  act.authority = where.commune->id;
  act.verb = journal::access_verb::consultation;
  act.camera = where.camera->id;
  act.purpose = purpose ? *purpose : where.camera->purposes.front();
  act.reason = std::move(reason);
  act.recipient = plugin;
  act.detail = "analysis " + std::move(how);
  return act;
}

journal::access_entry refusal_act(const std::string& plugin, const camera_places::place& where,
                                  std::string reason, utc_us now) {
  journal::access_entry act;
  act.at = now;
  act.author = "vigie";
  act.authority = where.commune->id;
  act.verb = journal::access_verb::configuration;
  act.camera = where.camera->id;
  act.reason = std::move(reason);
  act.detail = "analysis refused: " + plugin;
  return act;
}

journal::access_entry legal_act(const legal_file& found, utc_us now) {
  journal::access_entry act;
  act.at = now;
  act.author = "vigie";
  act.authority = commune_id{std::string{journal::centre_authority}};
  act.verb = journal::access_verb::configuration;
  act.reason = found.trouble.empty() ? fmt::format("{} legal bases count, signed by key {}",
                                                   found.bases.size(), found.key_id)
                                     : "no legal basis counts: " + found.trouble;
  act.detail = "sha256 " + found.sha256;
  return act;
}

}  // namespace vigie::app
