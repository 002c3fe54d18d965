// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace vigie::rtsp {

/// A session that ended without its TEARDOWN being answered: the server may go on sending for it.
struct stale_session {
  std::string id;
  std::string uri;         ///< its aggregate URL, what TEARDOWN names
  mono_ns expires_at = 0;  ///< when the server forgets it by itself
};

/// Whether a server's own name says that it goes on sending the data of a lost session into
/// whatever connection gets the old one's descriptor: live555 before 2017-06-04 (camera-quirk 37).
bool sends_into_strangers(std::string_view tool, std::string_view server) noexcept;

/// Servers that still owe data to sessions nobody listens to, and who may dial them: the owner of
/// such a session at once, to tear it down; every other camera of the same server when it is gone
/// or has expired. Shared by all feeds of a node. [thread-safe]
class stale_sessions {
 public:
  /// Expiry of a session whose timeout is not known, a little over the RFC's 60 s.
  static constexpr std::chrono::seconds unknown_timeout{65};

  /// `owner` lost its session with `server` ("host:port").
  void lost(const std::string& server, const std::string& owner, mono_ns expires_at);
  /// That session was torn down, or has proven to be gone.
  void gone(const std::string& server, const std::string& owner);
  /// When `dialer` may dial `server`: `now`, or when the last session of another owner expires.
  mono_ns may_dial_at(const std::string& server, const std::string& dialer, mono_ns now);

 private:
  std::mutex mutex_;
  std::map<std::string, std::map<std::string, mono_ns>> by_server_;
};

}  // namespace vigie::rtsp
