// SPDX-License-Identifier: Apache-2.0
#include "domain/incident_archive.hpp"

#include <utility>

namespace vigie::domain {

std::optional<incident> incident_archive::read_back(incident plain,
                                                    std::optional<kept_verdict> verdict) {
  plain.verdict.reset();
  if (verdict) {
    if (verdict->author.empty()) return std::nullopt;
    plain.verdict = human_verdict{plain.id, verdict->kind, std::move(verdict->author),
                                  std::move(verdict->reason), verdict->at_utc_us};
  }
  if (!is_consistent(plain)) return std::nullopt;
  return plain;
}

}  // namespace vigie::domain
