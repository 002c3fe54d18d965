// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/random.hpp"
#include "control/actors.hpp"
#include "control/context.hpp"
#include "control/nursery.hpp"
#include "domain/site_correlation.hpp"

namespace vigie::control {

/// What a site's actor is born with.
struct site_setup {
  commune_id commune;
  commune_handle parent;
  std::shared_ptr<const domain::site_entry> entry;
  /// The last report before a restart; empty for a new site.
  std::optional<site_report> known;
};

/// The shell around `domain::site_health`, and the parent of the site's cameras. [control]
class site_shell {
 public:
  static inline const char* name = "site";
  using pointer = site_handle::stateful_pointer<site_shell>;

  void start(pointer self, control_context& context, site_setup setup);
  void on_camera_report(const camera_report& report);
  void on_tick();
  void on_deadline();
  void on_camera_lost(const caf::actor_addr& who, const std::string& why);
  void on_restart(const restart_child& order);
  void on_new_site(const new_site& change);
  void dismiss_cameras() { cameras_.let_all_go(); }

 private:
  void adopt(const domain::site_entry& entry);
  void spawn(const domain::camera_entry& camera, std::optional<domain::camera_status> known);
  void settle(domain::site_step stepped);
  bool refresh_state();
  void publish_state();
  void report();
  void declare_unsupervised(const camera_id& camera, const std::string& why);
  camera_state* find(const camera_id& camera);
  const domain::camera_entry* entry_of(const std::string& camera) const;

  pointer self_ = nullptr;
  control_context* context_ = nullptr;
  commune_handle parent_;
  std::shared_ptr<const domain::site_entry> entry_;
  std::optional<seeded_random> random_;

  nursery<camera_id, camera_handle> cameras_;
  domain::site_health health_;
  site_view view_;
  std::optional<mono_ns> reminder_at_;  ///< of the earliest `deadline_due` under way
  mono_ns refresh_at_ = 0;
};

site_handle::behavior_type site_actor(site_shell::pointer self, control_context* context,
                                      site_setup setup);

}  // namespace vigie::control
