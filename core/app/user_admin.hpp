// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/commands.hpp"

// `vigie user …`: the register of people, from the centre's own machine. A running centre sees each
// change within a quarter of a second.
namespace vigie::app {

/// What the subcommands are told; each uses its part.
struct user_request {
  std::filesystem::path config;  ///< a centre's configuration: gives the folder and the communes
  std::filesystem::path data;    ///< or its data_dir alone
  std::string name;
  std::string role;
  std::string full_name;
  std::vector<std::string> communes;  ///< INSEE codes, or "all" of the configuration
  std::vector<std::string> sites;     ///< premises whose controller designated the person (LEG-08)
  std::string live;                   ///< "yes", "no"; empty: as it is
  std::string replay;
  std::string department;
  std::string from;   ///< local date
  std::string until;  ///< local date, the last day
  std::string state;  ///< "on", "off"
  std::filesystem::path password_file;
  std::string reason;
  std::string author;  ///< empty: "os/<login>"
  bool makes_password = false;
  bool approval_only = false;
  bool is_on_duty = false;
  bool as_json = false;
};

/// All of them print what they did, or why not, and what to do about it. [startup]
exit_code user_add(const user_request& r);
exit_code user_list(const user_request& r);
exit_code user_allow(const user_request& r);
exit_code user_approve(const user_request& r);
exit_code user_suspend(const user_request& r);
exit_code user_restore(const user_request& r);
exit_code user_duty(const user_request& r);
exit_code user_passwd(const user_request& r);
/// Which role includes what.
exit_code user_roles(const user_request& r);

/// `vigie bus users`: the authorization section of nats-server's configuration on stdout.
exit_code bus_users_section(const std::filesystem::path& config);

}  // namespace vigie::app
