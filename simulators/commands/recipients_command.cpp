// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <memory>

#include "commands/commands.hpp"
#include "recipients/office.hpp"

namespace vigie::simulators {

namespace {

int run_recipients(const std::string& config_file, const std::string& report_file) {
  const auto options = load_recipients(config_file);
  if (!options) return complain(options.error());
  auto opened = office::open(*options);
  if (!opened) return complain(opened.error());
  fmt::print("ready: recipients, control {}\n", options->control);
  std::fflush(stdout);
  (*opened)->wait();
  if (report_file.empty()) return 0;
  std::ofstream report{report_file};
  report << (*opened)->ledger_json() << "\n";
  return report.good() ? 0 : complain({errc::io_failed, "cannot write " + report_file});
}

struct recipients_line {
  std::string control = "127.0.0.1:8655";
  std::string recipient = "all";
  std::string behaviour;
  unsigned delay_ms = 500;
  unsigned times = 0;
};

}  // namespace

command add_recipients(CLI::App& app) {
  const auto file = std::make_shared<std::string>();
  const auto report = std::make_shared<std::string>();
  auto* serve = app.add_subcommand("recipients", "Run simulated recipients of alerts until Ctrl-C");
  serve->add_option("--config", *file, "TOML, see simulators/README.md")
      ->required()
      ->check(CLI::ExistingFile);
  serve->add_option("--report", *report, "At the end: what everybody took, as JSON");
  return {serve, [file, report] { return run_recipients(*file, *report); }};
}

command add_behave(CLI::App& app) {
  const auto line = std::make_shared<recipients_line>();
  auto* behave = app.add_subcommand("behave", "Say how a running recipient treats what it is sent");
  std::string names;
  for (const behaviour b : all_behaviours) names += fmt::format(" {}", name_of(b));
  behave->add_option("--control", line->control, "Their control door")->capture_default_str();
  behave->add_option("--recipient", line->recipient, "Its name, or all")->capture_default_str();
  behave->add_option("--behaviour", line->behaviour, "One of:" + names)->required();
  behave->add_option("--delay-ms", line->delay_ms, "Of a slow one")->capture_default_str();
  behave->add_option("--times", line->times, "For that many requests; 0: until changed");
  return {behave, [line] {
            return ask(line->control,
                       behave_line(line->recipient, line->behaviour, line->delay_ms, line->times));
          }};
}

command add_ledger(CLI::App& app) {
  const auto control = std::make_shared<std::string>("127.0.0.1:8655");
  auto* ledger = app.add_subcommand("ledger", "Print what the running recipients took, as JSON");
  ledger->add_option("--control", *control, "Their control door")->capture_default_str();
  return {ledger, [control] { return ask(*control, R"({"cmd":"ledger"})"); }};
}

}  // namespace vigie::simulators
