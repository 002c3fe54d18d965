// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/bits.hpp"

namespace vigie::simulators {

bytes make_nal(std::uint8_t header, byte_span rbsp) {
  bytes nal;
  nal.reserve(rbsp.size() + 16);
  nal.push_back(header);
  unsigned zeros = 0;
  for (const std::uint8_t byte : rbsp) {
    if (zeros == 2 && byte <= 3) {
      nal.push_back(3);
      zeros = 0;
    }
    nal.push_back(byte);
    zeros = byte == 0 ? zeros + 1 : 0;
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
