// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "centre_line/centre_line.hpp"
#include "day/centre_words.hpp"
#include "day/day_account.hpp"
#include "day/day_run.hpp"

namespace vigie::simulators {

/// Those who act in a simulated day: a line to the centre for each operator, and the control doors
/// of farm and recipients.
class players {
 public:
  /// Both are borrowed.
  players(const centre_options& centre, const day_run_options& options)
      : centre_{centre}, options_{options} {}

  /// Errors: bus_down, auth_rejected, io_timeout, config_invalid. [startup]
  result<void> sit_down();
  /// What the bus said of incidents since the last call; waits for the first.
  std::vector<incident_news> news(std::chrono::milliseconds patience);
  /// Does one deed; a refusal is an answer. Errors: bus_down, io_timeout, io_refused.
  result<centre_answer> act(const deed& d);
  /// As it stands now; empty: the centre does not say.
  std::optional<incident_news> look_at(const std::string& incident);
  /// Counts the incidents that the centre does not know, or has not closed.
  void look_for(const std::vector<std::string>& incidents, day_counts& counts);
  /// What the recipients took, JSON; empty: nobody to ask.
  std::string ledger() const;
  unsigned nobody_open() const noexcept { return nobody_open_; }

 private:
  request_words words();
  result<void> learn_purposes();
  std::string purpose_of(const day_entry& e) const;
  result<centre_answer> asked(const deed& d, const std::string& body);
  result<centre_answer> raise(const day_entry& e);
  result<centre_answer> propose(const deed& d);
  result<centre_answer> to_farm(const deed& d);

  const centre_options& centre_;
  const day_run_options& options_;
  std::vector<std::unique_ptr<centre_line>> lines_;
  std::map<std::string, std::string> purposes_;
  std::uint64_t asked_ = 0;
  unsigned nobody_open_ = 0;
};

}  // namespace vigie::simulators
