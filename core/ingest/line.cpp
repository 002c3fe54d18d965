// SPDX-License-Identifier: Apache-2.0
#include "ingest/detail/line.hpp"

#include <fcntl.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <iterator>
#include <utility>

namespace vigie::ingest::detail {
namespace {

namespace asio = boost::asio;

/// What one feed may read before the others of its shard have their turn.
constexpr std::size_t read_budget_bytes = 512 * 1024;
/// A swept socket that holds this much is read before its turn: no key frame may fill its window.
constexpr int swept_low_water_bytes = 64 * 1024;
/// Our requests and reports are small; a peer that leaves this much unread is not an RTSP server.
constexpr std::size_t most_unsent_bytes = 64 * 1024;

errc errc_of(const boost::system::error_code& failure) noexcept {
  if (failure.category() == asio::error::get_netdb_category() ||
      failure.category() == asio::error::get_addrinfo_category())
    return errc::io_unreachable;
  return errc_of_system(failure.value());
}

}  // namespace

line::line(line_context shard, feed_config config, std::vector<sink_ptr> sinks, std::uint64_t seed)
    : shard_{shard},
      cadence_{shard.sweep_period},
      random_{seed},
      feed_{std::move(config), std::move(sinks), *this, shard.pacer, random_} {}

void line::start() { feed_.start(now()); }

void line::stop() {
  feed_.stop(now());
  choose_cadence();
}

void line::add_sink(sink_ptr extra) {
  if (is_swept_) drain();  // from now on what is read has just arrived
  feed_.add_sink(std::move(extra));
  choose_cadence();
}

void line::remove_sink(const sink_ptr& extra) { feed_.remove_sink(extra); }

void line::visit() {
  const auto present = now();
  if (is_clogged_) {
    close();
    feed_.peer_closed(errc::io_timeout, present);
  } else if (present.mono >= feed_.wake_at()) {
    feed_.tick(present);
  }
  choose_cadence();
}

void line::sweep() {
  // Nothing, from a camera that was sending: it is looked at closely until it has an excuse.
  if (drain() == 0) cadence_.disturb(now().mono);
  visit();
}

void line::on_readable() {
  if (secure_)
    shake_hands();
  else
    drain();
  choose_cadence();
}

void line::on_datagrams(std::span<const rtsp::datagram> batch) {
  feed_.datagrams(batch, now());
  choose_cadence();
}

/// Datagrams are never swept: what a full socket buffer turns away is lost.
void line::choose_cadence() {
  const bool uses_udp = datagrams_ && datagrams_->is_open();
  set_swept(!is_clogged_ && !uses_udp &&
            cadence_.may_sweep(feed_.is_steady(), feed_.is_watched(), feed_.frame_interval(),
                               shard_.time.mono()));
}

void line::set_swept(bool swept) {
  if (std::exchange(is_swept_, swept) == swept) return;
  if (wire_.is_open()) wire_.set_low_water(swept ? swept_low_water_bytes : 1);
  if (!swept) shard_.attendant.attend(*this);
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

void line::dial_tls(const std::string& host, std::uint16_t port, const tls_settings& trust,
                    bool must_verify) {
  dial(host, port);
  secure_ = {host, trust, must_verify};
}

void line::connect(const tcp::endpoint& to) {
  dialing_.emplace(shard_.io);
  dialing_->async_connect(to, [self = shared_from_this(), epoch = epoch_](
                                  const error_code& failure) { self->on_connect(epoch, failure); });
}

void line::on_connect(std::uint64_t epoch, const error_code& failure) {
  if (epoch != epoch_) return;
  error_code refused = failure;
  if (!refused) take_over_socket(refused);
  if (refused) return fail_connection(errc_of(refused));
  if (secure_) return begin_handshake();
  drained_ = now().mono;
  feed_.connected(now());
}

void line::begin_handshake() {
  auto channel = tls_channel::open(shard_.trust.context_for(secure_->trust.ca_file), wire_.socket(),
                                   secure_->host, secure_->trust, secure_->must_verify);
  if (!channel) return fail_connection(errc::io_tls);
  wire_.secure(std::move(channel));
  shake_hands();
}

/// One step of the handshake; the feed's connect timeout bounds them all.
void line::shake_hands() {
  const auto step = wire_.shake_hands();
  if (step.end) return fail_connection(*step.end);
  shard_.readiness.watch_room(wire_.socket(), *this, step.wants_room);
  if (step.count == 0) return;
  secure_.reset();
  drained_ = now().mono;
  feed_.connected(now());
}

void line::fail_connection(errc why) {
  close();
  feed_.connect_failed(why, now());
}

std::optional<rtsp::datagram_ports> line::open_datagrams() {
  if (!wire_.is_open()) return std::nullopt;
  if (!datagrams_)
    datagrams_ = std::make_unique<datagram_pair>(shard_.readiness, shard_.buffer, *this);
  return datagrams_->open(wire_.socket());
}

void line::aim_datagrams(rtsp::datagram_ports to) {
  if (datagrams_) datagrams_->aim(to);
}

void line::send_datagram(rtsp::datagram_channel channel, std::span<const std::uint8_t> bytes) {
  if (datagrams_) datagrams_->send(channel, bytes);
}

/// From Asio, which made the connection, to the poller, which reads it.
void line::take_over_socket(error_code& failure) {
  dialing_->set_option(tcp::no_delay{true}, failure);
  if (failure) return;
  const int socket = dialing_->release(failure);
  if (failure) return;
  dialing_.reset();
  ::fcntl(socket, F_SETFD, FD_CLOEXEC);  // Asio leaves it to be inherited by our children
  wire_ = wire{socket};
  if (!shard_.readiness.add(socket, *this)) failure = asio::error::no_descriptors;
}

/// Reads what is there, straight into the shard's buffer, within the budget; tells how much.
std::size_t line::drain() {
  const auto epoch = epoch_;
  std::size_t taken = 0;
  while (wire_.is_open() && (taken < read_budget_bytes || wire_.has_pending())) {
    const auto got = wire_.read(shard_.buffer);
    auto present = now();
    if (got.end) {
      close();
      feed_.peer_closed(*got.end, present);
      break;
    }
    const bool is_empty = got.count < shard_.buffer.size();
    if (is_swept_) present.earliest = cadence_.earliest_arrival(drained_, present.mono);
    if (is_empty) drained_ = present.mono;
    if (got.count > 0) feed_.bytes({shard_.buffer.data(), got.count}, present);
    taken += got.count;
    if (is_empty || epoch != epoch_) break;
  }
  return taken;
}

void line::send(std::span<const std::uint8_t> bytes) {
  if (!wire_.is_open() || is_clogged_) return;
  // A broken connection shows itself to the next read.
  const std::size_t sent = unsent_.empty() ? wire_.write(bytes).count : 0;
  if (sent == bytes.size()) return;
  if (unsent_.size() + bytes.size() - sent > most_unsent_bytes) {
    is_clogged_ = true;
    return;
  }
  if (unsent_.empty()) shard_.readiness.watch_room(wire_.socket(), *this, true);
  unsent_.insert(unsent_.end(), bytes.begin() + static_cast<std::ptrdiff_t>(sent), bytes.end());
}

void line::on_writable() {
  if (secure_) return shake_hands();
  const auto sent = wire_.write(unsent_);
  if (sent.end)
    unsent_.clear();
  else
    unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(sent.count));
  if (unsent_.empty()) shard_.readiness.watch_room(wire_.socket(), *this, false);
}

void line::close() {
  ++epoch_;
  if (resolver_) resolver_->cancel();
  dialing_.reset();
  if (wire_.is_open()) shard_.readiness.remove(wire_.socket());
  wire_.close();
  if (datagrams_) datagrams_->close();
  secure_.reset();
  unsent_.clear();
  is_clogged_ = false;
}

}  // namespace vigie::ingest::detail
