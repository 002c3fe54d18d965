// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <memory>

#include "base/log.hpp"
#include "camera_farm/control_server.hpp"
#include "camera_farm/farm.hpp"
#include "camera_farm/quirk.hpp"
#include "camera_farm/scenario.hpp"
#include "commands/commands.hpp"

namespace vigie::simulators {

namespace {

bool write_report(const std::string& file, const std::string& text) {
  std::ofstream out{file};
  out << text << '\n';
  return static_cast<bool>(out.flush());
}

void follow(farm& cameras, const scenario_step& step) {
  if (step.clock_step.count() != 0) {
    log::info("scenario: the clocks of {} camera(s) are set by {} s", step.cameras.size(),
              static_cast<double>(step.clock_step.count()) / 1000);
    return cameras.step_clocks(step.cameras, step.clock_step);
  }
  log::info("scenario: {} on {} camera(s)", name_of(step.what), step.cameras.size());
  cameras.apply(step.cameras, step.what, step.heal_after);
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
    cameras.after(step.at, [&cameras, &step] { follow(cameras, step); });
  fmt::print("ready: {} cameras, rtsp://{}:{}{} to {}, control {}\n", options.cameras,
             camera_address(1), options.port, options.path, camera_address(options.cameras),
             options.control.empty() ? "none" : options.control);
  std::fflush(stdout);
  if (auto ran = cameras.run(); !ran) return complain(ran.error());
  if (!options.report_file.empty() && !write_report(options.report_file, to_json(cameras.stats())))
    return complain({errc::disk_failed, "cannot write " + options.report_file});
  return 0;
}

bool parse_size(const std::string& text, clip_options& into) {
  int end = 0;
  return std::sscanf(text.c_str(), "%ux%u%n", &into.width_px, &into.height_px, &end) == 2 &&
         static_cast<std::size_t>(end) == text.size() && into.width_px >= 160 &&
         into.width_px <= 3840 && into.height_px >= 120 && into.height_px <= 2160 &&
         into.width_px % 2 == 0 && into.height_px % 2 == 0;
}

void add_stream_options(CLI::App& farm, farm_options& o, std::string& size) {
  farm.add_option("--fps", o.pictures.fps, "Pictures a second")
      ->check(CLI::Range(1, 60))
      ->capture_default_str();
  farm.add_option("--kbps", o.pictures.kbps, "Video kbit/s of each camera")
      ->check(CLI::Range(64, 20'000))
      ->capture_default_str();
  farm.add_option("--gop", o.pictures.gop, "Pictures from key picture to key picture")
      ->check(CLI::Range(2, 600))
      ->capture_default_str();
  farm.add_option("--loop-seconds", o.pictures.loop_seconds,
                  "Until a scene repeats itself; below a minute a centre that measures rarely may "
                  "take it for frozen")
      ->check(CLI::Range(1, 300))
      ->capture_default_str();
  farm.add_option("--size", size, "Picture size, WIDTHxHEIGHT in even pixels")
      ->capture_default_str();
  farm.add_option("--codec", o.codec, "h264, h265, or mix: half of each")
      ->check(CLI::IsMember({"h264", "h265", "mix"}))
      ->capture_default_str();
  farm.add_option("--profile", o.profile,
                  "uniform: every camera as above; city: sizes, rates and GOPs of a public fleet")
      ->check(CLI::IsMember({"uniform", "city"}))
      ->capture_default_str();
}

void add_network_options(CLI::App& farm, farm_options& o) {
  farm.add_option("--port", o.port, "RTSP port of every camera")->capture_default_str();
  farm.add_option("--tls-port", o.tls_port, "RTSPS port of every camera too; 0: none")
      ->capture_default_str();
  farm.add_option("--certificate", o.certificate_file, "Write the cameras' certificate there, PEM");
  farm.add_flag("--udp", o.has_udp, "Clients may have RTP over UDP");
  farm.add_option("--udp-loss", o.weather.loss, "Share of datagrams that are lost")
      ->check(CLI::Range(0.0, 1.0));
  farm.add_option("--udp-reorder", o.weather.reorder, "Share of datagrams that change places")
      ->check(CLI::Range(0.0, 1.0));
  farm.add_flag("--one-listener", o.shares_listener,
                "One listening socket for all cameras (always so above 1,000)");
  farm.add_option("--control", o.control, "Address:port of the control door, or \"\"")
      ->capture_default_str();
  farm.add_option("--user", o.who.username, "Digest user name")->capture_default_str();
  farm.add_option("--password", o.who.password, "Digest password")->capture_default_str();
  farm.add_option("--path", o.path, "Path of the stream")->capture_default_str();
}

std::string fault_help() {
  std::string text = "Faults:\n";
  for (const fault f : all_faults)
    text += fmt::format("  {:<21} {}\n", name_of(f), explanation_of(f));
  text += "\nHabits of real cameras, by row of tests/quirks/catalogue.toml:\n";
  for (const quirk* q : all_quirks())
    text += fmt::format("  {:<21} {:>3}  {}\n", q->name, q->row, q->world);
  return text +
         "\nExamples:\n"
         "  vigie-sim fault --camera cam-0003 --fault silence --seconds 10\n"
         "  vigie-sim fault --camera cam-0005..cam-0014 --fault rst\n"
         "  vigie-sim fault --camera cam-0007 --fault early_marker\n"
         "  vigie-sim fault --camera all --fault none\n";
}

}  // namespace

command add_farm(CLI::App& app) {
  auto* farm = app.add_subcommand("farm", "Run simulated cameras until Ctrl-C");
  const auto o = std::make_shared<farm_options>();
  const auto size = std::make_shared<std::string>("640x360");
  farm->add_option("--cameras", o->cameras, "How many (camera i is cam-%04d on 127.1.x.y)")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  add_stream_options(*farm, *o, *size);
  add_network_options(*farm, *o);
  farm->add_option("--scenario", o->scenario_file, "TOML timeline of faults")
      ->check(CLI::ExistingFile);
  farm->add_option("--seconds", o->seconds, "Stop by itself after that long");
  farm->add_option("--report", o->report_file, "Write the final statistics there, as JSON");
  farm->add_option("--session-log", o->session_log_file,
                   "Write a JSON line there for each session that ended");
  farm->add_option("--seed", o->seed, "Of session ids, sequence numbers, who has which stream")
      ->capture_default_str();
  farm->footer(
      "Every camera shows a scene with its name, the UTC time and its frame counter; frame number "
      "and\nsending time are also in an SEI of each picture. Nothing leaves this machine.\n\n"
      "Examples:\n"
      "  vigie-sim farm --cameras 24\n"
      "  ffplay -rtsp_transport tcp rtsp://vigie:vigie-demo@127.1.0.1:8554/stream\n"
      "  vigie-sim farm --cameras 5000 --kbps 128 --seconds 600 --report farm.json\n"
      "  vigie-sim farm --cameras 500 --profile city --codec mix --udp --tls-port 8322\n"
      "  vigie-sim farm --scenario simulators/scenarios/demo.toml");
  return {farm, [o, size] {
            if (!parse_size(*size, o->pictures))
              return complain({errc::config_invalid,
                               "--size must be WIDTHxHEIGHT in even pixels, 160x120 to 3840x2160, "
                               "not " +
                                   *size});
            log::start(log::level::info);
            return run_farm(*o);
          }};
}

command add_fault(CLI::App& app) {
  struct line {
    std::string control = "127.0.0.1:8555";
    std::vector<std::string> cameras;
    std::string fault;
    double seconds = 0;
  };
  const auto o = std::make_shared<line>();
  auto* fault = app.add_subcommand("fault", "Make cameras of a running farm fail, or heal them");
  fault->add_option("--control", o->control, "The farm's control door")->capture_default_str();
  fault->add_option("--camera", o->cameras, "Ids, ranges \"a..b\", or \"all\"")->required();
  fault->add_option("--fault", o->fault, "Which one, see below")->required();
  fault->add_option("--seconds", o->seconds, "Heal by itself after that long");
  fault->footer(fault_help());
  return {fault, [o] { return ask(o->control, fault_line(o->cameras, o->fault, o->seconds)); }};
}

command add_stats(CLI::App& app) {
  const auto control = std::make_shared<std::string>("127.0.0.1:8555");
  auto* stats = app.add_subcommand("stats", "Print a running farm's statistics as JSON");
  stats->add_option("--control", *control, "The farm's control door")->capture_default_str();
  return {stats, [control] { return ask(*control, R"({"cmd":"stats"})"); }};
}

int complain(const error& e) {
  fmt::print(stderr, "vigie-sim: {}\n", e.detail.empty() ? to_string(e) : e.detail);
  return 1;
}

int ask(const std::string& control, const std::string& line) {
  const auto answer = ask_farm(control, line);
  if (!answer) return complain(answer.error());
  fmt::print("{}\n", *answer);
  return answer->starts_with("{\"error\"") ? 1 : 0;
}

}  // namespace vigie::simulators
