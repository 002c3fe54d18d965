// SPDX-License-Identifier: Apache-2.0
#include "incidents/intake.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace vigie::incidents {
namespace {

/// Raises with this in common are one, told as many. Persons' raises stay apart: each is answered.
std::string cause_of(const raise_task& raised) {
  if (raised.done || raised.from.kind == domain::sender_kind::person) return {};
  const auto& s = raised.signal;
  std::string key;
  for (const auto* part : {&raised.from.name, &s.commune.str(), &s.site.str(), &s.source})
    key += *part + '\x1f';
  key += static_cast<char>(s.kind);
  key += static_cast<char>(s.origin);
  return key;
}

}  // namespace

bool intake::push(desk_task task) {
  {
    std::lock_guard lock{mutex_};
    if (is_closed_) return false;
    std::string cause;
    if (const auto* raised = std::get_if<raise_task>(&task)) cause = cause_of(*raised);
    if (!cause.empty()) {
      if (const auto found = joined_.find(cause); found != joined_.end()) {
        const auto more = std::get<raise_task>(task).signal.times;
        auto& times = std::get<raise_task>(tasks_[found->second]).signal.times;
        times += std::min(more, std::numeric_limits<std::uint64_t>::max() - times);
        return true;
      }
    }
    if (tasks_.size() >= capacity_) return false;
    if (!cause.empty()) joined_.emplace(std::move(cause), tasks_.size());
    tasks_.push_back(std::move(task));
  }
  ready_.notify_one();
  return true;
}

void intake::push_again(std::vector<desk_task> tasks) {
  std::lock_guard lock{mutex_};
  joined_.clear();  // places have moved; what comes next joins anew
  tasks.insert(tasks.end(), std::make_move_iterator(tasks_.begin()),
               std::make_move_iterator(tasks_.end()));
  tasks_ = std::move(tasks);
}

std::vector<desk_task> intake::take(std::chrono::milliseconds wait) {
  std::unique_lock lock{mutex_};
  ready_.wait_for(lock, wait, [&] { return is_closed_ || !tasks_.empty(); });
  joined_.clear();
  return std::exchange(tasks_, {});
}

void intake::close() {
  {
    std::lock_guard lock{mutex_};
    is_closed_ = true;
  }
  ready_.notify_one();
}

bool intake::is_closed() const {
  std::lock_guard lock{mutex_};
  return is_closed_;
}

std::size_t intake::waiting() const {
  std::lock_guard lock{mutex_};
  return tasks_.size();
}

}  // namespace vigie::incidents
