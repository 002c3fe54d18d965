// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "plugin_host/facts.hpp"
#include "plugin_host/supervision.hpp"

namespace vigie::plugin_host {

enum class plugin_state : std::uint8_t {
  starting = 1,
  running,
  waiting,      ///< ended by a fault, will be started again
  quarantined,  ///< too many faults: left alone for a while
  refused,      ///< its manifest or library was refused: a human must act
  stopped,
};
std::string_view name_of(plugin_state state) noexcept;

/// What a list of plugins shows.
struct plugin_status {
  std::string id;
  std::string version;
  plugin_kind kind = plugin_kind::protocol;
  plugin_host::isolation isolation = plugin_host::isolation::child;
  plugin_state state = plugin_state::starting;
  std::string detail;  ///< why it is in this state, empty when all is well
  int process = 0;     ///< of the child, 0 when there is none
  std::size_t cameras = 0;
  std::uint64_t starts = 0, faults = 0;
  std::uint64_t calls = 0, late_or_failed_calls = 0;
  std::uint64_t frames_offered = 0, frames_dropped = 0;
  std::string missing_protection;  ///< sandbox layers this kernel does not grant, empty when none
};

struct fault_report {
  std::string plugin;
  plugin_host::fault fault = fault::crashed;
  std::string detail;               ///< a sentence for the operator; never a secret
  std::optional<camera_id> camera;  ///< when it was about one
};

/// What plugins bring. Called on the thread of the plugin's runner: hand over and return; another
/// plugin is never held up. Every value is checked against the plugin's manifest and cameras.
class plugin_listener {
 public:
  virtual ~plugin_listener() = default;
  virtual void on_packet(const std::string& /*plugin*/, const camera_id& /*camera*/,
                         pushed_packet /*packet*/) {}
  /// A pushed stream ended by itself; `why` is VIGIE_E_….
  virtual void on_stream_ended(const std::string& /*plugin*/, const camera_id& /*camera*/,
                               std::int32_t /*why*/, const std::string& /*text*/) {}
  virtual void on_device_event(const std::string& /*plugin*/, const camera_id& /*camera*/,
                               const device_event& /*event*/) {}
  virtual void on_detection(const std::string& /*plugin*/, const camera_id& /*camera*/,
                            const detection& /*detection*/) {}
  virtual void on_delivery_report(const std::string& /*plugin*/,
                                  const delivery_report& /*report*/) {}
  virtual void on_fault(const fault_report& /*report*/) {}
  virtual void on_state(const plugin_status& /*status*/) {}
  /// `severity` is VIGIE_LOG_…; the text is one printable line.
  virtual void on_log(const std::string& /*plugin*/, std::int32_t /*severity*/,
                      const std::string& /*text*/) {}
};

struct runtime_options {
  std::filesystem::path host_program;  ///< vigie-plugin-host
  call_deadlines deadlines;
  supervision_policy supervision;
  std::uint64_t seed = 1;  ///< of the back-off's jitter
};

/// All plugins of a node: loads them, keeps them apart, starts them again, and carries calls to
/// them. Every call is asynchronous and answered exactly once: by the plugin, by the deadline, or
/// at once when the plugin is not running (child_failed). Answers come on the plugin's runner
/// thread. After a restart the runtime attaches the cameras again and opens streams that were open.
/// All members are [thread-safe] unless said otherwise.
class runtime {
 public:
  template <class T>
  using answer_to = std::function<void(result<T>)>;

  /// `listener` and `time` outlive this object.
  runtime(runtime_options options, const clock& time, plugin_listener& listener);
  ~runtime();  ///< stops all; answers every open call
  runtime(const runtime&) = delete;
  runtime& operator=(const runtime&) = delete;

  /// Checks the manifest and the library, then starts the plugin. What the manifest is refused for
  /// is returned and also reported as a fault. Errors: config_invalid, not_found.
  result<void> load(const plugin_setup& setup);
  /// Ends a quarantine or a wait now. Errors: not_found.
  result<void> release(const std::string& plugin);
  std::vector<plugin_status> status() const;
  std::optional<manifest> manifest_of(const std::string& plugin) const;
  /// What an analytics plugin wants to see; empty until it runs.
  std::optional<frame_wish> wish_of(const std::string& plugin) const;

  // Cameras, of protocol and analytics plugins alike
  void attach(const std::string& plugin, camera_setup camera, answer_to<void> done);
  void detach(const std::string& plugin, const camera_id& camera, answer_to<void> done);

  // Protocol
  void discover(const std::string& plugin, std::chrono::milliseconds budget,
                answer_to<std::vector<discovered_device>> done);
  void resolve_stream(const std::string& plugin, const camera_id& camera,
                      answer_to<stream_place> done);
  void open_stream(const std::string& plugin, const camera_id& camera, answer_to<void> done);
  void close_stream(const std::string& plugin, const camera_id& camera, answer_to<void> done);
  void describe_device(const std::string& plugin, const camera_id& camera,
                       answer_to<device_facts> done);
  /// The device's own UTC.
  void ask_clock(const std::string& plugin, const camera_id& camera, answer_to<utc_us> done);
  /// Speeds -1..1; stops by itself after `timeout`.
  void ptz_move(const std::string& plugin, const camera_id& camera, double pan, double tilt,
                double zoom, std::chrono::milliseconds timeout, answer_to<void> done);
  void ptz_stop(const std::string& plugin, const camera_id& camera, answer_to<void> done);
  void ptz_presets(const std::string& plugin, const camera_id& camera,
                   answer_to<std::vector<ptz_preset>> done);
  void ptz_go_to(const std::string& plugin, const camera_id& camera, std::string token,
                 answer_to<void> done);
  void list_masks(const std::string& plugin, const camera_id& camera,
                  answer_to<std::vector<privacy_mask>> done);
  /// The answer carries the token the device gave.
  void set_mask(const std::string& plugin, const camera_id& camera, privacy_mask mask,
                answer_to<privacy_mask> done);

  // Analytics
  /// Shows one picture. False when it was dropped: not running, not attached, or its queue is full
  /// (analytics are shed first).
  bool offer_frame(const std::string& plugin, const camera_id& camera, picture frame);

  // Notifier
  /// Success: the plugin took it; the outcome follows as a delivery report.
  void deliver(const std::string& plugin, notification what, answer_to<void> done);
  void probe(const std::string& plugin, std::string recipient, answer_to<void> done);

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace vigie::plugin_host
