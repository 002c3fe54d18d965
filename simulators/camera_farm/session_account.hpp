// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace vigie::simulators {

/// What one session was sent.
struct session_account {
  std::uint64_t number = 0;  ///< of its camera's sessions, from 1; 0: never played
  utc_us began = 0;
  std::uint64_t frames = 0;
  std::uint64_t first_frame = 0;  ///< counter; 0: none
  std::uint64_t last_frame = 0;
  std::uint64_t dropped = 0;  ///< because the client did not read
};

/// A file of ended sessions, one JSON object per line, written as they end: a farm that reconnects
/// a million times needs no memory for it.
class session_log {
 public:
  /// Errors: io_failed.
  static result<std::unique_ptr<session_log>> create(const std::string& file);
  void add(std::string_view camera, const session_account& ended, bool torn_down, utc_us now);

 private:
  struct closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  explicit session_log(std::FILE* file) : file_{file} {}
  std::unique_ptr<std::FILE, closer> file_;
};

}  // namespace vigie::simulators
