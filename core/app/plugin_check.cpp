// SPDX-License-Identifier: Apache-2.0
#include "app/plugin_check.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>

#include "plugin_host/conformance/suite.hpp"
#include "plugin_host/manifest.hpp"

namespace vigie::app {
namespace {

using nlohmann::json;
using plugin_host::conformance::case_report;
using plugin_host::conformance::case_state;
using plugin_host::conformance::suite_options;
using plugin_host::conformance::suite_report;

std::string_view name_of(case_state state) {
  switch (state) {
    case case_state::passed:
      return "ok";
    case case_state::failed:
      return "failed";
    case case_state::skipped:
      return "skipped";
  }
  return "?";
}

/// The configuration as given, and the recipients it names. Nothing when it is no JSON object.
bool read_config(const std::string& given, suite_options& options) {
  std::string text = given;
  if (given.find_first_not_of(" \t\n") == std::string::npos || given.front() != '{') {
    std::ifstream in{given, std::ios::binary};
    text.assign(std::istreambuf_iterator<char>{in}, {});
    if (!in) {
      fmt::print(stderr, "vigie: {} cannot be read\n", given);
      return false;
    }
  }
  const auto config = json::parse(text, nullptr, false);
  if (!config.is_object()) {
    fmt::print(stderr, "vigie: the configuration is no JSON object: {}\n", given);
    return false;
  }
  options.config_json = std::move(text);
  options.has_config = true;
  if (const auto found = config.find("recipients"); found != config.end() && found->is_object())
    for (const auto& [id, value] : found->items()) options.recipients.push_back(id);
  return true;
}

void print_head(const suite_report& report, const suite_options& options) {
  const auto& m = report.manifest;
  if (m.id.empty()) return;
  fmt::print("{} {}, {} (seed {})\n", m.id, m.version, plugin_host::name_of(m.kind), options.seed);
}

void print_case(const case_report& one) {
  const auto detail = one.detail.empty() ? std::string{one.about->what} : one.detail;
  fmt::print("  {:<8} {:<16} {}\n", name_of(one.state), one.about->name, detail);
  if (one.state == case_state::failed) fmt::print("  {:<25} remedy: {}\n", "", one.about->remedy);
}

void print_end(const suite_report& report, exit_code code) {
  const auto passed = report.count(case_state::passed), failed = report.count(case_state::failed),
             skipped = report.count(case_state::skipped);
  if (!report.missing_protection.empty())
    fmt::print("this kernel does not grant: {}\n", report.missing_protection);
  fmt::print("{} of {} cases held", passed, report.cases.size());
  if (failed > 0) fmt::print(", {} failed", failed);
  if (skipped > 0) fmt::print(", {} not checked", skipped);
  fmt::print("{}\n", code == exit_code::done     ? ": conforms"
                     : code == exit_code::failed ? ": does not conform"
                                                 : ": not checked wholly");
}

json to_json(const suite_report& report, const suite_options& options, exit_code code) {
  json cases = json::array();
  for (const auto& one : report.cases) {
    json entry = {{"case", one.about->name},
                  {"result", name_of(one.state)},
                  {"what", one.about->what},
                  {"detail", one.detail},
                  {"ms", one.took.count()}};
    if (one.state == case_state::failed) entry["remedy"] = one.about->remedy;
    cases.push_back(std::move(entry));
  }
  const auto& m = report.manifest;
  json out = {{"plugin", m.id},
              {"version", m.version},
              {"library", report.library.string()},
              {"seed", options.seed},
              {"conforms", code == exit_code::done},
              {"passed", report.count(case_state::passed)},
              {"failed", report.count(case_state::failed)},
              {"skipped", report.count(case_state::skipped)},
              {"missing_protection", report.missing_protection},
              {"cases", std::move(cases)}};
  if (!m.id.empty()) out["kind"] = plugin_host::name_of(m.kind);
  return out;
}

}  // namespace

std::string list_of_cases() {
  std::string text = "Cases:\n";
  for (const auto& one : plugin_host::conformance::all_cases())
    text += fmt::format("  {:<16} {}\n", one.name, one.what);
  return text;
}

exit_code plugin_check(const plugin_check_request& request, const std::filesystem::path& programs) {
  suite_options options;
  options.host_program = programs / "vigie-plugin-host";
  options.seed = request.seed ? *request.seed : std::random_device{}();
  options.only_case = request.only_case;
  if (!request.camera.empty()) options.cameras = {request.camera};
  if (!request.config.empty() && !read_config(request.config, options))
    return exit_code::incomplete;
  if (!request.only_case.empty() &&
      plugin_host::conformance::find_case(request.only_case) == nullptr) {
    fmt::print(stderr, "vigie: no case \"{}\"; `vigie plugin check --help` lists them\n",
               request.only_case);
    return exit_code::incomplete;
  }
  system_clock time;
  const auto tell = [&](const suite_report& so_far) {
    if (request.as_json) return;
    if (so_far.cases.size() == 1) print_head(so_far, options);
    print_case(so_far.cases.back());
    std::fflush(stdout);
  };
  const auto report = plugin_host::conformance::check_plugin(request.plugin, options, time, tell);
  if (!report) {
    fmt::print(stderr, "vigie: {}\n", report.error().detail);
    return exit_code::incomplete;
  }
  const auto code = report->count(case_state::failed) > 0 ? exit_code::failed
                    : report->count(case_state::skipped) > 0 || report->cases.empty()
                        ? exit_code::incomplete
                        : exit_code::done;
  if (request.as_json)
    fmt::print("{}\n",
               to_json(*report, options, code).dump(2, ' ', false, json::error_handler_t::replace));
  else
    print_end(*report, code);
  return code;
}

}  // namespace vigie::app
