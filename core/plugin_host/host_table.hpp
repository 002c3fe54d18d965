// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vigie/host.h>

#include <functional>
#include <memory>

#include "base/clock.hpp"
#include "plugin_host/messages.hpp"
#include "plugin_host/screen.hpp"

struct vigie_frame;

namespace vigie::plugin_host {

/// What one instance sees of the centre: its vigie_host_t and the extension tables behind it. Every
/// call of the plugin is judged by a screen before it becomes a notice.
class host_table {
 public:
  /// Takes every accepted notice, in order; called under a lock from any thread of the plugin, so
  /// it hands over and returns.
  using notice_sink = std::function<void(notice)>;
  enum class tag : std::uint8_t { control = 1, worker };

  host_table(std::uint8_t kind, std::vector<std::int32_t> events, const clock& time,
             notice_sink sink);
  ~host_table();
  host_table(const host_table&) = delete;
  host_table& operator=(const host_table&) = delete;

  const vigie_host_t* abi() const noexcept;
  /// Changes what the screen knows; in order with the notices.
  void tell_screen(const std::function<void(screen&)>& change);
  /// Takes nothing more from the plugin: it was stopped, or is given up.
  void close();
  /// False in `create`, which must not call the host.
  void allow_calls();

  /// Marks this thread as inside a call of that tag to this instance, for thread_check.
  class inside {
   public:
    inside(const host_table& table, tag which) noexcept;
    ~inside();
    inside(const inside&) = delete;
    inside& operator=(const inside&) = delete;

   private:
    const void* earlier_table_;
    tag earlier_tag_;
  };

  /// Shows one frame to `look`, which calls the plugin; the frame lives on while it is retained.
  std::int32_t show_frame(const frame_call& what,
                          const std::function<std::int32_t(const vigie_frame&)>& look);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace vigie::plugin_host
