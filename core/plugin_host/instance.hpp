// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "plugin_host/host_table.hpp"
#include "plugin_host/messages.hpp"

namespace vigie::plugin_host {

/// One running plugin in the process that runs it, whichever that is: life cycle, calls with their
/// arguments checked on the way back, and its view of the host. All members are called from one
/// thread, one after the other: that is what makes [control] and [worker] calls serial.
class instance {
 public:
  instance(start_order order, const clock& time, host_table::notice_sink sink);
  ~instance();  ///< frees our side only; `stop` first
  instance(const instance&) = delete;
  instance& operator=(const instance&) = delete;

  /// Loads the library and takes the plugin through create, init and start.
  start_report start();
  /// One call into the plugin. An exception that crosses the ABI answers VIGIE_E_INTERNAL and sets
  /// `is_broken`.
  answer perform(const call& what);
  /// Stop and destroy. Whatever the plugin still says is ignored from then on.
  void stop();
  /// It broke the ABI in a way that leaves its state unknown; it is not called again.
  bool is_broken() const noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace vigie::plugin_host
