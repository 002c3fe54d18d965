// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>

#include "support/fake_camera.hpp"

namespace vigie::test {

/// A fake camera behind a real TCP port of 127.0.0.1, one connection at a time, in its own thread.
/// `does` may be changed at any moment from the test's thread.
class rtsp_server {
 public:
  enum class behaviour : std::uint8_t {
    streams = 1,
    falls_silent,
    sends_only_control,
    drips,
    resets,              ///< cuts the connection with RST, then refuses nobody
    finishes,            ///< closes in order
    shows_and_finishes,  ///< the same after one picture
    wrong_password,
    sends_garbage,    ///< endless bytes that are no RTSP
    claims_4_gib,     ///< a body of 4 GiB, and as much of it as is read
    redirects_always  ///< to another path of itself, for ever
  };

  explicit rtsp_server(std::uint16_t port)
      : port_{port}, listener_{::socket(AF_INET, SOCK_STREAM, 0)} {
    const int yes = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ||
        ::listen(listener_, 16) != 0)
      throw std::runtime_error{"cannot listen on port " + std::to_string(port)};
    thread_ = std::thread{[this] { run(); }};
  }
  ~rtsp_server() {
    stopping = true;
    thread_.join();
    ::close(listener_);
  }
  rtsp_server(const rtsp_server&) = delete;
  rtsp_server& operator=(const rtsp_server&) = delete;

  std::string url() const { return "rtsp://127.0.0.1:" + std::to_string(port_) + "/stream"; }

  std::atomic<behaviour> does{behaviour::streams};
  std::atomic<bool> speaks_udp{false};  ///< of the connections after it was set
  std::atomic<int> connections{0};
  std::atomic<int> teardowns{0};
  std::atomic<std::uint64_t> sent_bytes{0};
  std::atomic<bool> stopping{false};

 private:
  using steady = std::chrono::steady_clock;

  static bool is_readable(int socket, int wait_ms) {
    pollfd entry{socket, POLLIN, 0};
    return ::poll(&entry, 1, wait_ms) > 0;
  }

  void run() {
    while (!stopping) {
      if (!is_readable(listener_, 20)) continue;
      const int socket = ::accept(listener_, nullptr, nullptr);
      if (socket < 0) continue;
      ++connections;
      const int udp = ::socket(AF_INET, SOCK_DGRAM, 0);
      serve(socket, udp);
      ::close(udp);
      ::close(socket);
    }
  }

  /// False when the client is gone or reads nothing for a second.
  bool put(int socket, const std::uint8_t* data, std::size_t size) {
    const auto give_up = steady::now() + std::chrono::seconds{1};
    while (size > 0 && !stopping) {
      const auto sent = ::send(socket, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) {
        sent_bytes += static_cast<std::uint64_t>(sent);
        data += sent;
        size -= static_cast<std::size_t>(sent);
        continue;
      }
      if (errno != EAGAIN || steady::now() > give_up) return false;
      pollfd entry{socket, POLLOUT, 0};
      ::poll(&entry, 1, 50);
    }
    return true;
  }
  /// A picture, by whatever was set up.
  bool show(int socket, int udp, const fake_camera& camera, const fake_camera::bytes& picture) {
    if (camera.client_port == 0) return put(socket, picture);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(camera.client_port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (std::size_t at = 0; at + 4 <= picture.size();) {
      const std::size_t length = picture[at + 2] * 256U + picture[at + 3];
      ::sendto(udp, &picture[at + 4], length, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
      at += 4 + length;
    }
    return true;
  }
  bool put(int socket, const fake_camera::bytes& data) {
    return put(socket, data.data(), data.size());
  }

  /// The next close sends RST.
  static void reset(int socket) {
    const linger now{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }

  static std::string cseq_of(const std::string& request) {
    const auto at = request.find("CSeq: ");
    return at == std::string::npos ? "1" : request.substr(at + 6, request.find('\r', at) - at - 6);
  }

  /// What a hostile server answers to whatever it is asked; empty when `mode` is a camera's.
  std::string hostile_answer(behaviour mode, const std::string& request) {
    if (mode == behaviour::sends_garbage) return std::string(4096, '\x01');
    if (mode == behaviour::claims_4_gib)
      return "RTSP/1.0 200 OK\r\nCSeq: " + cseq_of(request) +
             "\r\nContent-Type: application/sdp\r\nContent-Length: 4294967296\r\n\r\n" +
             std::string(4096, 'a');
    if (mode == behaviour::redirects_always)
      return "RTSP/1.0 302 Found\r\nCSeq: " + cseq_of(request) +
             "\r\nLocation: rtsp://127.0.0.1:" + std::to_string(port_) + "/again" +
             std::to_string(connections) + "\r\n\r\n";
    return {};
  }

  static std::uint16_t bind_anywhere(int udp) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof at;
    if (::bind(udp, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ||
        ::getsockname(udp, reinterpret_cast<sockaddr*>(&at), &length) != 0)
      throw std::runtime_error{"no UDP port"};
    return ntohs(at.sin_port);
  }

  void serve(int socket, int udp) {
    fake_camera camera;
    if (speaks_udp) camera.server_port = bind_anywhere(udp);
    fake_camera::bytes drip;
    auto next_picture = steady::now();
    auto next_extra = steady::now();
    while (!stopping) {
      const auto mode = does.load();
      camera.wrong_password = mode == behaviour::wrong_password;
      if (is_readable(socket, 5)) {
        std::array<std::uint8_t, 8192> data;
        const auto count = ::recv(socket, data.data(), data.size(), 0);
        if (count <= 0) return;
        const auto size = static_cast<std::size_t>(count);
        const auto hostile =
            hostile_answer(mode, {reinterpret_cast<const char*>(data.data()), size});
        if (!hostile.empty()) {
          const auto* bytes = reinterpret_cast<const std::uint8_t*>(hostile.data());
          do {
            if (!put(socket, bytes, hostile.size())) return;
          } while (!stopping && mode != behaviour::redirects_always && !is_readable(socket, 0));
          continue;
        }
        const auto reply = camera.receive(data.data(), size);
        const bool left = camera.saw_teardown;
        if (left) ++teardowns;
        if (!put(socket, reply) || left) return;
      }
      if (!camera.is_playing) continue;
      if (mode == behaviour::finishes) return;
      if (mode == behaviour::resets) return reset(socket);
      const auto present = steady::now();
      if (mode == behaviour::streams && present >= next_picture) {
        next_picture = present + std::chrono::milliseconds{1000 / fake_camera::frames_per_s};
        if (!show(socket, udp, camera, camera.next_picture())) return;
      }
      if (mode == behaviour::shows_and_finishes) {
        show(socket, udp, camera, camera.next_picture());
        return;
      }
      if (present < next_extra) continue;
      next_extra = present + std::chrono::milliseconds{500};
      if (mode == behaviour::sends_only_control && !put(socket, fake_camera::control_packet()))
        return;
      if (mode == behaviour::drips) {
        if (drip.empty()) drip = camera.next_picture();
        if (!put(socket, drip.data(), 1)) return;
        drip.erase(drip.begin());
      }
    }
  }

  const std::uint16_t port_;
  const int listener_;
  std::thread thread_;
};

}  // namespace vigie::test
