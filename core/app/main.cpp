// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

#include "app/commands.hpp"
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
  try {
    cli.parse(argc, argv);
    using namespace vigie;
    log::start(verbose ? log::level::debug : log::level::info);
    const auto code = check->parsed() ? app::check(file) : app::run(file, programs_folder());
    return static_cast<int>(code);
  } catch (const CLI::ParseError& e) {
    const int code = cli.exit(e);
    return code == 0 ? 0 : static_cast<int>(vigie::app::exit_code::usage);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "vigie: %s\n", e.what());
    return static_cast<int>(vigie::app::exit_code::failed);
  }
}
