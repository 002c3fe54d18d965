// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/udp_door.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "camera_farm/rtp_piece.hpp"

namespace vigie::simulators {

namespace {

/// Bound to every loopback address; `port` 0: any. Returns -1 on failure.
int bound(std::uint16_t port, std::uint16_t& got) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return fd;
  constexpr char loopback[] = "lo";
  ::setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, loopback, sizeof loopback);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  socklen_t length = sizeof at;
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) < 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &length) < 0) {
    ::close(fd);
    return -1;
  }
  got = ntohs(at.sin_port);
  return fd;
}

/// One datagram from a chosen address (ip(7), IP_PKTINFO).
bool send_one(int fd, byte_span data, const udp_door::path& along, std::uint16_t to_port) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(to_port);
  to.sin_addr.s_addr = htonl(along.to);
  iovec part{const_cast<std::uint8_t*>(data.data()), data.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(in_pktinfo))] = {};
  msghdr message{};
  message.msg_name = &to;
  message.msg_namelen = sizeof to;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = IPPROTO_IP;
  head->cmsg_type = IP_PKTINFO;
  head->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
  in_pktinfo source{};
  source.ipi_spec_dst.s_addr = htonl(along.from);
  std::memcpy(CMSG_DATA(head), &source, sizeof source);
  return ::sendmsg(fd, &message, MSG_DONTWAIT) >= 0;
}

}  // namespace

result<std::unique_ptr<udp_door>> udp_door::open(const udp_weather& weather,
                                                 random_source& random) {
  std::unique_ptr<udp_door> door{new udp_door{weather, random}};
  std::uint16_t next = 0;
  for (int attempt = 0; attempt < 50 && door->rtcp_ < 0; ++attempt) {
    const int fd = bound(0, door->port_);
    if (fd < 0) break;
    if (door->port_ % 2 == 0)
      door->rtcp_ = bound(static_cast<std::uint16_t>(door->port_ + 1), next);
    if (door->rtcp_ < 0)
      ::close(fd);
    else
      door->rtp_ = fd;
  }
  door->other_ = bound(0, next);
  if (door->rtp_ < 0 || door->other_ < 0)
    return fail(errc::io_failed, std::string{"no pair of UDP ports: "} + std::strerror(errno));
  return door;
}

udp_door::~udp_door() {
  for (const int fd : {rtp_, rtcp_, other_})
    if (fd >= 0) ::close(fd);
}

std::size_t udp_door::send(byte_span framed, const path& along) {
  auto frames = frames_in(framed);
  for (std::size_t i = 0; i + 1 < frames.size(); ++i)
    if (weather_.reorder > 0 && random_.unit() < weather_.reorder)
      std::swap(frames[i], frames[i + 1]);
  std::size_t sent = 0;
  for (const auto& [begin, end] : frames) {
    if (weather_.loss > 0 && random_.unit() < weather_.loss) {
      ++lost_;
      continue;
    }
    const bool is_rtcp = framed[begin + 1] % 2 != 0;
    const byte_span packet = framed.subspan(begin + 4, end - begin - 4);
    const int fd = along.from_other_port ? other_ : is_rtcp ? rtcp_ : rtp_;
    if (send_one(fd, packet, along, static_cast<std::uint16_t>(along.to_port + (is_rtcp ? 1 : 0))))
      sent += packet.size();
  }
  return sent;
}

}  // namespace vigie::simulators
