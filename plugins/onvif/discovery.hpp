// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "failure.hpp"

namespace vigie::onvif {

struct found_device {
  std::string endpoint;  ///< its urn, to tell answers apart
  std::string address, name, hardware;
};

/// The Probe of WS-Discovery (2005/04) for network video transmitters.
std::string probe_message(std::string_view message_id);
/// The devices of a ProbeMatches that answers `message_id`; of several addresses the first of http
/// or https with an IPv4 host. At most 64 a message; anything malformed is none.
std::vector<found_device> read_probe_matches(std::string_view text, std::string_view message_id);
/// "urn:uuid:…", random.
std::string fresh_message_id();

/// "239.255.255.250:3702" and the like, IPv4. Errors: VIGIE_E_INVALID.
struct probe_target {
  std::uint32_t address = 0;  ///< network order
  std::uint16_t port = 0;
};
outcome<probe_target> parse_target(std::string_view text);

/// Probes every target twice and tells each device once, for `budget`. Errors: VIGIE_E_IO. [worker]
outcome<std::size_t> discover(const std::vector<probe_target>& targets,
                              std::chrono::milliseconds budget,
                              const std::function<void(const found_device&)>& found);

}  // namespace vigie::onvif
