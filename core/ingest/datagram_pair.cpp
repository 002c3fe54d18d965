// SPDX-License-Identifier: Apache-2.0
#include "ingest/detail/datagram_pair.hpp"

#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace vigie::ingest::detail {
namespace {

constexpr int attempts_to_bind = 32;
/// A key frame of a large camera, and the time a loaded machine needs to come back for it.
constexpr int receive_buffer_bytes = 1 << 20;
/// The largest datagram taken: an Ethernet jumbo frame.
constexpr std::size_t datagram_bytes = 9216;
constexpr std::size_t datagrams_at_once = 28;
constexpr int batches_at_once = 16;

in_port_t& port_in(sockaddr_storage& address) noexcept {
  return address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                       : reinterpret_cast<sockaddr_in&>(address).sin_port;
}

bool is_same_host(const sockaddr_storage& a, const sockaddr_storage& b) noexcept {
  if (a.ss_family != b.ss_family) return false;
  if (a.ss_family == AF_INET6)
    return std::memcmp(&reinterpret_cast<const sockaddr_in6&>(a).sin6_addr,
                       &reinterpret_cast<const sockaddr_in6&>(b).sin6_addr, sizeof(in6_addr)) == 0;
  return reinterpret_cast<const sockaddr_in&>(a).sin_addr.s_addr ==
         reinterpret_cast<const sockaddr_in&>(b).sin_addr.s_addr;
}

/// A UDP socket bound to `port` of the address (0: any free one), or -1.
int bind_udp(sockaddr_storage address, socklen_t length, std::uint16_t port) noexcept {
  const int made = ::socket(address.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (made < 0) return -1;
  port_in(address) = htons(port);
  if (::bind(made, reinterpret_cast<const sockaddr*>(&address), length) == 0) {
    ::setsockopt(made, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
    return made;
  }
  ::close(made);
  return -1;
}

std::uint16_t port_of(int socket) noexcept {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  return ntohs(port_in(address));
}

void shut(int& socket) noexcept {
  if (socket >= 0) ::close(std::exchange(socket, -1));
}

}  // namespace

datagram_pair::datagram_pair(poller& readiness, std::span<std::uint8_t> scratch,
                             datagram_taker& taker) noexcept
    : readiness_{readiness}, scratch_{scratch}, taker_{taker} {}

std::optional<rtsp::datagram_ports> datagram_pair::open(int connection) noexcept {
  close();
  sockaddr_storage local{};
  socklen_t length = sizeof local;
  peer_length_ = sizeof peer_;
  if (::getsockname(connection, reinterpret_cast<sockaddr*>(&local), &length) != 0 ||
      ::getpeername(connection, reinterpret_cast<sockaddr*>(&peer_), &peer_length_) != 0)
    return std::nullopt;
  for (int i = 0; i < attempts_to_bind; ++i) {
    if (!bind_pair(local, length)) continue;
    if (readiness_.add(rtp_.socket, rtp_) && readiness_.add(rtcp_.socket, rtcp_)) return ours_;
    break;
  }
  close();
  return std::nullopt;
}

/// One free port, and its neighbour: the even one of the two is RTP's.
bool datagram_pair::bind_pair(const sockaddr_storage& local, socklen_t length) noexcept {
  int first = bind_udp(local, length, 0);
  if (first < 0) return false;
  const auto got = port_of(first);
  const auto even = static_cast<std::uint16_t>(got & ~1U);
  const bool is_rtp = got == even;
  int second = bind_udp(local, length, static_cast<std::uint16_t>(is_rtp ? even + 1 : even));
  if (got == 0 || second < 0) {
    shut(first);
    shut(second);
    return false;
  }
  rtp_.socket = is_rtp ? first : second;
  rtcp_.socket = is_rtp ? second : first;
  ours_ = {even, static_cast<std::uint16_t>(even + 1)};
  return true;
}

void datagram_pair::send(rtsp::datagram_channel channel,
                         std::span<const std::uint8_t> bytes) noexcept {
  const bool is_rtp = channel == rtsp::datagram_channel::rtp;
  const auto port = is_rtp ? aim_.rtp : aim_.rtcp;
  if (!is_open() || port == 0) return;
  auto to = peer_;
  port_in(to) = htons(port);
  ::sendto(is_rtp ? rtp_.socket : rtcp_.socket, bytes.data(), bytes.size(),
           MSG_DONTWAIT | MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&to), peer_length_);
}

void datagram_pair::drain(end& from) {
  std::array<mmsghdr, datagrams_at_once> messages{};
  std::array<iovec, datagrams_at_once> places{};
  std::array<sockaddr_storage, datagrams_at_once> sources{};
  std::array<rtsp::datagram, datagrams_at_once> batch{};
  const auto room = std::min(datagrams_at_once, scratch_.size() / datagram_bytes);
  for (int round = 0; round < batches_at_once && from.socket >= 0; ++round) {
    for (std::size_t i = 0; i < room; ++i) {
      places[i] = {scratch_.data() + i * datagram_bytes, datagram_bytes};
      messages[i].msg_hdr = {&sources[i], sizeof sources[i], &places[i], 1, nullptr, 0, 0};
    }
    const int count = ::recvmmsg(from.socket, messages.data(), static_cast<unsigned>(room),
                                 MSG_DONTWAIT, nullptr);
    if (count <= 0) return;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      if ((messages[i].msg_hdr.msg_flags & MSG_TRUNC) != 0) continue;
      batch[kept++] = {from.channel,
                       is_same_host(sources[i], peer_),
                       ntohs(port_in(sources[i])),
                       {scratch_.data() + i * datagram_bytes, messages[i].msg_len}};
    }
    if (kept > 0) taker_.on_datagrams({batch.data(), kept});
    if (static_cast<std::size_t>(count) < room) return;
  }
}

void datagram_pair::close() noexcept {
  for (auto* each : {&rtp_, &rtcp_}) {
    if (each->socket >= 0) readiness_.remove(each->socket);
    shut(each->socket);
  }
  aim_ = {};
}

}  // namespace vigie::ingest::detail
