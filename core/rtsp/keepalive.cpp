// SPDX-License-Identifier: Apache-2.0
#include "rtsp/keepalive.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace vigie::rtsp {
namespace {

/// The rungs for what is advertised. OPTIONS ends the ladder: even refused it refreshes most
/// servers, and media silence judges the rest.
struct rungs {
  std::array<std::string_view, 4> methods;
  std::uint8_t count = 0;
  void add(std::string_view method) noexcept { methods[count++] = method; }
};

rungs rungs_for(public_methods advertised) noexcept {
  rungs out;
  if (advertised.get_parameter) out.add("GET_PARAMETER");
  out.add("OPTIONS");
  if (advertised.set_parameter) {
    out.add("SET_PARAMETER");
    out.add("OPTIONS");
  }
  return out;
}

}  // namespace

std::string_view keepalive_ladder::method() const noexcept {
  switch (policy_) {
    case keepalive_policy::off:
      return {};
    case keepalive_policy::get_parameter:
      return "GET_PARAMETER";
    case keepalive_policy::options:
      return "OPTIONS";
    case keepalive_policy::set_parameter:
      return "SET_PARAMETER";
    case keepalive_policy::automatic:
      break;
  }
  const auto ladder = rungs_for(advertised_);
  return ladder.methods[std::min<std::size_t>(demotions_, ladder.count - 1u)];
}

bool keepalive_ladder::demote() noexcept {
  if (policy_ != keepalive_policy::automatic) return false;
  if (demotions_ + 1 >= rungs_for(advertised_).count) return false;
  ++demotions_;
  return true;
}

std::chrono::nanoseconds keepalive_interval(std::chrono::seconds session_timeout,
                                            random_source& random) noexcept {
  using std::chrono::nanoseconds;
  using std::chrono::seconds;
  const auto half =
      std::max(nanoseconds{std::min(session_timeout, seconds{60})} / 2, nanoseconds{seconds{1}});
  return nanoseconds{
      static_cast<std::int64_t>(static_cast<double>(half.count()) * (0.9 + 0.2 * random.unit()))};
}

}  // namespace vigie::rtsp
