// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/disk.hpp"
#include "base/result.hpp"
#include "rtsp/message.hpp"
#include "rtsp/quirk_policies.hpp"

namespace vigie::rtsp {

/// Bounds of everything a peer may send (camera-quirk 21).
struct parser_limits {
  std::size_t headers = 64;
  std::size_t name_bytes = 256;
  std::size_t value_bytes = 4096;
  std::size_t head_bytes = 64 * 1024;
  std::size_t body_bytes = 256 * 1024;
  std::size_t resync_bytes = 64 * 1024;
  std::size_t resync_candidates = 10;
};

/// One interleaved binary packet (RFC 2326 §10.12), without its four bytes of framing.
struct interleaved_frame {
  std::uint8_t channel = 0;
  byte_view payload;  ///< 0 to 65,535 bytes, inside the fed buffer or the parser's own
};

/// What is assigned to the connection; tells a plausible frame from garbage (camera-quirk 2).
struct channel_assignment {
  std::uint8_t rtp_channel = 0;
  std::uint8_t rtcp_channel = 1;
  std::uint8_t payload_type = 96;
};

/// Splits an RTSP byte stream, in either direction, into responses, requests and interleaved
/// frames.
///
/// Pull style: `feed` a buffer, call `next` until it says `none`, then the buffer may be reused:
/// what was torn at its end has been kept. Frames that lie whole in the fed buffer are views into
/// it; at most one torn frame per `feed` is copied. Memory is bounded by `parser_limits` and 64 KiB
/// of frame, whatever a length field claims. After an error the parser is spent.
///
/// The resynchronisation searches for a message or for a frame on an assigned channel with RTP
/// version 2, the assigned payload type and the SSRC last seen there. [ingest]
class parser {
 public:
  enum class item : std::uint8_t { none = 1, frame, response, request };

  explicit parser(resync_policy resync = resync_policy::bounded, parser_limits limits = {});

  /// Hands over bytes of any split. `bytes` must stay valid until `next` returns `none`.
  void feed(byte_view bytes) noexcept { input_ = bytes; }

  /// The next complete item, or `none` when all is consumed. Errors: rtsp_malformed (not RTSP at
  /// all, broken header), rtsp_too_large (a bound exceeded, refused as soon as it is known),
  /// rtsp_framing (framing lost and not found again within bounds).
  result<item> next();

  /// After `item::frame`; valid until the next call of `next` or `feed`.
  const interleaved_frame& frame() const noexcept { return frame_; }
  /// After `item::response`; may be moved from.
  rtsp::response& response() noexcept { return response_; }
  /// After `item::request`; may be moved from.
  rtsp::request& request() noexcept { return request_; }

  /// Tells which channels were set up. Before it, frames on any channel are taken as they come.
  void assign(channel_assignment channels) noexcept { channels_ = channels; }
  void set_resync(resync_policy resync) noexcept { resync_ = resync; }

  std::uint64_t resyncs() const noexcept { return resyncs_; }
  std::uint64_t skipped_bytes() const noexcept { return skipped_bytes_; }
  /// Bytes held back for a torn item, message in progress included.
  std::size_t buffered_bytes() const noexcept;

 private:
  enum class mode : std::uint8_t { between = 1, head, body, searching };
  enum class verdict : std::uint8_t { yes = 1, no, unknown };
  enum class kind : std::uint8_t { response = 1, request };

  std::size_t available() const noexcept { return tail_.size() - tail_at_ + input_.size(); }
  std::uint8_t byte_at(std::size_t index) const noexcept;
  byte_view contiguous(std::size_t size);
  void consume(std::size_t size) noexcept;
  void keep_rest();

  result<std::optional<item>> step_between();
  result<std::optional<item>> step_search();
  result<std::optional<item>> step_head();
  std::optional<item> step_body();
  result<std::optional<byte_view>> take_line(std::size_t limit);
  result<bool> start_message(std::string_view line);
  result<void> add_header_line(std::string_view line);
  result<bool> finish_head();
  verdict frame_starts_here() const;
  verdict message_starts_here(bool only_known_methods) const;
  verdict plausible_frame() const;
  result<void> lose_framing();
  item take_frame(std::size_t length);
  void note_clean_item() noexcept;

  resync_policy resync_;
  parser_limits limits_;
  byte_view input_;
  std::vector<std::uint8_t> tail_;
  std::size_t tail_at_ = 0;
  std::size_t line_scanned_ = 0;

  mode mode_ = mode::between;
  kind kind_ = kind::response;
  interleaved_frame frame_;
  rtsp::response response_;
  rtsp::request request_;
  std::size_t head_bytes_ = 0;
  std::size_t body_left_ = 0;
  bool has_spoken_rtsp_ = false;

  std::optional<channel_assignment> channels_;
  std::optional<std::uint32_t> last_ssrc_;
  std::size_t search_skipped_ = 0;
  std::size_t search_candidates_ = 0;
  std::size_t clean_items_ = 0;
  std::uint64_t resyncs_ = 0;
  std::uint64_t skipped_bytes_ = 0;
};

}  // namespace vigie::rtsp
