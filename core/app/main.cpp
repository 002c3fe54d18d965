// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

#include "app/commands.hpp"
#include "app/plugin_check.hpp"
#include "app/plugin_new.hpp"
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

constexpr auto plugin_check_help =
    R"(Checks a built plugin as the centre will: manifest, hash, exported symbol, ABI, then its
life in a sandboxed process: create, init, start, stop. Exit code 0: it would be loaded.)";

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
  std::string library;
  auto* plugin_new = plugin->add_subcommand("new", "Writes a buildable plugin project here");
  plugin_new->add_option("NAME", name, "a word in lower case")->required();
  plugin_new->add_option("--kind", kind, "protocol, analytics or notifier")->capture_default_str();
  auto* plugin_check = plugin->add_subcommand("check", plugin_check_help);
  plugin_check->add_option("PLUGIN", library, "its library, or the folder with its plugin.toml")
      ->required();
  std::string plugin_config;
  plugin_check->add_option("--config", plugin_config, "its configuration, a JSON file");
  try {
    cli.parse(argc, argv);
    using namespace vigie;
    log::start(verbose ? log::level::debug : log::level::info);
    if (check->parsed()) return static_cast<int>(app::check(file));
    if (run->parsed()) return static_cast<int>(app::run(file, programs_folder()));
    if (plugin_check->parsed())
      return static_cast<int>(app::plugin_check(library, plugin_config, programs_folder()));
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
