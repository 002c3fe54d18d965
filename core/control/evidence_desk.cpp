// SPDX-License-Identifier: Apache-2.0
#include "control/evidence_desk.hpp"

#include <algorithm>
#include <utility>

#include "domain/picture_judge.hpp"

namespace vigie::control {

evidence_slot::feed_mark evidence_slot::mark_of(const domain::feed_evidence& e) {
  feed_mark mark{e.phase, {}, e.sessions};
  if (e.trouble) mark.trouble = e.trouble->code;
  return mark;
}

/// The reader is called without the lock: its mailbox has locks of its own.
void evidence_slot::call_reader(lock& held) {
  if (look_under_way_ || !look_) return;
  look_under_way_ = true;
  const auto look = look_;
  held.unlock();
  (*look)();
}

evidence_slot::ticket evidence_slot::attach(wake look) {
  lock held{mutex_};
  look_ = std::make_shared<const wake>(std::move(look));
  look_under_way_ = false;
  const auto mine = ++reader_;
  const bool something_waits = !waiting_.feeds.empty() || !waiting_.pictures.empty() ||
                               !waiting_.findings.empty() || waiting_.recording;
  if (something_waits) call_reader(held);
  return mine;
}

void evidence_slot::detach(ticket reader) {
  lock held{mutex_};
  if (reader == reader_) look_.reset();
}

evidence_batch evidence_slot::take(ticket reader) {
  lock held{mutex_};
  if (reader != reader_) return {};
  look_under_way_ = false;
  return std::exchange(waiting_, {});
}

std::size_t evidence_slot::put(domain::feed_evidence evidence) {
  lock held{mutex_};
  const auto mark = mark_of(evidence);
  const bool urgent = last_feed_ != mark;
  last_feed_ = mark;
  last_feed_at_ = evidence.at_mono_ns;
  auto& feeds = waiting_.feeds;
  const bool supersedes =
      !feeds.empty() && (mark_of(feeds.back()) == mark || feeds.size() >= capacity);
  if (supersedes)
    feeds.back() = std::move(evidence);
  else
    feeds.push_back(std::move(evidence));
  if (urgent) call_reader(held);
  return supersedes ? 1 : 0;
}

std::size_t evidence_slot::put(domain::picture_evidence evidence) {
  lock held{mutex_};
  const bool remarkable = domain::is_remarkable(evidence);
  const bool urgent = std::exchange(last_picture_remarkable_, remarkable) || remarkable;
  auto& pictures = waiting_.pictures;
  const bool supersedes = pictures.size() >= capacity;
  if (supersedes)
    pictures.back() = std::move(evidence);
  else
    pictures.push_back(std::move(evidence));
  if (urgent) call_reader(held);
  return supersedes ? 1 : 0;
}

std::size_t evidence_slot::put(domain::finding_evidence evidence) {
  lock held{mutex_};
  auto& findings = waiting_.findings;
  const auto same = std::find_if(findings.begin(), findings.end(),
                                 [&](const auto& known) { return known.cause == evidence.cause; });
  const bool supersedes = same != findings.end();  // few causes: never more items than those
  if (supersedes)
    *same = std::move(evidence);
  else
    findings.push_back(std::move(evidence));
  call_reader(held);
  return supersedes ? 1 : 0;
}

std::size_t evidence_slot::put(domain::recording_evidence evidence) {
  lock held{mutex_};
  const bool failed = evidence.trouble.has_value();
  const bool urgent = std::exchange(last_recording_failed_, failed) != failed;
  const bool supersedes = waiting_.recording.has_value();
  waiting_.recording = std::move(evidence);
  if (urgent) call_reader(held);
  return supersedes ? 1 : 0;
}

void evidence_slot::add_age(health_ages& sum, mono_ns now) {
  const mono_ns judged_at = judged_at_;
  if (judged_at == 0) return;  // configured a moment ago
  lock held{mutex_};
  const bool advances = last_feed_ && last_feed_->phase == domain::feed_phase::advancing;
  sum.add(judged_at, advances ? std::optional{last_feed_at_} : std::nullopt, now);
}

void evidence_desk::open(const camera_id& camera) {
  auto fresh = std::make_shared<evidence_slot>();
  std::unique_lock held{mutex_};
  slots_[camera] = std::move(fresh);
}

void evidence_desk::close(const camera_id& camera) {
  std::unique_lock held{mutex_};
  slots_.erase(camera);
}

health_ages evidence_desk::ages(mono_ns now) const {
  health_ages sum;
  std::shared_lock held{mutex_};
  for (const auto& [camera, slot] : slots_) slot->add_age(sum, now);
  return sum;
}

std::shared_ptr<evidence_slot> evidence_desk::find(const camera_id& camera) const {
  std::shared_lock held{mutex_};
  const auto found = slots_.find(camera);
  return found == slots_.end() ? nullptr : found->second;
}

}  // namespace vigie::control
