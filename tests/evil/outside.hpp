// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

namespace vigie::test {

/// What a plugin may not reach: TCP and UDP on one port of 127.0.0.1 and 127.0.0.2, and a datagram
/// socket in the file system. It counts who came. One thread.
class outside {
 public:
  explicit outside(std::string unix_path) : path_{std::move(unix_path)} {
    for (int tries = 0; tries < 50; ++tries)
      if (open_all()) return;
    throw std::runtime_error{"no free port on 127.0.0.1 and 127.0.0.2"};
  }
  ~outside() { close_all(); }
  outside(const outside&) = delete;
  outside& operator=(const outside&) = delete;

  std::uint16_t port() const { return port_; }
  const std::string& path() const { return path_; }
  /// Did anything arrive? `first_host`: at 127.0.0.1 too.
  bool was_reached(bool first_host) {
    const std::size_t from = first_host ? 0 : 2;
    for (std::size_t i = from; i < doors_.size(); ++i) {
      pollfd door{doors_[i], POLLIN, 0};
      if (::poll(&door, 1, 0) > 0) return true;
    }
    return false;
  }

 private:
  bool open_all() {
    close_all();
    port_ = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      doors_[i] = ::socket(AF_INET, (i % 2 == 0 ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
      sockaddr_in at{};
      at.sin_family = AF_INET;
      at.sin_port = htons(port_);
      ::inet_pton(AF_INET, i < 2 ? "127.0.0.1" : "127.0.0.2", &at.sin_addr);
      if (::bind(doors_[i], reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) return false;
      if (i % 2 == 0 && ::listen(doors_[i], 64) != 0) return false;
      socklen_t length = sizeof at;
      ::getsockname(doors_[i], reinterpret_cast<sockaddr*>(&at), &length);
      port_ = ntohs(at.sin_port);
    }
    doors_[4] = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::strncpy(at.sun_path, path_.c_str(), sizeof at.sun_path - 1);
    ::unlink(path_.c_str());
    return ::bind(doors_[4], reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
  }
  void close_all() {
    for (int& door : doors_)
      if (door >= 0) ::close(std::exchange(door, -1));
  }

  std::string path_;
  std::uint16_t port_ = 0;
  std::array<int, 5> doors_{-1, -1, -1, -1, -1};
};

}  // namespace vigie::test
