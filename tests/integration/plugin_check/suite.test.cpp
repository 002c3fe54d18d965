// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/conformance/suite.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

using namespace vigie;
using namespace vigie::plugin_host::conformance;
namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// A copy of a broken plugin, of one kind and with one fault.
struct plugin_copy {
  plugin_copy(const std::string& variant, const std::string& kind, const std::string& fault)
      : folder{fs::temp_directory_path() /
               ("vigie-check-" + std::to_string(::getpid()) + "-" + std::to_string(++made))} {
    const fs::path from = fs::path{std::getenv("VIGIE_TEST_PLUGINS")} / variant;
    fs::create_directories(folder);
    auto manifest = content(from / "plugin.toml");
    manifest.replace(manifest.find("protocol"), 8, kind);
    if (kind == "analytics")
      manifest += "[analytics]\nclass = \"technical\"\nevents = [\"picture_black\"]\n";
    std::ofstream{folder / "plugin.toml"} << manifest;
    std::ofstream{folder / "fault"} << fault;
    const auto library = "libvigie_test_" + variant + ".so";
    fs::copy_file(from / library, folder / library);
  }
  ~plugin_copy() { fs::remove_all(folder); }
  void edit_manifest(const std::string& from, const std::string& to) const {
    auto text = content(folder / "plugin.toml");
    text.replace(text.find(from), from.size(), to);
    std::ofstream{folder / "plugin.toml"} << text;
  }
  static inline int made = 0;
  fs::path folder;
};

suite_options usual() {
  suite_options options;
  options.host_program = fs::path{std::getenv("VIGIE_BIN")} / "vigie-plugin-host";
  options.seed = 3;
  return options;
}

suite_report check(const plugin_copy& plugin, const suite_options& options = usual()) {
  system_clock time;
  auto report = check_plugin(plugin.folder, options, time, {});
  REQUIRE(report.has_value());
  return std::move(*report);
}

/// "leaks: every life leaves 64 bytes of memory; …": what did not pass.
std::string not_passed(const suite_report& report) {
  std::string all;
  for (const auto& one : report.cases)
    if (one.state != case_state::passed)
      all += std::string{one.about->name} + ": " + one.detail + "; ";
  return all;
}

struct row {
  const char* kind;
  const char* fault;
  const char* failing;  ///< the one case that fails
  const char* words;    ///< part of what it says
};

void check_rows(std::initializer_list<row> rows) {
  for (const auto& one : rows) {
    CAPTURE(one.fault);
    const plugin_copy plugin{"broken", one.kind, one.fault};
    const auto report = check(plugin);
    INFO(not_passed(report));
    CHECK(report.count(case_state::failed) == 1);
    CHECK(report.count(case_state::skipped) == 0);
    for (const auto& c : report.cases)
      if (c.state == case_state::failed) {
        CHECK(c.about->name == one.failing);
        CHECK_MESSAGE(c.detail.find(one.words) != std::string::npos, c.detail);
      }
  }
}

}  // namespace

TEST_CASE("plugin check: a plugin without a fault passes every case of its kind") {
  for (const char* kind : {"protocol", "analytics", "notifier"}) {
    CAPTURE(kind);
    const auto report = check(plugin_copy{"broken", kind, "none"});
    INFO(not_passed(report));
    CHECK(report.count(case_state::passed) == report.cases.size());
    CHECK(report.cases.size() >= 21);
  }
}

TEST_CASE("plugin check: each fault of a library, an entry or a factory fails its own case") {
  for (const auto& [variant, words] : {std::pair{"broken_exports", "exports vigie_plugin_helper"},
                                       std::pair{"broken_needs", "needs vigie_host_internal"}}) {
    auto options = usual();
    options.only_case = "scan";
    const auto report = check(plugin_copy{variant, "protocol", "none"}, options);
    REQUIRE(report.cases.size() == 1);
    CHECK(report.cases[0].state == case_state::failed);
    CHECK_MESSAGE(report.cases[0].detail.find(words) != std::string::npos, report.cases[0].detail);
  }
  check_rows({
      {"protocol", "uncounted", "load", "second entry.init"},
      {"protocol", "any_id", "factories", "unknown id"},
      {"protocol", "factory_2", "other_abi", "vigie.factory.protocol/2"},
      {"notifier", "host_2", "other_abi", "crashed (signal 6) during create"},
  });
}

