// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "base/random.hpp"
#include "base/result.hpp"
#include "camera_farm/bits.hpp"

namespace vigie::simulators {

/// How a simulated network treats datagrams.
struct udp_weather {
  double loss = 0;     ///< share that never arrives, 0 to 1
  double reorder = 0;  ///< share that changes places with the one behind
};

/// All cameras' RTP and RTCP over UDP, from one pair of sockets: each datagram says which camera's
/// address it comes from.
class udp_door {
 public:
  struct path {
    std::uint32_t from = 0;  ///< the camera's address, host order
    std::uint32_t to = 0;
    std::uint16_t to_port = 0;     ///< of RTP; RTCP goes to the next
    bool from_other_port = false;  ///< not from the port that was named
  };

  /// Errors: io_failed.
  static result<std::unique_ptr<udp_door>> open(const udp_weather& weather, random_source& random);
  ~udp_door();
  /// Of RTP, even; RTCP has the next.
  std::uint16_t port() const { return port_; }
  /// Sends interleaved frames as datagrams: even channels as RTP, odd ones as RTCP. Returns the
  /// bytes sent; what the kernel does not take is lost, as on a network.
  std::size_t send(byte_span framed, const path& along);
  std::uint64_t lost() const { return lost_; }

 private:
  udp_door(const udp_weather& weather, random_source& random)
      : weather_{weather}, random_{random} {}
  udp_weather weather_;
  random_source& random_;
  int rtp_ = -1, rtcp_ = -1, other_ = -1;
  std::uint16_t port_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace vigie::simulators
