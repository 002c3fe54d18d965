// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/quirk.hpp"

#include <algorithm>

namespace vigie::simulators {

std::vector<const quirk*> all_quirks() {
  std::vector<const quirk*> all;
  for (const auto group : {stream_quirks(), message_quirks(), session_quirks(), sdp_quirks(),
                           packet_quirks(), time_quirks()})
    for (const quirk& one : group) all.push_back(&one);
  std::stable_sort(all.begin(), all.end(),
                   [](const quirk* a, const quirk* b) { return a->row < b->row; });
  return all;
}

const quirk* find_quirk(std::string_view name) {
  for (const quirk* one : all_quirks())
    if (one->name == name) return one;
  return nullptr;
}

}  // namespace vigie::simulators
