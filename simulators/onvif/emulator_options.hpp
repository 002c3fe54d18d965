// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "camera_farm/digest.hpp"

namespace vigie::simulators::onvif {

struct emulator_options {
  unsigned cameras = 24;
  std::uint16_t port = 8000;               ///< HTTP port of every device
  std::uint16_t farm_port = 8554;          ///< where the farm's cameras stream
  std::string path = "/stream";            ///< of the farm's streams
  std::string control = "127.0.0.1:8556";  ///< address:port of the control door; empty: none
  std::string discovery;  ///< address:port that answers WS-Discovery probes; empty: none
  account who;
  double event_seconds = 10;  ///< each device tells of motion that often; 0: only when told to
  unsigned seconds = 0;       ///< stops by itself after that long; 0: runs until told
};

}  // namespace vigie::simulators::onvif
