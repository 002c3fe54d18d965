// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "config/centre_config.hpp"
#include "ingest/feed_config.hpp"

namespace vigie::app {

/// What all pulls of a node share about the ways of cameras: the overrides of the quirks file, the
/// servers that still owe data to lost sessions, and the counters of what was met.
struct camera_ways {
  std::shared_ptr<const rtsp::quirk_book> quirks;
  std::shared_ptr<rtsp::stale_sessions> stale_sessions;
  std::shared_ptr<ingest::quirk_totals> totals;
  std::shared_ptr<ingest::memory_ledger> memory;

  /// [startup]
  explicit camera_ways(const std::vector<config::quirk_section>& rules);
  /// Fills in the shared parts, and what the camera's own entry says of its pull. [thread-safe]
  void apply(const domain::pull_settings& pull, ingest::feed_config& into) const;
  ingest::quirk_tally met() const noexcept;
};

}  // namespace vigie::app
