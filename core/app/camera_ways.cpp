// SPDX-License-Identifier: Apache-2.0
#include "app/camera_ways.hpp"

#include <utility>

namespace vigie::app {

camera_ways::camera_ways(const std::vector<config::quirk_section>& rules)
    : stale_sessions{std::make_shared<rtsp::stale_sessions>()},
      totals{std::make_shared<ingest::quirk_totals>()},
      memory{std::make_shared<ingest::memory_ledger>()} {
  std::vector<rtsp::quirk_rule> out;
  for (const auto& rule : rules)
    out.push_back(
        {rule.camera, rule.vendor, rule.server, rule.user_agent, rule.tool, rule.settings});
  if (!out.empty()) quirks = std::make_shared<const rtsp::quirk_book>(std::move(out));
}

void camera_ways::apply(const domain::pull_settings& pull, ingest::feed_config& into) const {
  into.vendor = pull.vendor;
  into.tls = {pull.ca_file, pull.certificate_sha256};
  if (pull.prefers_udp) into.policies.transport = rtsp::transport_policy::udp;
  into.quirks = quirks;
  into.stale_sessions = stale_sessions;
  into.totals = totals;
  into.memory = memory;
}

ingest::quirk_tally camera_ways::met() const noexcept {
  ingest::quirk_tally out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = totals->value(i);
  return out;
}

}  // namespace vigie::app
