// SPDX-License-Identifier: Apache-2.0
// vigie-simulate: many seeds of chaos, and how many camera-hours they covered.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>

#include "simulation/chaos.hpp"
#include "simulation/invariants.hpp"
#include "simulation/world.hpp"

int main(int argc, char** argv) {
  using namespace vigie::simulation;
  std::uint64_t first_seed = 1;
  std::uint64_t seconds = 60;
  int sites = 8;
  int minutes = 60;
  CLI::App cli{"Runs seeds of random trouble on virtual time until the real time is over"};
  cli.add_option("--seed", first_seed, "first seed")->capture_default_str();
  cli.add_option("--seconds", seconds, "real seconds to spend")->capture_default_str();
  cli.add_option("--sites", sites, "sites of 12 cameras")->capture_default_str();
  cli.add_option("--minutes", minutes, "virtual minutes of a seed")->capture_default_str();
  CLI11_PARSE(cli, argc, argv);

  const auto start = std::chrono::steady_clock::now();
  const auto elapsed_s = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  std::uint64_t seeds = 0;
  std::uint64_t red = 0;
  double camera_hours = 0;
  for (auto seed = first_seed; elapsed_s() < static_cast<double>(seconds); ++seed, ++seeds) {
    world w{{.seed = seed, .sites = sites, .cameras_per_site = 12}};
    w.advance(std::chrono::seconds{30});
    run_chaos(w, seed, {.span = std::chrono::minutes{minutes}});
    const auto live = w.count(vigie::domain::health_state::live);
    w.shut_down();
    auto found = breaches(w);
    if (live != w.cameras().size()) found.push_back("not every camera came back");
    for (const auto& breach : found)
      std::fprintf(stderr, "seed %llu: %s\n", static_cast<unsigned long long>(seed),
                   breach.c_str());
    red += !found.empty();
    camera_hours += static_cast<double>(w.camera_seconds()) / 3600;
  }
  std::printf(
      R"({"seeds":%llu,"red_seeds":%llu,"camera_hours":%.1f,"camera_hours_per_minute":%.0f})"
      "\n",
      static_cast<unsigned long long>(seeds), static_cast<unsigned long long>(red), camera_hours,
      camera_hours / elapsed_s() * 60);
  return red == 0 ? 0 : 1;
}
