// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <vector>

#include "commands/commands.hpp"

namespace {

int run(int argc, char** argv) {
  using namespace vigie::simulators;
  CLI::App app{
      "vigie-sim: simulated cameras and their troubles, to try Vigie before real ones are "
      "connected"};
  app.require_subcommand(1);
  const std::vector<command> commands{add_farm(app),   add_fault(app),  add_stats(app),
                                      add_config(app), add_onvif(app),  add_recipients(app),
                                      add_behave(app), add_ledger(app), add_day(app)};
  CLI11_PARSE(app, argc, argv);
  for (const command& one : commands)
    if (one.app->parsed()) return one.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& e) {
    fmt::print(stderr, "vigie-sim: {}\n", e.what());
    return 1;
  }
}
