// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

#include "app/audit_commands.hpp"
#include "app/commands.hpp"
#include "app/legal_commands.hpp"
#include "app/plugin_check.hpp"
#include "app/plugin_list.hpp"
#include "app/plugin_new.hpp"
#include "app/plugin_why.hpp"
#include "app/route_explain.hpp"
#include "app/user_commands.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"

namespace {

constexpr auto overview =
    R"(Vigie runs a departmental video supervision centre: it connects cameras, knows
which of them work, records them within the law, and tells the room over NATS.

First steps:
  vigie check configs/demo.toml      what is wrong with a configuration, line by line
  vigie run configs/demo.toml        the centre, until Ctrl-C
  ./scripts/demo                     the same with 24 simulated cameras)";

constexpr auto check_help =
    R"(Reads a configuration and reports every error with file, line, remedy and, where the
law refuses it, the rule (LEG-nn, see docs/glossary.md). Exit code 0: accepted; 78: refused.)";

constexpr auto run_help =
    R"(Runs the centre until SIGINT or SIGTERM. It starts its own nats-server on loopback unless
[bus] url names one. Recordings, indexes, journal and outbox go to [centre] data_dir.
Camera passwords come from files or environment variables named in the configuration.)";

constexpr auto plugin_help =
    R"(Plugins speak vendor protocols, look at pictures, and carry notifications. They are
written against the C ABI in sdk/ (tutorial: sdk/README.md) and run in a sandboxed process.)";

constexpr auto plugin_new_help =
    R"(Writes a buildable plugin project into ./NAME: CMakeLists.txt, plugin.toml.in, src/plugin.cpp.)";

constexpr auto plugin_check_help =
    R"(The conformance suite every plugin passes: each case runs the plugin in a sandboxed process of
its own, so that a crash fails that case alone. No connection leaves this machine, whatever the
plugin may do at a centre.

  vigie plugin check build/gate/libgate.so
  vigie plugin check /opt/plugins/corg --config '{"recipients": {"corg-95": {"url": "…"}}}'
  vigie plugin check build/gate --camera gate://192.0.2.10/{n} --case many_cameras

Exit code 0: every case held. 1: a case failed. 2: not checked, or not wholly: the plugin needs a
--config or a --camera to come to life.)";

constexpr auto plugin_list_help =
    R"(Tells which plugins are installed, what each may reach, and why one would be refused (manifest,
hash, ABI, id). Reads manifests only; none of their code runs.

  vigie plugin list                       those beside this program
  vigie plugin list --config centre.toml  also those the configuration names, and whether they load
  vigie plugin list --folder /opt/plugins those of another folder

Exit code 1: a plugin the configuration names would be refused.)";

constexpr auto plugin_why_help =
    R"(Explains whether an analysis may look at a camera: every condition of the purpose gate, whether it
holds, its rule (LEG-nn, docs/glossary.md), and who can change it. The running centre decides by the same
rule; what two persons enabled is read from its data_dir.

  vigie plugin why cam-0001 fr.vigie.zone_intrusion --config centre.toml
  vigie plugin why all fr.vigie.zone_intrusion --config centre.toml     every camera, one line each
  vigie plugin why cam-0001 fr.vigie.camera_health --config centre.toml --at 2026-11-22T01:30

Exit code 0: it may look (at each of them). 1: it may not. 64: no such camera, plugin or time.)";

constexpr auto route_help =
    R"(Who is told of an incident: police or gendarmerie by the zone of the place, fire and rescue,
municipal police by its commune's permission, mayor on call, guarding company, contractor.)";

constexpr auto route_explain_help =
    R"(Explains, from [[zone]] and [[recipient]] of a configuration, who would be told of an incident that
CAMERA sees, in which order, by which line of the file, and who would not and why. It sends nothing;
the centre does not notify by itself yet.

  vigie route explain configs/routing-example.toml cergy-prefecture intrusion now
  vigie route explain centre.toml cam-0004 fire 2026-11-22T01:30        French local time
  vigie route explain centre.toml cam-0004 theft 2026-11-22T00:30:00Z   UTC

Exit code 0: explained, also when the operator has to choose; 64: no such camera, type or time;
78: the configuration is refused.)";

