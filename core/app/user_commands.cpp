// SPDX-License-Identifier: Apache-2.0
#include "app/user_commands.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "app/user_admin.hpp"

namespace vigie::app {
namespace {

constexpr auto user_help =
    R"(Who works with the centre, and what each may do. Every change has an author and a reason and
goes to the journal; a running centre obeys it within a second.

  vigie user add ana --config centre.toml --role video_operator --communes 95018,95127 \
    --live yes --replay yes --department 95 --until 2031-10-31 --reason "joins the night shift"
  vigie user duty ana on --config centre.toml --reason "begins the shift"
  vigie user suspend ana --config centre.toml --reason "order of the préfet"

The command reads [centre] data_dir from --config, or takes the folder itself with --data.)";

constexpr auto add_help =
    R"(A new person. Nothing is granted that is not said: no commune, no image, no duty. The password
(12 to 72 bytes) is typed, read from standard input or --password-file, or made by --generate.)";

constexpr auto suspend_help =
    R"(At once: the person is signed out and open views end within a second. --approval-only takes images
and alarms, and leaves the person signed in.)";

constexpr auto bus_users_help =
    R"(Prints the authorization section of nats-server's configuration: one user for each person who may
sign in, publishing under the own name only and listening to the own communes only. The nats-server
that Vigie runs itself gets the same by itself; for one of yours:

  vigie bus users --config centre.toml > /etc/nats/vigie-users.conf
  nats-server --signal reload)";

using action = exit_code (*)(const user_request&);

struct subcommand {
  CLI::App* app;
  action run;
};

void add_rights(CLI::App* sub, user_request& r) {
  sub->add_option("--full-name", r.full_name, "as shown to others");
  sub->add_option("--communes", r.communes, "INSEE codes, or all, or none")->delimiter(',');
  sub->add_option("--live", r.live, "yes or no: may see live images (LEG-07)");
  sub->add_option("--replay", r.replay, "yes or no: may see recorded images (LEG-07)");
  sub->add_option("--sites", r.sites,
                  "premises open to the public whose controller designated the person (LEG-08)")
      ->delimiter(',');
}

void add_approval(CLI::App* sub, user_request& r) {
  sub->add_option("--department", r.department, "of the préfet's approval (LEG-02): 95");
  sub->add_option("--from", r.from, "its first day: 2026-11-01; otherwise now");
  sub->add_option("--until", r.until, "its last day");
}

void add_password(CLI::App* sub, user_request& r) {
  auto* file = sub->add_option("--password-file", r.password_file, "its first line");
  sub->add_flag("--generate", r.makes_password, "make one and show it once")->excludes(file);
}

}  // namespace

std::function<exit_code()> add_user_commands(CLI::App& cli) {
  auto request = std::make_shared<user_request>();
  auto& r = *request;
  auto* user = cli.add_subcommand("user", user_help);
  user->require_subcommand(1);
  auto subs = std::make_shared<std::vector<subcommand>>();
  const auto add = [&](const char* name, const char* help, action run) {
    auto* sub = user->add_subcommand(name, help);
    auto* config = sub->add_option("--config", r.config, "the centre's configuration");
    sub->add_option("--data", r.data, "its data_dir, instead")->excludes(config);
    subs->push_back({sub, run});
    return sub;
  };
  const auto change = [&](const char* name, const char* help, action run) {
    auto* sub = add(name, help, run);
    sub->add_option("NAME", r.name, "signs in with it: a-z, 0-9, _ and -")->required();
    sub->add_option("--reason", r.reason, "kept in the journal (LEG-33)")->required();
    sub->add_option("--author", r.author, "otherwise your login");
    return sub;
  };
  auto* added = change("add", add_help, user_add);
  added->add_option("--role", r.role, "see `vigie user roles`")->required();
  added->add_flag("--on-duty", r.is_on_duty, "begins at once");
  add_rights(added, r);
  add_approval(added, r);
  add_password(added, r);
  auto* listed = add("list", "Everybody, and what each may do.", user_list);
  listed->add_flag("--json", r.as_json, "one JSON document instead of a table");
  auto* allowed =
      change("allow", "Changes role, communes and rights; what is not named stays.", user_allow);
  allowed->add_option("--role", r.role, "see `vigie user roles`");
  add_rights(allowed, r);
  auto* approved =
      change("approve", "Records the préfet's approval to view images (LEG-02).", user_approve);
  add_approval(approved, r);
  approved->get_option("--department")->required();
  change("suspend", suspend_help, user_suspend)
      ->add_flag("--approval-only", r.approval_only, "the approval, not the person");
  change("restore", "Gives back what `suspend` took.", user_restore)
      ->add_flag("--approval-only", r.approval_only, "the approval, not the person");
  change("duty", "Puts a person on duty, or off.", user_duty)
      ->add_option("STATE", r.state, "on or off")
      ->required()
      ->check(CLI::IsMember({"on", "off"}));
  add_password(change("passwd", "A new password.", user_passwd), r);
  auto* roles = user->add_subcommand("roles", "Which role includes what.");
  subs->push_back({roles, user_roles});
  return [request, subs] {
    for (const auto& sub : *subs)
      if (sub.app->parsed()) return sub.run(*request);
    return exit_code::usage;
  };
}

std::function<exit_code()> add_bus_commands(CLI::App& cli) {
  auto config = std::make_shared<std::filesystem::path>();
  auto* bus = cli.add_subcommand("bus", "The centre's users on NATS.");
  bus->require_subcommand(1);
  auto* users = bus->add_subcommand("users", bus_users_help);
  users->add_option("--config", *config, "the centre's configuration")->required();
  return [config] { return bus_users_section(*config); };
}

}  // namespace vigie::app
