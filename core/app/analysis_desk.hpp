// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "analytics/picture_order.hpp"
#include "app/camera_places.hpp"
#include "app/purpose_gate.hpp"
#include "base/clock.hpp"
#include "base/task_thread.hpp"
#include "bus/messages.hpp"
#include "config/centre_config.hpp"
#include "domain/evidence.hpp"
#include "journal/access_journal.hpp"
#include "plugin_host/runtime.hpp"

namespace vigie::app {

struct analysis_ports {
  const camera_places& places;
  purpose_gate& gate;
  const clock& time;
  std::function<void(bus::event_message)> tell;        ///< an event about a camera
  std::function<void(domain::finding_evidence)> find;  ///< for the camera's health
  /// Durable when it returns; may block. What fails keeps a gate shut.
  std::function<result<void>(const journal::access_entry&)> journal;
};

/// What the desk wants of the plugins' runtime.
struct analysis_host {
  std::function<std::optional<plugin_host::manifest>(const std::string& plugin)> manifest_of;
  std::function<std::optional<plugin_host::frame_wish>(const std::string& plugin)> wish_of;
  std::function<std::vector<plugin_host::plugin_status>()> status;
  std::function<void(const std::string& plugin, const camera_id&)> attach;
  std::function<void(const std::string& plugin, const camera_id&)> detach;
  std::function<void(const std::string& plugin, const camera_id&, plugin_host::picture)> offer;
};

/// Where pictures come from.
struct picture_door {
  std::function<void(const camera_id&, const std::string& who, analytics::picture_order)> order;
  std::function<void(const camera_id&, const std::string& who)> cancel;
};

struct analysis_counts {
  std::uint64_t open = 0;             ///< cameras that analyses of security events look at now
  std::uint64_t refused = 0;          ///< times an analysis wanted a camera and was refused
  std::uint64_t ended = 0;            ///< times a permission ended under a running analysis
  std::uint64_t withheld_frames = 0;  ///< pictures on their way when a permission had ended
  std::uint64_t suppressed = 0;       ///< statistics below the threshold, and signals without right
};

/// Shows cameras to analytics plugins and takes what they signal. A camera is shown only while the
/// purpose gate lets that analysis look at it (M17) and its feed runs; each picture asks the clock
/// once more. What a technical analysis says of the picture becomes evidence of the camera's
/// health; every signal is an event on the bus. Beginning and end of an analysis of security
/// events, and refusals, stand in the journal; without its entry no picture is shown. All members
/// are [thread-safe].
class analysis_desk {
 public:
  analysis_desk(analysis_host host, analysis_ports ports);
  ~analysis_desk();

  /// A plugin of the configuration was loaded; other kinds than analytics are ignored.
  void add(const config::plugin_section& plugin);
  /// From now on pictures come from here; nothing: no more.
  void use(std::optional<picture_door> pictures);

  void camera_started(const camera_id& camera);
  void camera_stopped(const camera_id& camera);
  /// A plugin runs (again), or not any more.
  void on_state(const plugin_host::plugin_status& status);
  /// Asks the gate again for everything that runs: time passed, or what two persons decided. Once a
  /// second.
  void review();
  /// Puts an event about a camera of the configuration on the bus.
  void tell_event(std::string_view type, const camera_id& camera, utc_us at, std::string detail);
  /// False: it may not look at that camera, or not now.
  bool on_detection(const std::string& plugin, const camera_id& camera,
                    const plugin_host::detection& signal);
  /// Whether any analysis of security events is loaded: nothing else needs a review.
  bool is_watching() const;
  analysis_counts counts() const;

 private:
  enum class way : std::uint8_t { asked = 1, open, refused };
  struct sight {
    way state = way::asked;
    utc_us until = 0;  ///< of an open one
  };
  struct analysis {
    std::set<camera_id> chosen;  ///< empty: all
    bool is_watched = false;     ///< signals security events: every beginning is journalled
    bool is_statistical = false;
    std::optional<domain::purpose> purpose;  ///< the first it declares
    bool is_running = false;
    std::map<camera_id, sight> sights;  ///< of cameras whose feeds run
    std::set<camera_id> attached;       ///< the runtime remembers them over restarts
    /// What it found present and has not withdrawn.
    std::set<std::pair<camera_id, domain::health_cause>> found;
    bool covers(const camera_id& camera) const { return chosen.empty() || chosen.contains(camera); }
  };
  using refusal_key = std::tuple<std::string, commune_id, std::string>;

  void consider(const std::string& plugin, analysis& one, const camera_id& camera);
  void begin(const std::string& plugin, analysis& one, const camera_id& camera,
             const domain::gate_answer& answer);
  void show(const std::string& plugin, analysis& one, const camera_id& camera, utc_us until);
  void hide(const std::string& plugin, analysis& one, const camera_id& camera);
  void end(const std::string& plugin, analysis& one, const camera_id& camera,
           const domain::gate_answer& answer);
  void refuse(const std::string& plugin, const camera_id& camera,
              const domain::gate_condition& why);
  bool may_signal(const analysis& one, const camera_id& camera,
                  const plugin_host::detection& signal) const;
  void tell_finding(analysis& by, const camera_id& camera, const plugin_host::detection& signal);

  const analysis_host host_;
  const analysis_ports ports_;
  mutable std::mutex mutex_;
  std::optional<picture_door> pictures_;
  std::map<std::string, analysis> analyses_;
  std::set<camera_id> cameras_;          ///< whose feeds run
  std::set<refusal_key> told_refusals_;  ///< journalled once each
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::uint64_t> ended_{0};
  std::atomic<std::uint64_t> withheld_{0};
  std::atomic<std::uint64_t> suppressed_{0};
  task_thread clerk_;  ///< writes the journal
};

/// "began", "ended", or "seen" for an instant: VIGIE_… `active` of signals.
std::string_view phase_of(std::int32_t active) noexcept;

/// The health cause a technical event stands for; nothing for other events.
std::optional<domain::health_cause> cause_of_event(std::int32_t event_type) noexcept;

}  // namespace vigie::app
