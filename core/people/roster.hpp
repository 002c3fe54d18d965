// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "domain/people.hpp"

namespace vigie::people {

using person_list = std::shared_ptr<const std::vector<domain::person>>;
using duty_list = std::shared_ptr<const std::vector<domain::duty_person>>;

/// How a desk asks who may act now: a value that does not change while it is held. [thread-safe]
using duty_source = std::function<duty_list()>;

/// The present register, for readers on any thread; never null. Empty until first replaced, and
/// nobody may do anything then. [thread-safe]
class roster {
 public:
  person_list people() const {
    std::lock_guard lock{mutex_};
    return people_;
  }
  duty_list duty() const {
    std::lock_guard lock{mutex_};
    return duty_;
  }
  duty_source source() const {
    return [this] { return duty(); };
  }
  void replace(std::vector<domain::person> people) {
    auto duty =
        std::make_shared<const std::vector<domain::duty_person>>(domain::duty_people(people));
    auto all = std::make_shared<const std::vector<domain::person>>(std::move(people));
    std::lock_guard lock{mutex_};
    people_ = std::move(all);
    duty_ = std::move(duty);
  }

 private:
  mutable std::mutex mutex_;
  person_list people_ = std::make_shared<const std::vector<domain::person>>();
  duty_list duty_ = std::make_shared<const std::vector<domain::duty_person>>();
};

}  // namespace vigie::people
