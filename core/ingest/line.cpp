// SPDX-License-Identifier: Apache-2.0
#include "ingest/detail/line.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <iterator>

namespace vigie::ingest::detail {
namespace {

namespace asio = boost::asio;

/// What one feed may read before the others of its shard have their turn.
constexpr std::size_t read_budget_bytes = 256 * 1024;
/// Our requests and reports are small; a peer that leaves this much unread is not an RTSP server.
constexpr std::size_t most_unsent_bytes = 64 * 1024;

errc errc_of(const boost::system::error_code& failure) noexcept {
  if (failure == asio::error::connection_refused) return errc::io_refused;
  if (failure == asio::error::connection_reset || failure == asio::error::broken_pipe)
    return errc::io_reset;
  if (failure == asio::error::eof) return errc::io_closed;
  if (failure == asio::error::timed_out) return errc::io_timeout;
  if (failure == asio::error::host_unreachable || failure == asio::error::network_unreachable ||
      failure == asio::error::network_down ||
      failure.category() == asio::error::get_netdb_category() ||
      failure.category() == asio::error::get_addrinfo_category())
    return errc::io_unreachable;
  return errc::io_failed;
}

}  // namespace

line::line(line_context shard, feed_config config, std::vector<sink_ptr> sinks, std::uint64_t seed)
    : shard_{shard},
      socket_{shard.io},
      random_{seed},
      feed_{std::move(config), std::move(sinks), *this, shard.pacer, random_} {}

void line::visit() {
  const auto present = now();
  if (is_clogged_) {
    close();
    feed_.peer_closed(errc::io_timeout, present);
  } else if (present.mono >= feed_.wake_at()) {
    feed_.tick(present);
  }
}

void line::dial(const std::string& host, std::uint16_t port) {
  close();
  ++dials_;
  error_code not_literal;
  const auto address = asio::ip::make_address(host, not_literal);
  if (!not_literal) return connect({address, port});

  if (!resolver_) resolver_.emplace(shard_.io);
  resolver_->async_resolve(
      host, std::to_string(port),
      [self = shared_from_this(), epoch = epoch_](const error_code& failure,
                                                  const tcp::resolver::results_type& found) {
        if (epoch != self->epoch_) return;
        if (failure) return self->on_connect(epoch, failure);
        if (found.empty()) return self->on_connect(epoch, asio::error::host_unreachable);
        // A name with several addresses (IPv6 and IPv4): each dial tries the next one.
        const auto chosen = self->dials_ % found.size();
        self->connect(*std::next(found.begin(), static_cast<std::ptrdiff_t>(chosen)));
      });
}

void line::connect(const tcp::endpoint& to) {
  socket_.async_connect(to, [self = shared_from_this(), epoch = epoch_](const error_code& failure) {
    self->on_connect(epoch, failure);
  });
}

void line::on_connect(std::uint64_t epoch, const error_code& failure) {
  if (epoch != epoch_) return;
  error_code refused = failure;
  if (!refused) socket_.non_blocking(true, refused);
  if (!refused) socket_.set_option(tcp::no_delay{true}, refused);
  if (refused) {
    close();
    return feed_.connect_failed(errc_of(refused), now());
  }
  feed_.connected(now());
  if (epoch == epoch_) await_bytes();
}

void line::await_bytes() {
  socket_.async_wait(tcp::socket::wait_read,
                     [self = shared_from_this(), epoch = epoch_](const error_code&) {
                       if (epoch == self->epoch_) self->drain();
                     });
}

/// Reads what is there, straight into the shard's buffer, within the budget.
void line::drain() {
  const auto epoch = epoch_;
  for (std::size_t taken = 0; taken < read_budget_bytes;) {
    error_code failure;
    const std::size_t count = socket_.read_some(asio::buffer(shard_.buffer), failure);
    if (failure == asio::error::would_block || failure == asio::error::interrupted) break;
    if (failure) {
      close();
      return feed_.peer_closed(errc_of(failure), now());
    }
    feed_.bytes({shard_.buffer.data(), count}, now());
    if (epoch != epoch_) return;
    taken += count;
    if (count < shard_.buffer.size()) break;
  }
  await_bytes();
}

void line::send(std::span<const std::uint8_t> bytes) {
  if (!socket_.is_open() || is_clogged_) return;
  std::size_t sent = 0;
  if (unsent_.empty()) {
    error_code failure;  // a broken connection shows itself to the next read
    sent = socket_.write_some(asio::buffer(bytes.data(), bytes.size()), failure);
  }
  if (sent == bytes.size()) return;
  if (unsent_.size() + bytes.size() - sent > most_unsent_bytes) {
    is_clogged_ = true;
    return;
  }
  const bool was_empty = unsent_.empty();
  unsent_.insert(unsent_.end(), bytes.begin() + static_cast<std::ptrdiff_t>(sent), bytes.end());
  if (was_empty) await_room();
}

void line::await_room() {
  socket_.async_wait(tcp::socket::wait_write,
                     [self = shared_from_this(), epoch = epoch_](const error_code&) {
                       if (epoch == self->epoch_) self->flush();
                     });
}

void line::flush() {
  error_code failure;
  const std::size_t sent = socket_.write_some(asio::buffer(unsent_), failure);
  if (failure && failure != asio::error::would_block) return unsent_.clear();
  unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(sent));
  if (!unsent_.empty()) await_room();
}

void line::close() {
  ++epoch_;
  if (resolver_) resolver_->cancel();
  error_code ignored;
  socket_.close(ignored);
  unsent_.clear();
  is_clogged_ = false;
}

}  // namespace vigie::ingest::detail
