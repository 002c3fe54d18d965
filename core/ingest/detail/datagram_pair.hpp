// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to the module.
#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <span>

#include "ingest/detail/poller.hpp"
#include "rtsp/datagrams.hpp"

namespace vigie::ingest::detail {

/// Who takes what a pair received; may close the pair from inside.
class datagram_taker {
 public:
  virtual void on_datagrams(std::span<const rtsp::datagram> batch) = 0;

 protected:
  ~datagram_taker() = default;
};

/// The two UDP ports of one session: RTP's even, RTCP's the next one (RFC 3550 §11). What comes is
/// read in batches into the shard's buffer. [ingest]
class datagram_pair {
 public:
  /// `scratch` is shared by a shard's pairs; all three outlive this.
  datagram_pair(poller& readiness, std::span<std::uint8_t> scratch, datagram_taker& taker) noexcept;
  ~datagram_pair() { close(); }
  datagram_pair(const datagram_pair&) = delete;
  datagram_pair& operator=(const datagram_pair&) = delete;

  /// Binds both to the local address of `connection`; datagrams are compared with its peer.
  /// Nothing when no pair of neighbouring ports is free.
  std::optional<rtsp::datagram_ports> open(int connection) noexcept;
  bool is_open() const noexcept { return rtp_.socket >= 0; }
  void aim(rtsp::datagram_ports to) noexcept { aim_ = to; }
  void send(rtsp::datagram_channel channel, std::span<const std::uint8_t> bytes) noexcept;
  void close() noexcept;

 private:
  struct end final : poll_client {
    end(datagram_pair& pair, rtsp::datagram_channel what) noexcept : owner{pair}, channel{what} {}
    void on_readable() override { owner.drain(*this); }
    void on_writable() override {}
    datagram_pair& owner;
    const rtsp::datagram_channel channel;
    int socket = -1;
  };

  bool bind_pair(const sockaddr_storage& local, socklen_t length) noexcept;
  void drain(end& from);

  poller& readiness_;
  std::span<std::uint8_t> scratch_;
  datagram_taker& taker_;
  end rtp_{*this, rtsp::datagram_channel::rtp};
  end rtcp_{*this, rtsp::datagram_channel::rtcp};
  sockaddr_storage peer_{};
  socklen_t peer_length_ = 0;
  rtsp::datagram_ports ours_;
  rtsp::datagram_ports aim_;
};

}  // namespace vigie::ingest::detail
