// SPDX-License-Identifier: Apache-2.0
#include "domain/analysis_gate.hpp"

namespace vigie::domain {

result<void> may_analyse(analysis_purpose purpose) {
  switch (purpose) {
    case analysis_purpose::technical:
      return {};
    case analysis_purpose::statistical:
      return fail(
          errc::access_denied,
          "LEG-57: statistics need an aggregation threshold set for the centre; there is none");
    case analysis_purpose::security_event:
      break;
  }
  return fail(errc::access_denied,
              "LEG-50: an analysis that signals security events needs a legal basis in force that "
              "matches event, place and period; there is none");
}

}  // namespace vigie::domain
