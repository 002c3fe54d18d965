// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "control/actors.hpp"
#include "control/context.hpp"
#include "domain/camera_health_machine.hpp"

namespace vigie::control {

/// What a camera's actor is born with.
struct camera_setup {
  camera_path path;
  std::string name;
  site_handle site;
  std::shared_ptr<evidence_slot> slot;
  /// What was known before a restart; empty for a new camera.
  std::optional<domain::camera_status> known;
};

/// The shell around `domain::camera_health`. [control]
class camera_shell {
 public:
  static inline const char* name = "camera";

  camera_shell() = default;
  ~camera_shell();
  camera_shell(const camera_shell&) = delete;
  camera_shell& operator=(const camera_shell&) = delete;

  void start(camera_handle me, control_context& context, camera_setup setup);
  void on_look();
  void on_tick();

 private:
  void apply(const domain::health_input& input);
  void report(bool is_change);

  control_context* context_ = nullptr;
  camera_setup setup_;
  evidence_slot::ticket ticket_ = 0;
  domain::camera_health health_;
  mono_ns refresh_at_ = 0;
};

camera_handle::behavior_type camera_actor(camera_handle::stateful_pointer<camera_shell> self,
                                          control_context* context, camera_setup setup);

}  // namespace vigie::control
