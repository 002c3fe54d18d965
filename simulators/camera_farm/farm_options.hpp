// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "camera_farm/clip.hpp"
#include "camera_farm/digest.hpp"

namespace vigie::simulators {

struct farm_options {
  unsigned cameras = 24;
  std::uint16_t port = 8554;
  std::string control = "127.0.0.1:8555";  ///< address:port of the control door; empty: none
  std::string path = "/stream";
  clip_options pictures;
  account who;
  unsigned seconds = 0;       ///< stops by itself after that long; 0: runs until told
  std::string scenario_file;  ///< TOML timeline of faults; empty: none
  std::string report_file;    ///< JSON written at the end; empty: none
  std::uint64_t seed = 1;     ///< of session ids and first sequence numbers
};

/// Loopback address of camera `index`, counted from 1: "127.1.0.1", 250 to a block.
std::string camera_address(unsigned index);

}  // namespace vigie::simulators