TEST_CASE("plugin check: each fault of the life cycle fails its own case") {
  check_rows({
      {"protocol", "bare_destroy", "create_destroy", "crashed (signal 6) during destroy"},
      {"analytics", "init_twice", "call_order", "a second init answered VIGIE_OK"},
      {"protocol", "start_first", "call_order", "start before init answered VIGIE_OK"},
      {"protocol", "early_attach", "not_started", "attach before start"},
      {"notifier", "no_restart", "stop_twice", "once is enough"},
      {"protocol", "failed_init", "failed_init", "crashed (signal 6) during destroy"},
      {"protocol", "prefix_ids", "extensions", "vigie.protocol/10"},
      {"notifier", "needs_log", "extensions", "crashed (signal 11) during init"},
      {"protocol", "null_error", "older_host", "crashed (signal 11) during start"},
  });
}

TEST_CASE("plugin check: each fault with configurations, threads and memory fails its own case") {
  check_rows({
      {"protocol", "config_crash", "config_fuzz", "crashed (signal 6) during init with conf"},
      {"protocol", "config_hang", "config_fuzz", "did not return"},
      {"notifier", "config_status", "config_fuzz", "VIGIE_E_IO"},
      {"analytics", "config_leak", "config_fuzz", "of each configuration"},
      {"protocol", "throws", "arguments", "exception crossed the line in attach"},
      {"notifier", "prints", "manners", "hello"},
      {"notifier", "handler", "manners", "signal 10 handled"},
      {"protocol", "late_call", "threads", "from destroy"},
      {"protocol", "lost_thread", "threads", "1 threads of its own"},
      {"analytics", "leak", "leaks", "bytes of memory"},
      {"protocol", "descriptors", "leaks", "descriptors"},
  });
}

TEST_CASE("plugin check: each fault of its kind fails its own case") {
  check_rows({
      {"protocol", "foreign_stream", "unknown_camera", "not attached"},
      {"protocol", "few_cameras", "many_cameras", "camera 9 of 100"},
      {"protocol", "late_packet", "streams", "after close_stream returned"},
      {"protocol", "slow_stop", "stop_while_busy", "stop did not return"},
      {"analytics", "overread", "frame_sizes", "crashed (signal 11) during on_frame with a pic"},
      {"analytics", "scribbles", "frame_sizes", "crashed (signal 11)"},
      {"analytics", "undeclared", "events", "bad_detection"},
      {"analytics", "nan_score", "events", "bad_detection"},
      {"analytics", "foreign_detection", "events", "foreign_camera"},
      {"analytics", "keeps_frame", "stop_while_busy", "retains frames"},
      {"notifier", "lies", "deliveries", "unknown recipient was reported as reached"},
      {"notifier", "probe_reports", "probe", "delivery report"},
      {"notifier", "probe_exits", "probe", "ended its process (exit 0) during probe"},
  });
}

TEST_CASE("plugin check: what is not permitted is told, where the kernel can ask") {
  const auto report = check(plugin_copy{"broken", "protocol", "reads_passwd"});
  INFO(report.missing_protection);
  if (report.missing_protection.find("call_audit") != std::string::npos) return;
  REQUIRE(report.count(case_state::failed) == 1);
  CHECK(report.cases.back().about->name == permissions_case);
  CHECK(report.cases.back().detail == "tried to read /etc/passwd");
}

TEST_CASE("plugin check: a manifest that disagrees is found before any code runs") {
  const plugin_copy other_hash{"broken", "protocol", "none"};
  other_hash.edit_manifest("sha256 = \"", "sha256 = \"0000");
  CHECK(not_passed(check(other_hash)).starts_with("manifest: "));
  const plugin_copy other_abi{"broken", "protocol", "none"};
  other_abi.edit_manifest("abi = \"1.0\"", "abi = \"2.0\"");
  CHECK(not_passed(check(other_abi)) == "manifest: it says ABI 2, a centre of today has 1; ");
  const plugin_copy other_version{"broken", "notifier", "none"};
  other_version.edit_manifest("1.0.0", "2.0.0");
  CHECK(not_passed(check(other_version)) ==
        "life: the descriptor says version \"1.0.0\", plugin.toml \"2.0.0\"; ");
  const plugin_copy other_id{"broken", "protocol", "none"};
  other_id.edit_manifest("test.broken", "test.whole");
  CHECK(not_passed(check(other_id)).find("load: ") != std::string::npos);
}

TEST_CASE(
    "plugin check: a library built for another ABI does not load, whatever its manifest says") {
  const plugin_copy plugin{"broken_abi", "protocol", "none"};
  const auto report = check(plugin);
  REQUIRE(report.count(case_state::failed) == 1);
  const auto wrong = not_passed(report);
  CHECK_MESSAGE(
      wrong.find("load: libvigie_test_broken_abi.so: is built for ABI 7.0") != std::string::npos,
      wrong);
}

TEST_CASE("plugin check: nothing there is an error, not a verdict") {
  system_clock time;
  CHECK_FALSE(check_plugin("/nowhere/at/all.so", usual(), time, {}).has_value());
}
