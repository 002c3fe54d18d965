// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "verify/camera_check.hpp"
#include "verify/recordings_check.hpp"

namespace {

constexpr int exit_not_ok = 1;
constexpr int exit_unusable = 2;

/// "2026-11-21T20:15:33Z", with or without milliseconds, to ms since 1970.
std::int64_t to_ms(const std::string& text) {
  std::string digits;
  for (const char c : text)
    if (c >= '0' && c <= '9') digits += c;
  if (digits.size() < 14 || digits.size() > 17) throw std::runtime_error{"not a UTC time: " + text};
  digits.resize(17, '0');
  const auto ms = verify::start_of_name(digits.substr(0, 8) + "T" + digits.substr(8) + "Z.mp4");
  if (!ms) throw std::runtime_error{"not a UTC time: " + text};
  return *ms;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Judges what Vigie recorded, sharing no code with what recorded it.",
               "vigie-verify"};
  app.require_subcommand(1);
  auto* recordings = app.add_subcommand(
      "recordings",
      "Every file whole and playable, every picture there once, none of another camera.");
  verify::check_options options;
  std::string from, to;
  std::vector<std::string> allow_gaps;
  bool as_json = false;
  bool per_camera = false;
  recordings->add_option("folder", options.recordings, "The recordings folder")->required();
  recordings->add_option("--sent", options.sent, "The camera farm's answer to {\"cmd\":\"stats\"}");
  recordings->add_option("--from", from, "Only files that start at this UTC time or later");
  recordings->add_option("--to", to, "Only files that start before this UTC time");
  recordings->add_option("--allow-gaps", allow_gaps,
                         "Cameras whose sessions were cut on purpose, or \"all\"");
  recordings->add_flag("--after-kill", options.after_kill,
                       "The last file of a camera may end inside a fragment");
  recordings->add_flag("--json", as_json, "One line of JSON instead of text");
  recordings->add_flag("--per-camera", per_camera, "With --json: every camera's counts");
  CLI11_PARSE(app, argc, argv);
  try {
    options.allow_gaps = {allow_gaps.begin(), allow_gaps.end()};
    if (!from.empty()) options.from_ms = to_ms(from);
    if (!to.empty()) options.to_ms = to_ms(to);
    const auto v = verify::check_recordings(options);
    std::cout << (as_json ? verify::to_json(v, per_camera) + "\n" : verify::to_text(v));
    return v.is_ok ? 0 : exit_not_ok;
  } catch (const std::exception& e) {
    std::cerr << "vigie-verify: " << e.what() << '\n';
    return exit_unusable;
  }
}
