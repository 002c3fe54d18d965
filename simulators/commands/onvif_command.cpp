// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "camera_farm/farm_options.hpp"
#include "commands/commands.hpp"
#include "onvif/emulator.hpp"

namespace vigie::simulators {

namespace {

int run_onvif(const onvif::emulator_options& options) {
  auto made = onvif::emulator::make(options);
  if (!made) return complain(made.error());
  fmt::print("ready: {} ONVIF devices, http://{}:{} to {}, control {}\n", options.cameras,
             camera_address(1), options.port, camera_address(options.cameras),
             options.control.empty() ? "none" : options.control);
  std::fflush(stdout);
  (*made)->run();
  return 0;
}

}  // namespace

command add_onvif(CLI::App& app) {
  auto* onvif = app.add_subcommand("onvif", "Run ONVIF devices in front of a farm's cameras");
  const auto options = std::make_shared<onvif::emulator_options>();
  onvif::emulator_options& o = *options;
  onvif->add_option("--cameras", o.cameras, "How many; device i is on camera i's address")
      ->check(CLI::Range(1, 5'000))
      ->capture_default_str();
  onvif->add_option("--port", o.port, "HTTP port of every device")->capture_default_str();
  onvif->add_option("--farm-port", o.farm_port, "RTSP port of the farm")->capture_default_str();
  onvif->add_option("--path", o.path, "Path of the farm's streams")->capture_default_str();
  onvif->add_option("--control", o.control, "Address:port of the control door, or \"\"")
      ->capture_default_str();
  onvif->add_option("--discovery", o.discovery, "Address:port that answers WS-Discovery probes");
  onvif->add_option("--user", o.who.username)->capture_default_str();
  onvif->add_option("--password", o.who.password)->capture_default_str();
  onvif->add_option("--event-seconds", o.event_seconds, "Tell of motion that often; 0: never")
      ->check(CLI::Range(0.0, 86'400.0))
      ->capture_default_str();
  onvif->add_option("--seconds", o.seconds, "Stop by itself after that long");
  onvif->footer(onvif::device_fault_help() +
                "\nExamples:\n"
                "  vigie-sim onvif --cameras 24 --farm-port 8554 --port 8000\n"
                "  vigie-sim fault --control 127.0.0.1:8556 --camera cam-0003 --fault slow\n");
  return {onvif, [options] { return run_onvif(*options); }};
}

}  // namespace vigie::simulators
