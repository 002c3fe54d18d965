// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace vigie::ingest {

/// A rate with a burst, on injected time. Taking always succeeds but may lie in the future: whoever
/// takes waits until the returned instant, in the order of asking.
class token_bucket {
 public:
  /// `per_second` > 0; `burst` ≥ 1 tokens may be taken at once after a rest.
  token_bucket(double per_second, double burst) noexcept
      : interval_ns_{1e9 / std::max(per_second, 1e-3)}, depth_ns_{interval_ns_ * (burst - 1)} {}

  /// The instant, `now` or later, at which one token may be spent; it counts as spent.
  mono_ns take(mono_ns now) noexcept {
    const mono_ns at = std::max(now, when(now));
    next_ns_ = std::max(next_ns_, static_cast<double>(at)) + interval_ns_;
    return at;
  }
  /// What `take` would answer, without taking.
  mono_ns when(mono_ns now) const noexcept {
    return std::max(now, static_cast<mono_ns>(next_ns_ - depth_ns_));
  }

 private:
  double interval_ns_;
  double depth_ns_;
  double next_ns_ = -1e18;  ///< when the bucket is full again; long ago at first
};

/// Decides when a feed may dial, so that a reconnect storm hurts neither this node nor the thin
/// line of a site. A feed books its site's slot, waits for it, and only then books the node's: a
/// site with a thousand waiting cameras thus never holds slots that the cameras of another could
/// use.
class dial_pacer {
 public:
  virtual ~dial_pacer() = default;
  /// Books one dial to `site`. Answers the instant, `now` or later, of its slot.
  virtual mono_ns reserve_site(const site_id& site, mono_ns now) = 0;
  /// Books one dial of this node, in the order of asking.
  virtual mono_ns reserve_node(mono_ns now) = 0;
};

/// Paces by token buckets: one of the node, one per site. A burst is a second's worth of the rate.
/// Pure and not thread-safe.
class bucket_pacer final : public dial_pacer {
 public:
  bucket_pacer(double per_second, double per_site_per_second)
      : node_{per_second, std::max(1.0, per_second)}, per_site_{per_site_per_second} {}

  mono_ns reserve_site(const site_id& site, mono_ns now) override {
    return sites_.try_emplace(site, per_site_, std::max(1.0, per_site_)).first->second.take(now);
  }
  mono_ns reserve_node(mono_ns now) override { return node_.take(now); }

 private:
  token_bucket node_;
  double per_site_;
  std::unordered_map<site_id, token_bucket> sites_;
};

}  // namespace vigie::ingest
