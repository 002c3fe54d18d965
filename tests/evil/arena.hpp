// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <signal.h>
#include <vigie/sdk.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "evil/outside.hpp"
#include "plugin_host/runtime.hpp"
#include "support/eventually.hpp"
#include "support/temporary_folder.hpp"

namespace vigie::test {

inline std::filesystem::path from_environment(const char* name, const char* otherwise) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : otherwise;
}

/// One line of tests/evil/plugins.json.
struct evil_entry {
  std::string name, kind, when, permissions;
  std::vector<std::string> faults;      ///< each must come, in a child; `any`: one of them
  std::vector<std::string> in_process;  ///< the same in process; empty: not run there
  bool any = false;
  std::string id() const { return "evil." + name; }
};

inline std::vector<evil_entry> read_table() {
  std::ifstream file{from_environment("VIGIE_SOURCE", ".") / "tests/evil/plugins.json"};
  std::vector<evil_entry> entries;
  for (const auto& line : nlohmann::json::parse(file))
    entries.push_back({line.at("name"), line.value("says_kind", line.at("kind")), line.at("when"),
                       line.value("permissions", ""), line.at("faults"),
                       line.value("in_process", std::vector<std::string>{}), line.contains("any")});
  return entries;
}

/// What plugins said: the faults of each by name, and whether one claims to have escaped.
class evil_witness final : public plugin_host::plugin_listener {
 public:
  void on_fault(const plugin_host::fault_report& report) override {
    const std::lock_guard lock{mutex_};
    faults_[report.plugin].insert(std::string{name_of(report.fault)});
    story_ +=
        report.plugin + ": " + std::string{name_of(report.fault)} + ": " + report.detail + "\n";
  }
  void on_log(const std::string& plugin, std::int32_t, const std::string& text) override {
    const std::lock_guard lock{mutex_};
    if (text.starts_with("escaped")) escapes_ += plugin + " " + text + "\n";
    if (plugin == "evil.polite") polite_.push_back(text);
  }
  bool has(const std::string& plugin, const std::vector<std::string>& faults, bool any) {
    const std::lock_guard lock{mutex_};
    const auto& seen = faults_[plugin];
    std::size_t met = 0;
    for (const auto& one : faults) met += seen.count(one);
    return any ? met > 0 : met == faults.size();
  }
  std::size_t faults_of(const std::string& plugin) {
    const std::lock_guard lock{mutex_};
    return faults_[plugin].size();
  }
  std::string escapes() {
    const std::lock_guard lock{mutex_};
    return escapes_;
  }
  /// What the plugin that keeps the rules said.
  std::vector<std::string> polite() {
    const std::lock_guard lock{mutex_};
    return polite_;
  }
  std::string story() {
    const std::lock_guard lock{mutex_};
    return story_;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::set<std::string>> faults_;
  std::string escapes_, story_;
  std::vector<std::string> polite_;
};

/// A runtime with a plugin that does its work, into which one hostile plugin is let in.
class arena {
 public:
  arena() : reached_{(folder_ / "door").string()} {
    std::ofstream{folder_ / "centre.toml"} << "secret";
    load("neighbour", plugin_host::isolation::child);
    if (!ask("evil.neighbour")) throw std::runtime_error{"the neighbour does not work"};
    worker_ = std::thread{[this] {
      while (!over_)
        if (!ask("evil.neighbour")) ++disturbed_;
    }};
  }
  ~arena() { stop_neighbour(); }

  void load(const std::string& name, plugin_host::isolation how) {
    const nlohmann::json config{{"file", (folder_ / "centre.toml").string()},
                                {"unix", reached_.path()},
                                {"port", reached_.port()}};
    const auto id = "evil." + name;
    // A refusal is a fault like any other: the witness has it.
    static_cast<void>(host_.load(
        {id, from_environment("VIGIE_EVIL", "build/release/evil") / name, how, config.dump(), {}}));
    plugin_host::camera_setup camera;
    camera.camera = camera_id{"cam-1"};
    camera.address = "127.0.0.1";
    host_.attach(id, camera, {});
  }
  /// Does with the plugin what a centre would, again and again, until `holds`.
  template <class Condition>
  bool provoke(const evil_entry& entry, Condition holds) {
    return eventually(std::chrono::seconds{25}, [&] {
      if (entry.when == "frame") show(entry.id());
      if (entry.when == "call" && !call_open_.exchange(true))
        host_.resolve_stream(entry.id(), camera_id{"cam-1"}, [this](auto) { call_open_ = false; });
      return holds();
    });
  }
  /// The neighbour worked all the time: nothing failed, nothing was started again.
  bool neighbour_was_left_alone() {
    stop_neighbour();
    for (const auto& one : host_.status())
      if (one.id == "evil.neighbour")
        return disturbed_ == 0 && one.starts == 1 && one.faults == 0 && one.process > 0;
    return false;
  }
  evil_witness& seen() { return seen_; }
  outside& reached() { return reached_; }

 private:
  bool ask(const std::string& id) {
    auto promise = std::make_shared<std::promise<bool>>();
    auto answer = promise->get_future();
    host_.resolve_stream(id, camera_id{"cam-1"},
                         [promise](auto place) { promise->set_value(place.has_value()); });
    return answer.wait_for(std::chrono::seconds{20}) == std::future_status::ready && answer.get();
  }
  void show(const std::string& id) {
    auto bytes = std::make_shared<std::vector<std::uint8_t>>(64 * 48, std::uint8_t{9});
    host_.offer_frame(id, camera_id{"cam-1"},
                      {VIGIE_PIXEL_GRAY8, 64, 48, 1'700'000'000'000'000, *bytes, bytes});
  }
  void stop_neighbour() {
    over_ = true;
    if (worker_.joinable()) worker_.join();
  }

  temporary_folder folder_;
  outside reached_;
  system_clock time_;
  evil_witness seen_;
  std::atomic<bool> call_open_{false};
  std::atomic<bool> over_{false};
  std::atomic<int> disturbed_{0};
  plugin_host::runtime host_{
      {.host_program = from_environment("VIGIE_BIN", "build/release/bin") / "vigie-plugin-host",
       .deadlines = {},
       .supervision = {},
       .seed = 7},
      time_,
      seen_};
  std::thread worker_;
};

}  // namespace vigie::test
