// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/bits.hpp"

#include <cstring>

namespace vigie::simulators {

bytes make_nal(std::uint8_t header, byte_span rbsp) {
  bytes nal;
  nal.reserve(rbsp.size() + 16);
  nal.push_back(header);
  // From zero to zero: what lies between (raw macroblocks, mostly) is copied whole.
  std::size_t at = 0;
  while (at < rbsp.size()) {
    const auto* from = rbsp.data() + at;
    const auto* zero = static_cast<const std::uint8_t*>(std::memchr(from, 0, rbsp.size() - at));
    const std::size_t plain =
        zero == nullptr ? rbsp.size() - at : static_cast<std::size_t>(zero - from);
    nal.insert(nal.end(), from, from + plain);
    at += plain;
    for (unsigned zeros = 0; at < rbsp.size() && (rbsp[at] == 0 || zeros > 0); ++at) {
      if (zeros == 2 && rbsp[at] <= 3) {
        nal.push_back(3);
        zeros = 0;
      }
      nal.push_back(rbsp[at]);
      zeros = rbsp[at] == 0 ? zeros + 1 : 0;
    }
  }
  return nal;
}

bytes rbsp_of(byte_span nal) {
  bytes rbsp;
  rbsp.reserve(nal.size());
  unsigned zeros = 0;
  for (std::size_t i = 1; i < nal.size(); ++i) {
    if (zeros == 2 && nal[i] == 3) {
      zeros = 0;
      continue;
    }
    rbsp.push_back(nal[i]);
    zeros = nal[i] == 0 ? zeros + 1 : 0;
  }
  return rbsp;
}

}  // namespace vigie::simulators
