// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vigie::test {

/// What a TCP peer did.
enum class line_state : std::uint8_t { open = 1, refused, reset, closed };

/// One interleaved packet.
struct raw_packet {
  unsigned channel = 0;
  std::string data;
};

/// One video frame put together by RTP timestamp and marker.
struct raw_frame {
  std::uint32_t rtp_ts = 0;
  bool key = false;
  bool has_parameter_sets = false;
  std::size_t bytes = 0;      ///< of RTP payload
  unsigned camera = 0;        ///< from the SEI
  std::uint64_t counter = 0;  ///< from the SEI
  std::int64_t sent_us = 0;   ///< from the SEI
  std::string picture;        ///< RTP payloads without the packet that holds the SEI
};

/// A small RTSP client of its own making, to see a farm's cameras from outside.
class raw_client {
 public:
  raw_client(unsigned camera, std::uint16_t port);
  ~raw_client();
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  line_state state() const { return state_; }
  /// Status code of the answer (0: none came within 6 s). Packets before it are kept.
  int request(const std::string& method, const std::string& uri_suffix = "",
              const std::string& more = "");
  /// DESCRIBE, SETUP, PLAY; true when all were accepted.
  bool play(const std::string& password = "vigie-demo");
  /// Status of DESCRIBE with that password, challenge answered.
  int describe(const std::string& password);
  const std::string& answer() const { return answer_; }

  /// The next packet within `ms`; nothing on time-out or when the line ended.
  std::optional<raw_packet> packet(int ms);
  std::optional<raw_frame> frame(int ms);
  /// Bytes that arrive during `ms`, unparsed.
  std::size_t bytes_during(int ms);
  /// Waits for the line to end.
  line_state wait_for_end(int ms);

 private:
  bool receive(int ms);
  std::optional<raw_packet> take_packet();
  std::string authorization(const std::string& method, const std::string& uri) const;

  int fd_ = -1;
  line_state state_ = line_state::open;
  std::string url_;
  std::string password_ = "vigie-demo";
  std::string nonce_;
  std::string session_;
  std::string answer_;
  std::string buffer_;
  std::vector<raw_packet> early_;
  unsigned cseq_ = 0;
};

/// Milliseconds of the monotonic clock.
std::int64_t now_ms();

}  // namespace vigie::test
