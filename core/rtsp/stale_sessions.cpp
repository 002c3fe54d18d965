// SPDX-License-Identifier: Apache-2.0
#include "rtsp/stale_sessions.hpp"

#include <algorithm>

namespace vigie::rtsp {
namespace {

/// The first version that closes what it has to: "LIVE555 Streaming Media v2017.06.04".
constexpr std::string_view first_good_version = "2017.06.04";

bool is_bad_version(std::string_view text) noexcept {
  constexpr std::string_view name = "LIVE555 Streaming Media v";
  const auto at = text.find(name);
  if (at == text.npos) return false;
  const auto version = text.substr(at + name.size(), first_good_version.size());
  return version.size() == first_good_version.size() && version < first_good_version;
}

}  // namespace

bool sends_into_strangers(std::string_view tool, std::string_view server) noexcept {
  return is_bad_version(tool) || is_bad_version(server);
}

void stale_sessions::lost(const std::string& server, const std::string& owner, mono_ns expires_at) {
  const std::lock_guard lock{mutex_};
  by_server_[server][owner] = expires_at;
}

void stale_sessions::gone(const std::string& server, const std::string& owner) {
  const std::lock_guard lock{mutex_};
  const auto found = by_server_.find(server);
  if (found == by_server_.end()) return;
  found->second.erase(owner);
  if (found->second.empty()) by_server_.erase(found);
}

mono_ns stale_sessions::may_dial_at(const std::string& server, const std::string& dialer,
                                    mono_ns now) {
  const std::lock_guard lock{mutex_};
  const auto found = by_server_.find(server);
  if (found == by_server_.end()) return now;
  std::erase_if(found->second, [now](const auto& one) { return one.second <= now; });
  mono_ns latest = now;
  for (const auto& [owner, expires_at] : found->second)
    if (owner != dialer) latest = std::max(latest, expires_at);
  if (found->second.empty()) by_server_.erase(found);
  return latest;
}

}  // namespace vigie::rtsp
