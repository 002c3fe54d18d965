// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "control/health_ages.hpp"
#include "domain/evidence.hpp"

// Where the media wing leaves its evidence and the camera actors collect it. It bounds what an
// actor's mailbox can hold: however much is posted, at most one "look" is under way per camera.
namespace vigie::control {

/// What waited for one camera, oldest first within a kind.
struct evidence_batch {
  std::vector<domain::feed_evidence> feeds;
  std::vector<domain::picture_evidence> pictures;
  std::vector<domain::finding_evidence> findings;
  std::optional<domain::recording_evidence> recording;  ///< the latest
};

/// The tray of one camera. It outlives a crash of its reader, so that no evidence is lost with it.
/// [thread-safe]
class evidence_slot {
 public:
  /// Beyond so many waiting items of a kind, the newest replaces the one before it.
  static constexpr std::size_t capacity = 8;
  using wake = std::function<void()>;
  using ticket = std::uint64_t;

  /// Makes the caller the reader; an earlier reader's ticket takes nothing any more. `look` is
  /// called on the poster's thread when something urgent waits, at once if something does already.
  ticket attach(wake look);
  void detach(ticket reader);

  /// Takes what waits. Empty for anybody but the present reader.
  evidence_batch take(ticket reader);

  /// Each says how many waiting items it superseded (0 or 1). Urgent, hence waking the reader: a
  /// feed whose phase, trouble or session changed, a picture that may change a judgement or that
  /// follows one, a finding, a recorder that fails or recovers. Everything else waits for the
  /// reader's next look.
  std::size_t put(domain::feed_evidence evidence);
  std::size_t put(domain::picture_evidence evidence);
  std::size_t put(domain::finding_evidence evidence);
  std::size_t put(domain::recording_evidence evidence);

  /// The reader has drawn its conclusions from all it took.
  void judged(mono_ns now) noexcept { judged_at_ = now; }
  /// Adds this camera to `sum`, once it was judged.
  void add_age(health_ages& sum, mono_ns now);

 private:
  using lock = std::unique_lock<std::mutex>;
  void call_reader(lock& held);

  std::mutex mutex_;
  std::shared_ptr<const wake> look_;
  ticket reader_ = 0;
  bool look_under_way_ = false;
  evidence_batch waiting_;

  struct feed_mark {
    domain::feed_phase phase = domain::feed_phase::idle;
    std::optional<errc> trouble;
    std::uint64_t sessions = 0;
    friend bool operator==(const feed_mark&, const feed_mark&) = default;
  };
  static feed_mark mark_of(const domain::feed_evidence& e);
  std::optional<feed_mark> last_feed_;
  bool last_picture_remarkable_ = false;
  bool last_recording_failed_ = false;
  mono_ns last_feed_at_ = 0;
  std::atomic<mono_ns> judged_at_{0};
};

/// All trays, by camera: the one look-up between a report and its camera. [thread-safe]
class evidence_desk {
 public:
  /// A fresh tray for that camera; an earlier one is forgotten with what waited in it.
  void open(const camera_id& camera);
  void close(const camera_id& camera);
  /// Null for a camera without a tray.
  std::shared_ptr<evidence_slot> find(const camera_id& camera) const;

  template <class Evidence>
  void post(Evidence evidence) {
    if (const auto slot = find(evidence.camera))
      coalesced_ += slot->put(std::move(evidence));
    else
      ++unknown_;
  }

  health_ages ages(mono_ns now) const;
  std::uint64_t unknown() const noexcept { return unknown_; }
  std::uint64_t coalesced() const noexcept { return coalesced_; }

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<camera_id, std::shared_ptr<evidence_slot>> slots_;
  std::atomic<std::uint64_t> unknown_{0};
  std::atomic<std::uint64_t> coalesced_{0};
};

}  // namespace vigie::control
