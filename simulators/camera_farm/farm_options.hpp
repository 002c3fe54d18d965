// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "camera_farm/clip.hpp"
#include "camera_farm/digest.hpp"
#include "camera_farm/udp_door.hpp"

namespace vigie::simulators {

struct farm_options {
  unsigned cameras = 24;
  std::uint16_t port = 8554;
  std::string control = "127.0.0.1:8555";  ///< address:port of the control door; empty: none
  std::string path = "/stream";
  clip_options pictures;
  std::string codec = "h264";       ///< h264, h265, or mix: half of each
  std::string profile = "uniform";  ///< of the streams, see stream_mix.hpp
  account who;
  bool shares_listener = false;  ///< one listening socket for all; more than 1,000 always share
  std::uint16_t tls_port = 0;    ///< RTSPS of every camera; 0: none
  std::string certificate_file;  ///< where the cameras' certificate is written; empty: nowhere
  bool has_udp = false;          ///< clients may ask for RTP over UDP
  udp_weather weather;           ///< of those datagrams
  unsigned seconds = 0;          ///< stops by itself after that long; 0: runs until told
  std::string scenario_file;     ///< TOML timeline of faults; empty: none
  std::string report_file;       ///< JSON written at the end; empty: none
  std::string session_log_file;  ///< a JSON line per ended session; empty: none
  std::uint64_t seed = 1;        ///< of session ids, first sequence numbers, who has which stream
};

/// Loopback address of camera `index`, counted from 1: "127.1.0.1", 250 to a block.
std::string camera_address(unsigned index);
/// The same as a number, host order.
std::uint32_t camera_ip(unsigned index);
/// The camera that has this address; 0: none has.
unsigned camera_index_at(std::uint32_t ip);

}  // namespace vigie::simulators
