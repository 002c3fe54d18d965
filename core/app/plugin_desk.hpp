// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/state_publisher.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "config/centre_config.hpp"
#include "domain/topology.hpp"
#include "plugin_host/runtime.hpp"

namespace vigie::app {

/// The centre's plugins: loads what the configuration names, tells their faults on the bus, and
/// asks protocol plugins where a camera's video is. A plugin that is refused or keeps failing is
/// told and left out; everything else runs on.
class plugin_desk final : private plugin_host::plugin_listener {
 public:
  using url_answer = std::function<void(result<std::string>)>;

  /// `programs` is where vigie-plugin-host is; the others outlive the desk.
  plugin_desk(const std::filesystem::path& programs, const clock& time, state_publisher& publisher);

  /// Loads all; what is refused is a fault on the bus and a line of log. [startup]
  void load(const std::vector<config::plugin_section>& plugins);
  /// Attaches the camera to its protocol plugin and asks for its stream. The answer comes once, on
  /// a thread of the plugin's. Errors: as the plugin says, child_failed while it does not run.
  void find_stream(const domain::camera_entry& camera, url_answer done);
  void release(const domain::camera_entry& camera);
  std::vector<plugin_host::plugin_status> status() const { return runtime_.status(); }

 private:
  void on_fault(const plugin_host::fault_report& report) override;
  void on_state(const plugin_host::plugin_status& status) override;
  void on_log(const std::string& plugin, std::int32_t severity, const std::string& text) override;

  const std::filesystem::path programs_;
  state_publisher& publisher_;
  plugin_host::runtime runtime_;
};

/// Where a plugin of the configuration is: its own path, or beside Vigie's plugins under the last
/// part of its id ("fr.vigie.onvif" in plugins/onvif).
std::filesystem::path plugin_folder(const config::plugin_section& plugin,
                                    const std::filesystem::path& programs);

}  // namespace vigie::app
