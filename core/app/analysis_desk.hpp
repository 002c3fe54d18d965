// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analytics/picture_source.hpp"
#include "app/camera_places.hpp"
#include "app/state_publisher.hpp"
#include "base/clock.hpp"
#include "config/centre_config.hpp"
#include "domain/evidence.hpp"
#include "plugin_host/runtime.hpp"

namespace vigie::app {

struct analysis_ports {
  const camera_places& places;
  state_publisher& publisher;
  const clock& time;
  std::function<void(domain::finding_evidence)> find;  ///< for the camera's health
};

/// Shows cameras to analytics plugins and takes what they signal. A camera is shown only to an
/// analysis that the law lets look at it (LEG-50, LEG-57) and only while its feed runs. What a
/// technical analysis says of the picture becomes evidence of the camera's health; every signal is
/// an event on the bus. All members are [thread-safe].
class analysis_desk {
 public:
  /// `runtime` outlives the desk.
  analysis_desk(plugin_host::runtime& runtime, analysis_ports ports);

  /// A plugin of the configuration was loaded; other kinds than analytics are ignored.
  void add(const config::plugin_section& plugin);
  /// From now on pictures come from here; null: no more.
  void use(analytics::picture_source* pictures);

  void camera_started(const camera_id& camera);
  void camera_stopped(const camera_id& camera);
  /// A plugin runs (again), or not any more.
  void on_state(const plugin_host::plugin_status& status);
  /// Puts an event about a camera of the configuration on the bus.
  void tell_event(std::string_view type, const camera_id& camera, utc_us at, std::string detail);
  void on_detection(const std::string& plugin, const camera_id& camera,
                    const plugin_host::detection& signal);

 private:
  struct analysis {
    std::set<camera_id> chosen;  ///< empty: all
    bool is_running = false;
    std::set<camera_id> attached;  ///< the runtime remembers them over restarts
    /// What it found present and has not withdrawn.
    std::set<std::pair<camera_id, domain::health_cause>> found;
    bool covers(const camera_id& camera) const { return chosen.empty() || chosen.contains(camera); }
  };
  void show(const std::string& plugin, analysis& one, const camera_id& camera);
  void tell_finding(analysis& by, const camera_id& camera, const plugin_host::detection& signal);

  plugin_host::runtime& runtime_;
  const analysis_ports ports_;
  std::mutex mutex_;
  analytics::picture_source* pictures_ = nullptr;
  std::map<std::string, analysis> analyses_;  ///< those that may look
  std::set<camera_id> cameras_;               ///< whose feeds run
};

/// "began", "ended", or "seen" for an instant: VIGIE_… `active` of signals.
std::string_view phase_of(std::int32_t active) noexcept;

/// The health cause a technical event stands for; nothing for other events.
std::optional<domain::health_cause> cause_of_event(std::int32_t event_type) noexcept;

}  // namespace vigie::app
