// SPDX-License-Identifier: Apache-2.0
#include "app/plugin_check.hpp"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <vector>

#include "plugin_host/manifest.hpp"
#include "plugin_host/runtime.hpp"

namespace vigie::app {
namespace {

using namespace std::chrono_literals;
using plugin_host::plugin_state;

/// Load, init and start together have five seconds in a centre.
constexpr auto start_deadline = 8s;

void tell(bool held, std::string_view step, std::string_view detail = {}) {
  fmt::print("{}  {}{}{}\n", held ? "ok  " : "FAIL", step, detail.empty() ? "" : ": ", detail);
}

/// What the plugin did, kept until asked for.
class witness final : public plugin_host::plugin_listener {
 public:
  void on_fault(const plugin_host::fault_report& report) override {
    std::lock_guard lock{mutex_};
    faults_.push_back(std::string{plugin_host::name_of(report.fault)} +
                      (report.detail.empty() ? "" : ", " + report.detail));
    changed_.notify_all();
  }
  void on_state(const plugin_host::plugin_status& status) override {
    std::lock_guard lock{mutex_};
    state_ = status.state;
    changed_.notify_all();
  }
  /// True once it runs; false when a fault came first or time is over.
  bool wait_running() {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, start_deadline,
                      [&] { return state_ == plugin_state::running || !faults_.empty(); });
    return state_ == plugin_state::running && faults_.empty();
  }
  std::vector<std::string> faults() const {
    std::lock_guard lock{mutex_};
    return faults_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<plugin_state> state_;
  std::vector<std::string> faults_;
};

}  // namespace

exit_code plugin_check(const std::filesystem::path& plugin, const std::filesystem::path& config,
                       const std::filesystem::path& programs) {
  std::error_code code;
  const auto given = std::filesystem::absolute(plugin, code);
  const auto folder = std::filesystem::is_directory(given, code) ? given : given.parent_path();
  const auto manifest = plugin_host::read_manifest(folder);
  if (!manifest) {
    tell(false, "manifest", manifest.error().detail);
    return exit_code::failed;
  }
  tell(true, "manifest",
       fmt::format("{} {}, {}", manifest->id, manifest->version,
                   plugin_host::name_of(manifest->kind)));

  system_clock time;
  witness seen;
  bool started = false;
  {
    plugin_host::runtime_options options;
    options.host_program = programs / "vigie-plugin-host";
    plugin_host::runtime host{options, time, seen};
    plugin_host::plugin_setup setup;
    setup.id = manifest->id;
    setup.folder = folder;
    if (!config.empty()) {
      std::ifstream in{config};
      setup.config_json.assign(std::istreambuf_iterator<char>{in}, {});
      if (!in) {
        tell(false, "configuration", config.string() + " cannot be read");
        return exit_code::failed;
      }
    }
    if (const auto loaded = host.load(setup); !loaded) {
      tell(false, "library", loaded.error().detail);
      return exit_code::failed;
    }
    tell(true, "library", "hash, symbol and ABI as the manifest says");
    started = seen.wait_running();
    tell(started, "start",
         started ? "created, initialised and started in a sandboxed process"
                 : "it did not come to run");
  }
  const auto faults = seen.faults();
  for (const auto& fault : faults) tell(false, "fault", fault);
  const bool held = started && faults.empty();
  if (held) tell(true, "stop", "ended in order");
  fmt::print("{} {}\n", manifest->id, held ? "would be loaded" : "would not be kept");
  return held ? exit_code::done : exit_code::failed;
}

}  // namespace vigie::app
