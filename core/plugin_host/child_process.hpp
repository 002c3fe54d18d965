// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace vigie::plugin_host {

/// Descriptor number under which a child finds its channel to the centre.
inline constexpr int child_channel_fd = 3;

/// A child that runs work we do not trust. It inherits nothing but its channel (a connected stream
/// socket) and stderr; it is killed and reaped with this object. One owner, one thread.
class child_process {
 public:
  /// Starts `program` with `arguments`. Errors: child_failed, with the system's reason.
  static result<child_process> spawn(const std::filesystem::path& program,
                                     const std::vector<std::string>& arguments);
  child_process(child_process&& other) noexcept;
  child_process& operator=(child_process&& other) noexcept;
  ~child_process();

  /// Our end of the channel, non-blocking; owned by this object.
  int channel() const noexcept { return channel_; }
  pid_t pid() const noexcept { return pid_; }
  /// False once the child has ended (and was reaped).
  bool alive() noexcept;
  /// How it ended, for the log: "exit 1", "signal 11". Empty while alive.
  const std::string& ending() const noexcept { return ending_; }

 private:
  child_process(pid_t pid, int channel) noexcept : pid_{pid}, channel_{channel} {}
  void end() noexcept;

  pid_t pid_ = -1;
  int channel_ = -1;
  std::string ending_;
};

}  // namespace vigie::plugin_host
