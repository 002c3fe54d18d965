// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to the module: the only header that shows Asio.
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "ingest/feed.hpp"

namespace vigie::ingest::detail {

/// Where all feeds of a shard read into, one after the other.
using receive_buffer = std::vector<std::uint8_t>;

/// What a line uses of its shard; all of it outlives the line.
struct line_context {
  boost::asio::io_context& io;
  const clock& time;
  dial_pacer& pacer;
  const vitals_listener& listener;
  receive_buffer& buffer;
};

/// One feed with its socket: turns readiness, errors and time into the feed's inputs. Answers of an
/// earlier connection are told by their `epoch_` and ignored. [ingest]
class line final : public feed_io, public std::enable_shared_from_this<line> {
 public:
  line(line_context shard, feed_config config, std::vector<sink_ptr> sinks, std::uint64_t seed);

  void start() { feed_.start(now()); }
  void stop() { feed_.stop(now()); }
  void add_sink(sink_ptr extra) { feed_.add_sink(std::move(extra)); }
  void remove_sink(const sink_ptr& extra) { feed_.remove_sink(extra); }
  bool finished() const noexcept { return feed_.finished(); }
  /// The sweep's visit: does what is due.
  void visit();

  void dial(const std::string& host, std::uint16_t port) override;
  void send(std::span<const std::uint8_t> bytes) override;
  void close() override;
  void report(const feed_vitals& vitals) override { shard_.listener(vitals); }

 private:
  using tcp = boost::asio::ip::tcp;
  using error_code = boost::system::error_code;

  feed_now now() const noexcept { return {shard_.time.mono(), shard_.time.utc()}; }
  void connect(const tcp::endpoint& to);
  void on_connect(std::uint64_t epoch, const error_code& failure);
  void await_bytes();
  void drain();
  void await_room();
  void flush();

  line_context shard_;
  tcp::socket socket_;
  std::optional<tcp::resolver> resolver_;  ///< only for hosts that are names
  std::uint64_t epoch_ = 0;
  std::size_t dials_ = 0;
  std::vector<std::uint8_t> unsent_;
  bool is_clogged_ = false;  ///< the peer reads nothing of what we send
  seeded_random random_;
  feed feed_;
};

}  // namespace vigie::ingest::detail