std::filesystem::path programs_folder() {
  std::error_code code;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", code);
  return code ? std::filesystem::path{"."} : self.parent_path();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App cli{overview, "vigie"};
  cli.require_subcommand(1);
  cli.set_version_flag("--version", "vigie " VIGIE_VERSION);
  std::string file;
  bool verbose = false;
  auto* check = cli.add_subcommand("check", check_help);
  check->add_option("FILE", file, "configuration in TOML")->required();
  auto* run = cli.add_subcommand("run", run_help);
  run->add_option("FILE", file, "configuration in TOML")->required();
  run->add_flag("--verbose", verbose, "log every step of every camera");
  auto* plugin = cli.add_subcommand("plugin", plugin_help);
  plugin->require_subcommand(1);
  std::string name;
  std::string kind = "protocol";
  auto* plugin_new = plugin->add_subcommand("new", plugin_new_help);
  plugin_new->add_option("NAME", name, "2 to 40 of a-z, 0-9, _, a letter first")->required();
  plugin_new->add_option("--kind", kind, "protocol, analytics or notifier")->capture_default_str();

  vigie::app::plugin_check_request wanted;
  auto* plugin_check = plugin->add_subcommand("check", plugin_check_help);
  plugin_check->footer(vigie::app::list_of_cases());
  plugin_check
      ->add_option("PLUGIN", wanted.plugin, "its library, or the folder with its plugin.toml")
      ->required();
  plugin_check->add_option("--config", wanted.config, "its configuration: JSON, or a file with it");
  plugin_check->add_option("--camera", wanted.camera,
                           "an address its cameras have; {n} becomes the camera's number");
  plugin_check->add_option("--seed", wanted.seed, "of the mutated configurations, to repeat a run");
  plugin_check->add_option("--case", wanted.only_case, "one case only");
  plugin_check->add_flag("--json", wanted.as_json, "one JSON document instead of a table");

  vigie::app::plugin_list_request listed;
  auto* plugin_list = plugin->add_subcommand("list", plugin_list_help);
  plugin_list->add_option("--config", listed.config, "a centre's configuration in TOML");
  plugin_list->add_option("--folder", listed.folder, "where plugins are, one folder each");
  plugin_list->add_flag("--json", listed.as_json, "one JSON document instead of a table");

  vigie::app::plugin_why_request why;
  auto* plugin_why = plugin->add_subcommand("why", plugin_why_help);
  plugin_why->add_option("CAMERA", why.camera, "id of a camera of it, or all")->required();
  plugin_why->add_option("PLUGIN", why.plugin, "id of an analytics plugin")->required();
  plugin_why->add_option("--config", why.config, "a centre's configuration in TOML")->required();
  plugin_why->add_option("--at", why.at, "local, UTC with Z, or now")->capture_default_str();
  plugin_why->add_option("--lang", why.language, "en or fr")->capture_default_str();
  plugin_why->add_flag("--json", why.as_json, "one JSON document instead of a text");
  const auto run_audit = vigie::app::add_audit_commands(cli);
  const auto run_legal = vigie::app::add_legal_commands(cli);
  const auto run_user = vigie::app::add_user_commands(cli);
  const auto run_bus = vigie::app::add_bus_commands(cli);

  auto* route = cli.add_subcommand("route", route_help);
  route->require_subcommand(1);
  vigie::app::route_request asked;
  auto* route_explain = route->add_subcommand("explain", route_explain_help);
  route_explain->add_option("CONFIG", asked.config, "configuration in TOML")->required();
  route_explain->add_option("CAMERA", asked.camera, "id of a camera of it")->required();
  route_explain->add_option("TYPE", asked.type, "intrusion, theft, fire, camera_outage, …")
      ->required();
  route_explain->add_option("TIME", asked.time, "local, UTC with Z, or now")->required();
  route_explain->add_flag("--all", asked.shows_all, "list recipients of other communes too");
  route_explain->add_flag("--json", asked.as_json, "one JSON document instead of a text");
  try {
    cli.parse(argc, argv);
    using namespace vigie;
    log::start(verbose ? log::level::debug : log::level::info);
    if (check->parsed()) return static_cast<int>(app::check(file));
    if (run->parsed()) return static_cast<int>(app::run(file, programs_folder()));
    if (cli.got_subcommand("legal")) return static_cast<int>(run_legal());
    if (cli.got_subcommand("audit")) return static_cast<int>(run_audit());
    if (cli.got_subcommand("user")) return static_cast<int>(run_user());
    if (cli.got_subcommand("bus")) return static_cast<int>(run_bus());
    if (plugin_check->parsed())
      return static_cast<int>(app::plugin_check(wanted, programs_folder()));
    if (plugin_list->parsed()) return static_cast<int>(app::plugin_list(listed, programs_folder()));
    if (plugin_why->parsed())
      return static_cast<int>(app::plugin_why(why, programs_folder(), system_clock{}));
    if (route_explain->parsed()) return static_cast<int>(app::route_explain(asked, system_clock{}));
    const auto templates = app::find_plugin_templates(programs_folder());
    if (!templates) {
      std::fputs("vigie: the plugin templates are not installed beside this program\n", stderr);
      return static_cast<int>(app::exit_code::failed);
    }
    return static_cast<int>(
        app::plugin_new(name, kind, std::filesystem::current_path(), *templates));
  } catch (const CLI::ParseError& e) {
    const int code = cli.exit(e);
    return code == 0 ? 0 : static_cast<int>(vigie::app::exit_code::usage);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "vigie: %s\n", e.what());
    return static_cast<int>(vigie::app::exit_code::failed);
  }
}
