// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/analysis_desk.hpp"
#include "app/exercise_desk.hpp"
#include "app/state_publisher.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "config/centre_config.hpp"
#include "domain/topology.hpp"
#include "ingest/pushed_picture.hpp"
#include "plugin_host/runtime.hpp"

namespace vigie::app {

/// Where what plugins bring goes. Called on threads of the plugins, from `load` on.
struct plugin_ports {
  std::function<void(const camera_id&, ingest::pushed_picture)> picture;
  std::function<void(const camera_id&, error)> stream_ended;
};

/// The centre's plugins: loads what the configuration names, tells their faults on the bus, asks
/// protocol plugins where a camera's video is and takes the pictures they bring. A plugin that is
/// refused or keeps failing is told and left out; everything else runs on.
class plugin_desk final : private plugin_host::plugin_listener {
 public:
  using place_answer = std::function<void(result<plugin_host::stream_place>)>;
  using done_answer = std::function<void(result<void>)>;

  /// `programs` is where vigie-plugin-host is; the others outlive the desk.
  plugin_desk(const std::filesystem::path& programs, const clock& time, state_publisher& publisher,
              plugin_ports ports, analysis_ports analysis);

  /// Loads all; what is refused is a fault on the bus and a line of log. [startup]
  void load(const std::vector<config::plugin_section>& plugins);
  /// Attaches the camera to its protocol plugin and asks for its stream. The answer comes once, on
  /// a thread of the plugin's. Errors: as the plugin says, child_failed while it does not run.
  void find_stream(const domain::camera_entry& camera, place_answer done);
  /// For a stream that the plugin pushes.
  void open_stream(const std::string& plugin, const camera_id& camera, done_answer done);
  void close_stream(const std::string& plugin, const camera_id& camera);
  void release(const domain::camera_entry& camera);

  analysis_desk& analyses() noexcept { return analyses_; }
  exercise_desk& exercises() noexcept { return exercises_; }
  std::vector<plugin_host::plugin_status> status() const { return runtime_.status(); }

 private:
  void on_packet(const std::string& plugin, const camera_id& camera,
                 plugin_host::pushed_packet packet) override;
  void on_stream_ended(const std::string& plugin, const camera_id& camera, std::int32_t why,
                       const std::string& text) override;
  void on_detection(const std::string& plugin, const camera_id& camera,
                    const plugin_host::detection& detection) override;
  void on_device_event(const std::string& plugin, const camera_id& camera,
                       const plugin_host::device_event& event) override;
  void on_delivery_report(const std::string& plugin,
                          const plugin_host::delivery_report& report) override;
  void on_fault(const plugin_host::fault_report& report) override;
  void on_state(const plugin_host::plugin_status& status) override;
  void on_log(const std::string& plugin, std::int32_t severity, const std::string& text) override;

  const std::filesystem::path programs_;
  state_publisher& publisher_;
  const plugin_ports ports_;
  analysis_desk analyses_;
  exercise_desk exercises_;
  plugin_host::runtime runtime_;  ///< last: what it says while it ends finds the desks there
};

/// Where a plugin of the configuration is: its own path, or beside Vigie's plugins under the last
/// part of its id ("fr.vigie.onvif" in plugins/onvif).
std::filesystem::path plugin_folder(const config::plugin_section& plugin,
                                    const std::filesystem::path& programs);

}  // namespace vigie::app
