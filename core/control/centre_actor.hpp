// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/random.hpp"
#include "control/actors.hpp"
#include "control/context.hpp"
#include "control/nursery.hpp"

namespace vigie::control {

/// Keeps what the communes report, and is their parent. [control]
class centre_shell {
 public:
  static inline const char* name = "centre";
  using pointer = centre_handle::stateful_pointer<centre_shell>;

  void start(pointer self, control_context& context);
  void on_commune_report(const commune_report& report);
  void on_commune_lost(const caf::actor_addr& who, const std::string& why);
  void on_restart(const restart_child& order);
  void on_new_centre(const new_centre& change);
  snapshot on_get_snapshot() const;
  void dismiss_communes() { communes_.let_all_go(); }

 private:
  void spawn(const domain::commune_entry& commune, bool with_memory);

  pointer self_ = nullptr;
  control_context* context_ = nullptr;
  std::shared_ptr<const domain::topology> centre_;
  std::optional<seeded_random> random_;

  nursery<commune_id, commune_handle> communes_;
  std::map<commune_id, std::shared_ptr<const commune_knowledge>> reports_;
};

/// Starts without a configuration; `new_centre` brings it.
centre_handle::behavior_type centre_actor(centre_shell::pointer self, control_context* context);

}  // namespace vigie::control
