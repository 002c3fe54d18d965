// SPDX-License-Identifier: Apache-2.0
#include "domain/access.hpp"

#include <algorithm>

namespace vigie::domain {
namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

result<purpose> may_view(const view_claim& claim, const commune_id& camera_commune,
                         const camera_entry& camera) {
  if (is_blank(claim.reason))
    return fail(errc::reason_missing, "LEG-33: no image is shown without a reason on record");
  if (claim.authority != camera_commune)
    return fail(errc::access_denied, "LEG-03: camera " + camera.id.str() +
                                         " is viewed under the authority of commune " +
                                         camera_commune.str() + " alone");
  const auto stated = purpose_from(claim.purpose);
  if (!stated ||
      std::find(camera.purposes.begin(), camera.purposes.end(), *stated) == camera.purposes.end())
    return fail(errc::access_denied,
                "LEG-10: camera " + camera.id.str() + " is not authorised for that purpose");
  return *stated;
}

}  // namespace vigie::domain
