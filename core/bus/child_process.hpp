// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace vigie::bus {

/// A file descriptor with an owner.
class owned_fd {
 public:
  owned_fd() = default;
  explicit owned_fd(int fd) noexcept : fd_{fd} {}
  owned_fd(owned_fd&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  owned_fd& operator=(owned_fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~owned_fd();
  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// A program that runs under us: in a process group of its own (Ctrl-C is for us to hand on),
/// without our descriptors, its output in a pipe. The kernel kills it when the thread that started
/// it ends. Private to this module.
class child_process {
 public:
  /// `command[0]` is a path. Errors: child_failed.
  static result<child_process> spawn(const std::vector<std::string>& command);
  child_process(child_process&&) noexcept = default;
  child_process& operator=(child_process&&) = delete;
  /// Kills and reaps what still runs.
  ~child_process();

  int id() const noexcept { return id_; }
  int exit_fd() const noexcept { return exit_.get(); }      ///< readable once the program ended
  int output_fd() const noexcept { return output_.get(); }  ///< non-blocking
  void signal(int number) noexcept;
  /// Waits for the end and reaps; the text says how it ended: "exit status 1", "signal 9".
  std::optional<std::string> reap(std::chrono::milliseconds wait);

 private:
  child_process(int id, owned_fd exit, owned_fd output) noexcept
      : id_{id}, exit_{std::move(exit)}, output_{std::move(output)} {}
  int id_;
  owned_fd exit_;  ///< empty once reaped
  owned_fd output_;
};

/// Where a shell would find `name`, also in the system folders that an ordinary PATH leaves out.
std::optional<std::string> find_program(const std::string& name);

}  // namespace vigie::bus
