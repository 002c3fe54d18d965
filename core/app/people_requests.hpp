// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/people_desk.hpp"
#include "bus/messages.hpp"

namespace vigie::app {

/// Answers what is asked about people and about what takes two of them. Whoever asks was found to
/// be somebody who may (`request_obstacle`). [worker]
class people_requests {
 public:
  explicit people_requests(people_desk& people) : people_{people} {}

  result<std::string> me(const std::string& user, const bus::people_me_request& ask) const;
  result<std::string> duty(const std::string& user, const bus::people_duty_request& ask);
  result<std::string> list(const bus::people_list_request& ask) const;
  result<std::string> suspend(const std::string& user, const bus::people_suspend_request& ask);
  result<std::string> proposals(const std::string& correlation);
  result<std::string> propose(const std::string& user, const bus::proposals_open_request& ask);
  result<std::string> decide(const std::string& user, const bus::proposals_decide_request& ask);

 private:
  result<std::string> tell_me(const std::string& user, const std::string& correlation) const;
  people_desk& people_;
};

}  // namespace vigie::app
