// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "domain/incident.hpp"

namespace vigie::domain {

/// A verdict as it lies on disk.
struct kept_verdict {
  verdict_kind kind = verdict_kind::inconclusive;
  std::string author;
  std::string reason;
  utc_us at_utc_us = 0;
};

/// Reads back what the incident machine made and the incident store kept: the only way to a
/// human_verdict besides a human's act. The incident store alone includes this header
/// (tests/lint/check_includes.py). [thread-safe]
struct incident_archive {
  /// `plain` without its verdict, and the verdict that lay beside it. Empty when the parts do not
  /// fit each other: such a row was altered.
  static std::optional<incident> read_back(incident plain, std::optional<kept_verdict> verdict);
};

}  // namespace vigie::domain
