// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "config/centre_config.hpp"

namespace vigie::app {

/// A running centre: every room, joined. Start order is storage, bus, media, actors, gateway; stop
/// order is the reverse, so that the last frames and events still find their way to disk.
class centre_runtime {
 public:
  /// `programs`: the folder of vigie's own binaries (its children are there).
  /// Errors: with the room's own reason, fit for an operator. [startup]
  static result<std::unique_ptr<centre_runtime>> start(config::centre_config config,
                                                       const std::filesystem::path& programs);
  ~centre_runtime();  ///< stops everything in order
  centre_runtime(const centre_runtime&) = delete;
  centre_runtime& operator=(const centre_runtime&) = delete;

  /// Once a second, from the main thread: heartbeat, frozen-bus check, retention when due.
  void pulse();
  std::string dashboard_url() const;

 private:
  class impl;
  explicit centre_runtime(std::unique_ptr<impl> i);
  std::unique_ptr<impl> impl_;
};

}  // namespace vigie::app
