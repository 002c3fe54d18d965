// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to the module: the only header that shows Asio.
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "ingest/cadence.hpp"
#include "ingest/detail/datagram_pair.hpp"
#include "ingest/detail/poller.hpp"
#include "ingest/detail/tls_channel.hpp"
#include "ingest/detail/wire.hpp"
#include "ingest/feed.hpp"

namespace vigie::ingest::detail {

/// Where all feeds of a shard read into, one after the other.
using receive_buffer = std::vector<std::uint8_t>;

class line;

/// The lines that a shard visits at every tick: all but those whose sockets are swept.
class attention {
 public:
  virtual void attend(line& which) = 0;

 protected:
  ~attention() = default;
};

/// What a line uses of its shard; all of it outlives the line.
struct line_context {
  boost::asio::io_context& io;
  poller& readiness;
  tls_trust& trust;
  attention& attendant;
  const clock& time;
  dial_pacer& pacer;
  const vitals_listener& listener;
  receive_buffer& buffer;
  std::chrono::nanoseconds sweep_period;
};

/// One feed with its socket: turns readiness, errors and time into the feed's inputs. Answers of an
/// earlier dial are told by their `epoch_` and ignored. [ingest]
class line final : public feed_io,
                   public poll_client,
                   public datagram_taker,
                   public std::enable_shared_from_this<line> {
 public:
  line(line_context shard, feed_config config, std::vector<sink_ptr> sinks, std::uint64_t seed);
  ~line() { close(); }
  line(const line&) = delete;
  line& operator=(const line&) = delete;

  void start();
  void stop();
  void add_sink(sink_ptr extra);
  void remove_sink(const sink_ptr& extra);
  bool finished() const noexcept { return feed_.finished(); }
  /// True while the socket is read by `sweep` alone (and by the kernel's low-water mark).
  bool is_swept() const noexcept { return is_swept_; }

  /// Every tick while not swept: does what is due.
  void visit();
  /// Once a period while swept: reads what came since, and does what is due.
  void sweep();

  void on_readable() override;
  void on_writable() override;

  void on_datagrams(std::span<const rtsp::datagram> batch) override;

  void dial(const std::string& host, std::uint16_t port) override;
  void dial_tls(const std::string& host, std::uint16_t port, const tls_settings& trust,
                bool must_verify) override;
  bool can_dial_tls() const noexcept override { return true; }
  std::optional<rtsp::datagram_ports> open_datagrams() override;
  void aim_datagrams(rtsp::datagram_ports to) override;
  void send_datagram(rtsp::datagram_channel channel, std::span<const std::uint8_t> bytes) override;
  void send(std::span<const std::uint8_t> bytes) override;
  void close() override;
  void report(const feed_vitals& vitals) override { shard_.listener(vitals); }

 private:
  using tcp = boost::asio::ip::tcp;
  using error_code = boost::system::error_code;

  /// What the handshake after a connection needs.
  struct secure_dial {
    std::string host;
    tls_settings trust;
    bool must_verify = true;
  };

  feed_now now() const noexcept { return {shard_.time.mono(), shard_.time.utc()}; }
  void connect(const tcp::endpoint& to);
  void on_connect(std::uint64_t epoch, const error_code& failure);
  void take_over_socket(error_code& failure);
  void begin_handshake();
  void shake_hands();
  void fail_connection(errc why);
  std::size_t drain();
  void choose_cadence();
  void set_swept(bool swept);

  line_context shard_;
  std::optional<tcp::socket> dialing_;     ///< until connected
  std::optional<tcp::resolver> resolver_;  ///< only for hosts that are names
  wire wire_;
  std::optional<secure_dial> secure_;         ///< of a dial_tls, until its handshake is done
  std::unique_ptr<datagram_pair> datagrams_;  ///< made with the first session that wants UDP
  std::uint64_t epoch_ = 0;
  std::size_t dials_ = 0;
  std::vector<std::uint8_t> unsent_;
  bool is_clogged_ = false;  ///< the peer reads nothing of what we send
  bool is_swept_ = false;
  mono_ns drained_ = 0;  ///< when the socket was last known to be empty
  cadence cadence_;
  seeded_random random_;
  feed feed_;
};

}  // namespace vigie::ingest::detail
