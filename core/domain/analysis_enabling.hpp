// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/two_person.hpp"

namespace vigie::domain {

/// Two persons' decision that a plugin may look at a camera, until a day they named (M17).
struct analysis_enabling {
  std::string plugin;
  camera_id camera;
  std::string administrator;
  std::string privacy_officer;
  utc_us from = 0;
  utc_us until = 0;  ///< exclusive
  friend bool operator==(const analysis_enabling&, const analysis_enabling&) = default;
};

/// What such a proposal is about, in the words in which both decide on it:
/// "fr.vigie.zone_intrusion cam-0003 until 2026-12-31", a day of French local time, included; or an
/// instant, as 2026-12-31T23:00:00Z.
struct enabling_subject {
  std::string plugin;
  camera_id camera;
  utc_us until = 0;
};
std::optional<enabling_subject> enabling_subject_from(std::string_view text);

/// What is decided, of proposals newest first. For each plugin and camera the last decision counts:
/// one that names a day gone by ends an earlier one. Whatever is not a confirmed proposal of two
/// different persons, or cannot be read, decides nothing. [thread-safe]
std::vector<analysis_enabling> enablings_of(std::span<const proposal> newest_first);

}  // namespace vigie::domain
