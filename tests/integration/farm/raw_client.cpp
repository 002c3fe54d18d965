// SPDX-License-Identifier: Apache-2.0
#include "raw_client.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace vigie::test {

namespace {

std::string md5(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), sum.data(), &size, EVP_md5(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", sum[i]);
  return hex;
}

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const std::size_t at = text.find(before);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + before.size();
  return text.substr(begin, text.find_first_of(after, begin) - begin);
}

std::uint32_t word(const std::string& data, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(data[at + i]);
  return value;
}

}  // namespace

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

raw_client::raw_client(unsigned camera, std::uint16_t port) {
  const std::string address = fmt::format("127.1.0.{}", camera);
  url_ = fmt::format("rtsp://{}:{}/stream", address, port);
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  ::inet_pton(AF_INET, address.c_str(), &to.sin_addr);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) < 0)
    state_ = errno == ECONNREFUSED ? line_state::refused : line_state::reset;
}

raw_client::~raw_client() { ::close(fd_); }

bool raw_client::receive(int ms) {
  if (state_ != line_state::open) return false;
  pollfd waiting{fd_, POLLIN, 0};
  if (::poll(&waiting, 1, ms) <= 0) return false;
  std::array<char, 65536> chunk;
  const ssize_t got = ::recv(fd_, chunk.data(), chunk.size(), 0);
  if (got <= 0) {
    state_ = got == 0 ? line_state::closed : line_state::reset;
    return false;
  }
  buffer_.append(chunk.data(), static_cast<std::size_t>(got));
  return true;
}

std::string raw_client::authorization(const std::string& method, const std::string& uri) const {
  if (nonce_.empty()) return {};
  const std::string secret = md5("vigie:vigie-sim:" + password_);
  return fmt::format(
      "Authorization: Digest username=\"vigie\", realm=\"vigie-sim\", nonce=\"{}\", uri=\"{}\", "
      "response=\"{}\", qop=auth, nc=00000001, cnonce=\"00c0ffee\"\r\n",
      nonce_, uri,
      md5(secret + ":" + nonce_ + ":00000001:00c0ffee:auth:" + md5(method + ":" + uri)));
}

int raw_client::request(const std::string& method, const std::string& uri_suffix,
                        const std::string& more) {
  const std::string uri = url_ + uri_suffix;
  const std::string text = fmt::format(
      "{} {} RTSP/1.0\r\nCSeq: {}\r\n{}{}{}\r\n", method, uri, ++cseq_, authorization(method, uri),
      session_.empty() ? "" : "Session: " + session_ + "\r\n", more);
  if (::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) < 0) state_ = line_state::reset;
  const std::int64_t deadline = now_ms() + 6000;
  while (now_ms() < deadline) {
    while (auto early = take_packet()) early_.push_back(std::move(*early));
    const std::size_t head = buffer_.find("\r\n\r\n");
    if (!buffer_.empty() && buffer_[0] == 'R' && head != std::string::npos) {
      answer_ = buffer_.substr(0, head + 4);
      const std::size_t body =
          static_cast<std::size_t>(std::atoi(between(answer_, "Content-Length: ", "\r").c_str()));
      if (buffer_.size() >= head + 4 + body) {
        answer_ = buffer_.substr(0, head + 4 + body);
        buffer_.erase(0, answer_.size());
        return std::atoi(between(answer_, "RTSP/1.0 ", " ").c_str());
      }
    }
    if (!receive(100) && state_ != line_state::open) return 0;
  }
  return 0;
}

int raw_client::describe(const std::string& password) {
  password_ = password;
  const int status = request("DESCRIBE");
  if (status != 401) return status;
  nonce_ = between(answer_, "nonce=\"", "\"");
  return request("DESCRIBE");
}

bool raw_client::play(const std::string& password) {
  if (describe(password) != 200) return false;
  if (request("SETUP", "/trackID=1", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n") != 200)
    return false;
  session_ = between(answer_, "Session: ", ";\r");
  return request("PLAY", "", "Range: npt=now-\r\n") == 200;
}

std::optional<raw_packet> raw_client::take_packet() {
  if (buffer_.size() < 4 || buffer_[0] != '$') return std::nullopt;
  const std::size_t length = std::size_t{static_cast<unsigned char>(buffer_[2])} << 8 |
                             static_cast<unsigned char>(buffer_[3]);
  if (buffer_.size() < 4 + length) return std::nullopt;
  raw_packet packet{static_cast<unsigned char>(buffer_[1]), buffer_.substr(4, length)};
  buffer_.erase(0, 4 + length);
  return packet;
}

std::optional<raw_packet> raw_client::packet(int ms) {
  if (!early_.empty()) {
    raw_packet first = std::move(early_.front());
    early_.erase(early_.begin());
    return first;
  }
  const std::int64_t deadline = now_ms() + ms;
  for (;;) {
    if (auto next = take_packet()) return next;
    const std::int64_t left = deadline - now_ms();
    if (left <= 0 || state_ != line_state::open) return std::nullopt;
    receive(static_cast<int>(left));
  }
}

std::optional<raw_frame> raw_client::frame(int ms) {
  const std::int64_t deadline = now_ms() + ms;
  raw_frame frame;
  for (;;) {
    auto next = packet(static_cast<int>(deadline - now_ms()));
    if (!next) return std::nullopt;
    if (next->channel != 0 || next->data.size() < 14) continue;
    const std::string payload = next->data.substr(12);
    frame.rtp_ts = word(next->data, 4);
    frame.bytes += payload.size();
    const unsigned type = static_cast<unsigned char>(payload[0]) & 0x1f;
    const unsigned inner = type == 28 ? static_cast<unsigned char>(payload[1]) & 0x1f : type;
    frame.key |= inner == 5;
    frame.has_parameter_sets |= type == 24 && (static_cast<unsigned char>(payload[3]) & 0x1f) == 7;
    const std::size_t sei = payload.find("VIGIE-SIM-FRAME1c=");
    if (sei == std::string::npos) {
      frame.picture += payload;
    } else {
      unsigned long long counter = 0, sent = 0;
      std::sscanf(payload.c_str() + sei + 16, "c=%8x f=%16llx t=%16llx", &frame.camera, &counter,
                  &sent);
      frame.counter = counter;
      frame.sent_us = static_cast<std::int64_t>(sent);
    }
    if ((static_cast<unsigned char>(next->data[1]) & 0x80) != 0) return frame;
  }
}

std::size_t raw_client::bytes_during(int ms) {
  const std::size_t before = buffer_.size();
  const std::int64_t deadline = now_ms() + ms;
  while (now_ms() < deadline && state_ == line_state::open)
    receive(static_cast<int>(deadline - now_ms()));
  return buffer_.size() - before;
}

line_state raw_client::wait_for_end(int ms) {
  bytes_during(ms);
  return state_;
}

}  // namespace vigie::test
