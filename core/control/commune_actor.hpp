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

/// What a commune's actor is born with.
struct commune_setup {
  centre_handle parent;
  std::shared_ptr<const domain::commune_entry> entry;
  /// The last report before a restart; null for a new commune.
  std::shared_ptr<const commune_knowledge> known;
};

/// Counts the states of its sites' cameras, and is the parent of the sites. [control]
class commune_shell {
 public:
  static inline const char* name = "commune";
  using pointer = commune_handle::stateful_pointer<commune_shell>;

  void start(pointer self, control_context& context, commune_setup setup);
  void on_site_report(const site_report& report);
  void on_tick();
  void on_site_lost(const caf::actor_addr& who, const std::string& why);
  void on_restart(const restart_child& order);
  void on_new_commune(const new_commune& change);
  void dismiss_sites() { sites_.let_all_go(); }

 private:
  void spawn(const domain::site_entry& site, bool with_memory);
  void count();
  void report();

  pointer self_ = nullptr;
  control_context* context_ = nullptr;
  centre_handle parent_;
  std::shared_ptr<const domain::commune_entry> entry_;
  std::optional<seeded_random> random_;

  nursery<site_id, site_handle> sites_;
  std::map<site_id, site_report> reports_;
  commune_state state_;
};

commune_handle::behavior_type commune_actor(commune_shell::pointer self, control_context* context,
                                            commune_setup setup);

}  // namespace vigie::control
