// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include "media/access_unit.hpp"

namespace vigie::ingest {

/// A consumer of one feed. Called on the feed's shard thread only. Must not block: a sink that
/// needs work owns a bounded queue and drops whole GOPs, counting them. [ingest]
class sink {
 public:
  virtual ~sink() = default;
  virtual void on_access_unit(const media::access_unit_ptr& unit) noexcept = 0;
  /// True while somebody watches: the feed's socket is then read at every arrival, not swept a few
  /// times a second. Asked often; must not change while the sink is attached.
  virtual bool wants_immediacy() const noexcept { return false; }
  /// The session ended (for any reason); what is buffered should reach its destination. The feed
  /// may come back later with a higher stream generation.
  virtual void on_end_of_session() noexcept {}
  /// Bytes it holds of this camera, queues beyond it included; asked at every picture.
  virtual std::size_t held_bytes() const noexcept { return 0; }
  /// The camera holds more than its budget: gives up what is buffered, up to the next key frame.
  virtual void relieve() noexcept {}
};

using sink_ptr = std::shared_ptr<sink>;

}  // namespace vigie::ingest
