// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace vigie::test {

struct reply {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

/// A WebSocket message as received; `opcode` 1 text, 2 binary, 8 close.
struct ws_message {
  int opcode = 0;
  std::string bytes;
};

/// A plain socket that speaks HTTP and WebSocket by hand, so that it can also speak them wrongly.
/// Every wait has a deadline.
class raw_client {
 public:
  explicit raw_client(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  }
  ~raw_client() { ::close(socket_); }
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// Sends "METHOD target" with a Host line and `more` header lines, and reads the answer.
  reply ask(std::string_view method_and_target, std::string_view more = {}) {
    send(std::string{method_and_target} + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + std::string{more} +
         "\r\n");
    return read_reply(method_and_target.starts_with("HEAD"));
  }

  reply read_reply(bool is_head = false) {
    reply r;
    const auto head = take_until("\r\n\r\n");
    if (!head) return r;
    r.status = std::stoi(head->substr(9, 3));
    for (std::size_t at = head->find("\r\n"); at != std::string::npos;) {
      const auto end = head->find("\r\n", at + 2);
      const auto line = head->substr(at + 2, end == std::string::npos ? end : end - at - 2);
      at = end;
      const auto colon = line.find(": ");
      if (colon == std::string::npos) continue;
      std::string name = line.substr(0, colon);
      for (char& c : name) c = static_cast<char>(std::tolower(c));
      r.headers[name] = line.substr(colon + 2);
    }
    const auto length = r.headers.find("content-length");
    if (!is_head && length != r.headers.end()) r.body = take(std::stoul(length->second));
    return r;
  }

  /// Upgrades and returns the status (101 when accepted).
  int open_websocket(const std::string& target) {
    return ask("GET " + target,
               "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
        .status;
  }

  /// The next message, or nothing when the connection ended (RFC 6455 §5.2; pings are skipped).
  std::optional<ws_message> next_message() {
    while (true) {
      const auto head = take(2);
      if (head.size() < 2) return std::nullopt;
      const int opcode = head[0] & 0x0f;
      std::uint64_t length = static_cast<std::uint8_t>(head[1]) & 0x7f;
      if (const int wide = length == 126 ? 2 : length == 127 ? 8 : 0; wide > 0) {
        length = 0;
        for (const char c : take(static_cast<std::size_t>(wide)))
          length = (length << 8) | static_cast<std::uint8_t>(c);
      }
      auto bytes = take(length);
      if (opcode == 9) continue;
      return ws_message{opcode, std::move(bytes)};
    }
  }

  /// True when the peer closes within `wait`, whatever it still sends.
  bool is_closed_within(std::chrono::milliseconds wait) {
    const auto deadline = std::chrono::steady_clock::now() + wait;
    while (std::chrono::steady_clock::now() < deadline) {
      if (!fill(std::chrono::duration_cast<std::chrono::milliseconds>(
              deadline - std::chrono::steady_clock::now())))
        return is_ended_;
      buffer_.clear();
    }
    return false;
  }

  void shrink_receive_buffer() const {
    const int bytes = 4096;
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  }

 private:
  static constexpr std::chrono::milliseconds patience{5000};

  bool fill(std::chrono::milliseconds wait) {
    pollfd p{socket_, POLLIN, 0};
    if (is_ended_ || ::poll(&p, 1, static_cast<int>(wait.count())) <= 0) return false;
    char chunk[65536];
    const auto got = ::recv(socket_, chunk, sizeof chunk, 0);
    if (got <= 0) {
      is_ended_ = true;
      return false;
    }
    buffer_.append(chunk, static_cast<std::size_t>(got));
    return true;
  }

  std::optional<std::string> take_until(std::string_view mark) {
    while (buffer_.find(mark) == std::string::npos)
      if (!fill(patience)) return std::nullopt;
    const auto end = buffer_.find(mark);
    auto head = buffer_.substr(0, end);
    buffer_.erase(0, end + mark.size());
    return head;
  }

  std::string take(std::size_t size) {
    while (buffer_.size() < size)
      if (!fill(patience)) break;
    auto taken = buffer_.substr(0, size);
    buffer_.erase(0, taken.size());
    return taken;
  }

  int socket_;
  std::string buffer_;
  bool is_ended_ = false;
};

}  // namespace vigie::test
