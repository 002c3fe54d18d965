// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to the module.
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>

namespace vigie::ingest::detail {

/// Whoever owns a descriptor that a poller watches.
class poll_client {
 public:
  virtual void on_readable() = 0;
  virtual void on_writable() = 0;

 protected:
  ~poll_client() = default;
};

/// Readiness of a shard's connected sockets, level-triggered. Asio's own reactor asks the kernel
/// for every packet of every socket (edge-triggered, so that a low-water mark cannot spare the
/// wake-ups) and again before every wait; here a socket is registered once for its life.
/// A client must not be destroyed from inside a callback.
/// [ingest]
class poller {
 public:
  /// Throws boost::system::system_error when the kernel has no more descriptors. [startup]
  explicit poller(boost::asio::io_context& io);

  /// False when the kernel refuses.
  bool add(int socket, poll_client& client) noexcept;
  /// To be called before the socket is closed: a child process may hold a copy of it for a moment,
  /// and the kernel forgets a registration with the last copy only.
  void remove(int socket) noexcept;
  /// Also tell when `socket` takes bytes again, or no longer.
  void watch_room(int socket, poll_client& client, bool wanted) noexcept;

 private:
  struct rearm {
    poller& which;
    ~rearm() { which.wait(); }
  };
  void wait();
  void dispatch();

  boost::asio::posix::stream_descriptor ready_;
};

}  // namespace vigie::ingest::detail
