// SPDX-License-Identifier: Apache-2.0
#include "app/journal_acts.hpp"

#include <fstream>
#include <iterator>

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

}  // namespace vigie::app
