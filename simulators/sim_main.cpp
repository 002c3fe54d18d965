// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "camera_farm/control_server.hpp"
#include "camera_farm/farm.hpp"
#include "camera_farm/scenario.hpp"
#include "centre_config/val_doise.hpp"
#include "onvif/emulator.hpp"
#include "recipients/office.hpp"

namespace {

using namespace vigie;
using namespace vigie::simulators;

int complain(const error& e) {
  fmt::print(stderr, "vigie-sim: {}\n", e.detail.empty() ? to_string(e) : e.detail);
  return 1;
}

bool write_report(const std::string& file, const std::string& text) {
  std::ofstream out{file};
  out << text << '\n';
  return static_cast<bool>(out.flush());
}

int run_farm(const farm_options& options) {
  std::vector<scenario_step> steps;
  if (!options.scenario_file.empty()) {
    auto loaded = load_scenario(options.scenario_file, options.cameras);
    if (!loaded) return complain(loaded.error());
    steps = std::move(*loaded);
  }
  auto made = farm::make(options);
  if (!made) return complain(made.error());
  farm& cameras = **made;
  std::unique_ptr<control_server> control;
  if (!options.control.empty()) {
    auto listening = control_server::listen(cameras, options.control);
    if (!listening) return complain(listening.error());
    control = std::move(*listening);
  }
  for (const scenario_step& step : steps)
    cameras.after(step.at, [&cameras, &step] {
      log::info("scenario: {} on {} camera(s)", name_of(step.what), step.cameras.size());
      cameras.apply(step.cameras, step.what, step.heal_after);
    });
  fmt::print("ready: {} cameras, rtsp://{}:{}{} to {}, control {}\n", options.cameras,
             camera_address(1), options.port, options.path, camera_address(options.cameras),
             options.control.empty() ? "none" : options.control);
  std::fflush(stdout);
  if (auto ran = cameras.run(); !ran) return complain(ran.error());
  if (!options.report_file.empty() && !write_report(options.report_file, to_json(cameras.stats())))
    return complain({errc::disk_failed, "cannot write " + options.report_file});
  return 0;
}

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

int ask(const std::string& control, const std::string& line) {
  const auto answer = ask_farm(control, line);
  if (!answer) return complain(answer.error());
  fmt::print("{}\n", *answer);
  return answer->starts_with("{\"error\"") ? 1 : 0;
}

std::string fault_help() {
  std::string text = "Faults:\n";
  for (const fault f : all_faults)
    text += fmt::format("  {:<15} {}\n", name_of(f), explanation_of(f));
  return text +
         "\nExamples:\n"
         "  vigie-sim fault --camera cam-0003 --fault silence --seconds 10\n"
         "  vigie-sim fault --camera cam-0005..cam-0014 --fault rst\n"
         "  vigie-sim fault --camera all --fault none\n";
}

int run_recipients(const std::string& config_file) {
  const auto options = load_recipients(config_file);
  if (!options) return complain(options.error());
  auto opened = office::open(*options);
  if (!opened) return complain(opened.error());
  fmt::print("ready: recipients, control {}\n", options->control);
  std::fflush(stdout);
  (*opened)->wait();
  return 0;
}

struct recipients_line {
  std::string config_file;
  std::string control = "127.0.0.1:8655";
  std::string recipient = "all";
  std::string behaviour;
  unsigned delay_ms = 500;
  unsigned times = 0;
};

struct command_line {
  recipients_line recipients;
  farm_options farm;
  centre_options centre;
  onvif::emulator_options onvif;
  std::string size = "640x360";
  std::string control = "127.0.0.1:8555";
  std::vector<std::string> cameras;
  std::string fault_name;
  double fault_seconds = 0;
};

bool parse_size(const std::string& text, clip_options& into) {
  int end = 0;
  return std::sscanf(text.c_str(), "%ux%u%n", &into.width_px, &into.height_px, &end) == 2 &&
         static_cast<std::size_t>(end) == text.size() && into.width_px >= 160 &&
         into.width_px <= 3840 && into.height_px >= 120 && into.height_px <= 2160 &&
         into.width_px % 2 == 0 && into.height_px % 2 == 0;
}

CLI::App* add_farm(CLI::App& app, command_line& line) {
  auto* farm = app.add_subcommand("farm", "Run simulated cameras until Ctrl-C");
  farm->add_option("--cameras", line.farm.cameras, "How many (camera i is cam-%04d on 127.1.x.y)")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  farm->add_option("--port", line.farm.port, "RTSP port of every camera")->capture_default_str();
  farm->add_option("--control", line.farm.control, "Address:port of the control door, or \"\"")
      ->capture_default_str();
  farm->add_option("--fps", line.farm.pictures.fps, "Pictures a second")
      ->check(CLI::Range(1, 60))
      ->capture_default_str();
  farm->add_option("--kbps", line.farm.pictures.kbps, "Video kbit/s of each camera")
      ->check(CLI::Range(64, 20'000))
      ->capture_default_str();
  farm->add_option("--gop", line.farm.pictures.gop, "Pictures from key picture to key picture")
      ->check(CLI::Range(2, 600))
      ->capture_default_str();
  farm->add_option("--size", line.size, "Picture size, WIDTHxHEIGHT in even pixels")
      ->capture_default_str();
  farm->add_option("--user", line.farm.who.username, "Digest user name")->capture_default_str();
  farm->add_option("--password", line.farm.who.password, "Digest password")->capture_default_str();
  farm->add_option("--path", line.farm.path, "Path of the stream")->capture_default_str();
  farm->add_option("--scenario", line.farm.scenario_file, "TOML timeline of faults")
      ->check(CLI::ExistingFile);
  farm->add_option("--seconds", line.farm.seconds, "Stop by itself after that long");
  farm->add_option("--report", line.farm.report_file, "Write the final statistics there, as JSON");
  farm->add_option("--seed", line.farm.seed, "Of session ids and sequence numbers")
      ->capture_default_str();
  farm->footer(
      "Every camera shows a scene with its name, the UTC time and its frame counter; frame number "
      "and\nsending time are also in an SEI of each picture. Nothing leaves this machine.\n\n"
      "Examples:\n"
      "  vigie-sim farm --cameras 24\n"
      "  ffplay -rtsp_transport tcp rtsp://vigie:vigie-demo@127.1.0.1:8554/stream\n"
      "  vigie-sim farm --cameras 200 --seconds 60 --report farm.json\n"
      "  vigie-sim farm --scenario simulators/scenarios/demo.toml");
  return farm;
}

CLI::App* add_onvif(CLI::App& app, command_line& line) {
  auto* onvif = app.add_subcommand("onvif", "Run ONVIF devices in front of a farm's cameras");
  onvif::emulator_options& o = line.onvif;
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
  return onvif;
}

CLI::App* add_config(CLI::App& app, command_line& line) {
  auto* config = app.add_subcommand("config", "Print a centre configuration for a farm");
  centre_options& o = line.centre;
  config->add_option("--cameras", o.cameras)->check(CLI::Range(1, 10'000))->capture_default_str();
  config->add_option("--communes", o.communes)->capture_default_str();
  config->add_option("--sites", o.sites)->capture_default_str();
  config->add_option("--port", o.camera_port, "RTSP port of the farm")->capture_default_str();
  config->add_option("--data-dir", o.data_dir, "Relative to where the file will stand")
      ->capture_default_str();
  config->add_option("--bus-port", o.bus_port)->capture_default_str();
  config->add_option("--websocket-port", o.websocket_port)->capture_default_str();
  config->add_option("--gateway-port", o.gateway_port)->capture_default_str();
  config->add_option("--shards", o.shards)->capture_default_str();
  auto* env = config->add_option("--password-env", o.password_env)->capture_default_str();
  config->add_option("--password-file", o.password_file)->excludes(env);
  config->footer("Example:\n  vigie-sim config --cameras 24 --communes 3 --sites 8 > demo.toml");
  return config;
}

struct recipients_commands {
  CLI::App* serve;
  CLI::App* behave;
  CLI::App* ledger;
};

recipients_commands add_recipients(CLI::App& app, recipients_line& line) {
  std::string names;
  for (const behaviour b : all_behaviours) names += fmt::format(" {}", name_of(b));
  recipients_commands add{
      app.add_subcommand("recipients", "Run simulated recipients of alerts until Ctrl-C"),
      app.add_subcommand("behave", "Say how a running recipient treats what it is sent"),
      app.add_subcommand("ledger", "Print what the running recipients took, as JSON")};
  add.serve->add_option("--config", line.config_file, "TOML, see simulators/README.md")
      ->required()
      ->check(CLI::ExistingFile);
  for (CLI::App* asks : {add.behave, add.ledger})
    asks->add_option("--control", line.control, "Their control door")->capture_default_str();
  add.behave->add_option("--recipient", line.recipient, "cap, webhook, smtp or all")
      ->capture_default_str();
  add.behave->add_option("--behaviour", line.behaviour, "One of:" + names)->required();
  add.behave->add_option("--delay-ms", line.delay_ms, "Of a slow one")->capture_default_str();
  add.behave->add_option("--times", line.times, "For that many requests; 0: until changed");
  return add;
}

int run(int argc, char** argv) {
  CLI::App app{
      "vigie-sim: simulated cameras and their troubles, to try Vigie before real ones are "
      "connected"};
  app.require_subcommand(1);
  command_line line;
  auto* farm = add_farm(app, line);
  auto* fault = app.add_subcommand("fault", "Make cameras of a running farm fail, or heal them");
  fault->add_option("--control", line.control, "The farm's control door")->capture_default_str();
  fault->add_option("--camera", line.cameras, "Ids, ranges \"a..b\", or \"all\"")->required();
  fault->add_option("--fault", line.fault_name, "Which one, see below")->required();
  fault->add_option("--seconds", line.fault_seconds, "Heal by itself after that long");
  fault->footer(fault_help());
  auto* stats = app.add_subcommand("stats", "Print a running farm's statistics as JSON");
  stats->add_option("--control", line.control, "The farm's control door")->capture_default_str();
  auto* config = add_config(app, line);
  auto* onvif = add_onvif(app, line);
  const recipients_commands recipients = add_recipients(app, line.recipients);
  CLI11_PARSE(app, argc, argv);

  if (farm->parsed()) {
    if (!parse_size(line.size, line.farm.pictures))
      return complain({errc::config_invalid,
                       "--size must be WIDTHxHEIGHT in even pixels, 160x120 to "
                       "3840x2160, not " +
                           line.size});
    log::start(log::level::info);
    return run_farm(line.farm);
  }
  if (onvif->parsed()) return run_onvif(line.onvif);
  if (fault->parsed())
    return ask(line.control, fault_line(line.cameras, line.fault_name, line.fault_seconds));
  if (stats->parsed()) return ask(line.control, R"({"cmd":"stats"})");
  const recipients_line& r = line.recipients;
  if (recipients.serve->parsed()) return run_recipients(r.config_file);
  if (recipients.behave->parsed())
    return ask(r.control, behave_line(r.recipient, r.behaviour, r.delay_ms, r.times));
  if (recipients.ledger->parsed()) return ask(r.control, R"({"cmd":"ledger"})");
  if (config->parsed()) {
    const auto text = make_centre_config(line.centre);
    if (!text) return complain(text.error());
    fmt::print("{}", *text);
  }
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
