// SPDX-License-Identifier: Apache-2.0
#include "rtsp/parser.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace vigie::rtsp {
namespace {

constexpr std::size_t frame_header_bytes = 4;
constexpr std::size_t rtp_header_bytes = 12;
constexpr std::size_t rtcp_header_bytes = 8;
constexpr std::size_t longest_method = 16;
constexpr std::size_t kept_capacity = 8 * 1024;
constexpr std::size_t clean_items_to_forgive = 8;

constexpr std::array<std::string_view, 11> known_methods{
    "OPTIONS ",       "DESCRIBE ",      "ANNOUNCE ", "SETUP ",    "PLAY ",     "PAUSE ",
    "GET_PARAMETER ", "SET_PARAMETER ", "RECORD ",   "REDIRECT ", "TEARDOWN ",
};
constexpr std::string_view response_start = "RTSP/";

constexpr bool is_method_character(std::uint8_t c) noexcept {
  return (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

std::string_view as_text(byte_view bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

parser::parser(resync_policy resync, parser_limits limits) : resync_{resync}, limits_{limits} {}

std::size_t parser::buffered_bytes() const noexcept {
  const auto torn = tail_.size() - tail_at_;
  if (mode_ != mode::head && mode_ != mode::body) return torn;
  return torn + head_bytes_ +
         (kind_ == kind::response ? response_.body.size() : request_.body.size());
}

// -- the bytes: a kept tail followed by the fed buffer ------------------------------------------

std::uint8_t parser::byte_at(std::size_t index) const noexcept {
  const auto kept = tail_.size() - tail_at_;
  return index < kept ? tail_[tail_at_ + index] : input_[index - kept];
}

byte_view parser::contiguous(std::size_t size) {
  const auto kept = tail_.size() - tail_at_;
  if (kept == 0) return input_.first(size);
  if (kept < size) {
    const auto missing = size - kept;
    tail_.insert(tail_.end(), input_.begin(),
                 input_.begin() + static_cast<std::ptrdiff_t>(missing));
    input_ = input_.subspan(missing);
  }
  return byte_view{tail_}.subspan(tail_at_, size);
}

void parser::consume(std::size_t size) noexcept {
  const auto from_tail = std::min(size, tail_.size() - tail_at_);
  tail_at_ += from_tail;
  input_ = input_.subspan(size - from_tail);
}

void parser::keep_rest() {
  tail_.erase(tail_.begin(), tail_.begin() + static_cast<std::ptrdiff_t>(tail_at_));
  tail_at_ = 0;
  tail_.insert(tail_.end(), input_.begin(), input_.end());
  input_ = {};
}

// -- items --------------------------------------------------------------------------------------

result<parser::item> parser::next() {
  if (tail_at_ == tail_.size() && tail_at_ != 0) {
    tail_.clear();
    tail_at_ = 0;
    // Thousands of parsers: the rare large torn frame must not keep its memory.
    if (tail_.capacity() > kept_capacity) tail_.shrink_to_fit();
  }
  while (true) {
    result<std::optional<item>> step = std::nullopt;
    switch (mode_) {
      case mode::between:
        step = step_between();
        break;
      case mode::searching:
        step = step_search();
        break;
      case mode::head:
        step = step_head();
        break;
      case mode::body:
        step = step_body();
        break;
    }
    if (!step) return tl::unexpected{step.error()};
    if (*step) return **step;
  }
}

result<std::optional<parser::item>> parser::step_between() {
  while (available() > 0) {
    const auto first = byte_at(0);
    if (first == '\r' || first == '\n') {  // camera-quirk 1
      consume(1);
      continue;
    }
    if (first == '$') {
      const auto starts = frame_starts_here();
      if (starts == verdict::unknown) break;
      if (starts == verdict::yes) {
        const auto length = static_cast<std::size_t>(byte_at(2)) << 8 | byte_at(3);
        if (available() < frame_header_bytes + length) break;
        return take_frame(length);
      }
    } else {
      const auto starts = message_starts_here(false);
      if (starts == verdict::unknown) break;
      if (starts == verdict::yes) {
        mode_ = mode::head;
        head_bytes_ = 0;
        response_ = {};
        request_ = {};
        return std::nullopt;
      }
    }
    if (auto lost = lose_framing(); !lost) return tl::unexpected{lost.error()};
    return std::nullopt;
  }
  keep_rest();
  return item::none;
}

parser::item parser::take_frame(std::size_t length) {
  const auto whole = contiguous(frame_header_bytes + length);
  frame_ = {.channel = whole[1], .payload = whole.subspan(frame_header_bytes)};
  consume(whole.size());
  if (channels_ && frame_.channel == channels_->rtp_channel && length >= rtp_header_bytes) {
    const auto* p = frame_.payload.data();
    last_ssrc_ = static_cast<std::uint32_t>(p[8]) << 24 | static_cast<std::uint32_t>(p[9]) << 16 |
                 static_cast<std::uint32_t>(p[10]) << 8 | p[11];
  }
  note_clean_item();
  return item::frame;
}

void parser::note_clean_item() noexcept {
  if (search_skipped_ == 0 && search_candidates_ == 0) return;
  if (++clean_items_ < clean_items_to_forgive) return;
  search_skipped_ = 0;
  search_candidates_ = 0;
}

parser::verdict parser::frame_starts_here() const {
  if (available() < frame_header_bytes) return verdict::unknown;
  const auto channel = byte_at(1);
  if (!channels_ || channel == channels_->rtp_channel || channel == channels_->rtcp_channel)
    return verdict::yes;
  // A channel never set up (camera-quirk 4) is believed only when the packet looks like RTP.
  if (byte_at(2) == 0 && byte_at(3) == 0) return verdict::yes;
  if (available() < frame_header_bytes + 1) return verdict::unknown;
  return byte_at(frame_header_bytes) >> 6 == 2 ? verdict::yes : verdict::no;
}

parser::verdict parser::message_starts_here(bool only_known_methods) const {
  const auto size = available();
  const auto starts_with = [&](std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (i == size) return verdict::unknown;
      if (byte_at(i) != static_cast<std::uint8_t>(text[i])) return verdict::no;
    }
    return verdict::yes;
  };
  auto found = starts_with(response_start);
  if (found != verdict::no) return found;
  if (only_known_methods) {
    for (const auto method : known_methods) {
      const auto here = starts_with(method);
      if (here == verdict::yes) return here;
      if (here == verdict::unknown) found = here;
    }
    return found;
  }
  for (std::size_t i = 0; i <= longest_method; ++i) {
    if (i == size) return verdict::unknown;
    const auto c = byte_at(i);
    if (c == ' ') return i >= 3 ? verdict::yes : verdict::no;
    if (!is_method_character(c)) return verdict::no;
  }
  return verdict::no;
}

// -- messages -----------------------------------------------------------------------------------

result<std::optional<byte_view>> parser::take_line(std::size_t limit) {
  const auto kept = tail_.size() - tail_at_;
  std::size_t length = 0;
  if (line_scanned_ < kept) {
    const auto* from = tail_.data() + tail_at_;
    const auto* end = static_cast<const std::uint8_t*>(
        std::memchr(from + line_scanned_, '\n', kept - line_scanned_));
    if (end != nullptr) length = static_cast<std::size_t>(end - from) + 1;
  }
  if (length == 0 && !input_.empty()) {
    const auto* end =
        static_cast<const std::uint8_t*>(std::memchr(input_.data(), '\n', input_.size()));
    if (end != nullptr) length = kept + static_cast<std::size_t>(end - input_.data()) + 1;
  }
  if ((length == 0 ? available() : length) > limit)
    return fail(errc::rtsp_too_large, "a line of more than " + std::to_string(limit) + " bytes");
  if (length == 0) {
    keep_rest();
    line_scanned_ = tail_.size();
    return std::nullopt;
  }
  line_scanned_ = 0;
  auto line = contiguous(length);
  consume(length);
  line = line.first(length - 1);
  if (!line.empty() && line.back() == '\r') line = line.first(line.size() - 1);
  return line;
}

result<std::optional<parser::item>> parser::step_head() {
  while (true) {
    auto taken = take_line(limits_.name_bytes + limits_.value_bytes + 4);
    if (!taken) return tl::unexpected{taken.error()};
    if (!*taken) return item::none;
    const auto line = as_text(**taken);
    const bool is_start = head_bytes_ == 0;
    head_bytes_ += line.size() + 2;
    if (head_bytes_ > limits_.head_bytes)
      return fail(errc::rtsp_too_large,
                  "a header of more than " + std::to_string(limits_.head_bytes) + " bytes");
    if (is_start) {
      auto started = start_message(line);
      if (!started) return tl::unexpected{started.error()};
      if (!*started) return std::nullopt;
    } else if (line.empty()) {
      auto is_complete = finish_head();
      if (!is_complete) return tl::unexpected{is_complete.error()};
      if (!*is_complete) return std::nullopt;
      return kind_ == kind::response ? item::response : item::request;
    } else if (auto added = add_header_line(line); !added) {
      return tl::unexpected{added.error()};
    } else if (mode_ != mode::head) {
      return std::nullopt;
    }
  }
}

result<bool> parser::start_message(std::string_view line) {
  const auto is_version = [](std::string_view text) {
    return text.size() == 8 && text.starts_with("RTSP/1.") && text[7] >= '0' && text[7] <= '9';
  };
  line = trim(line);
  if (line.starts_with(response_start)) {
    if (is_version(line.substr(0, 8))) {
      const auto rest = trim(line.substr(8));
      const auto status = parse_number(rest.substr(0, 3));
      if (status && *status >= 100 && (rest.size() == 3 || rest[3] == ' ')) {
        kind_ = kind::response;
        response_.status = static_cast<int>(*status);
        response_.reason = trim(rest.substr(3));
        return true;
      }
    }
  } else {
    const auto method_end = line.find(' ');
    const auto uri_end = line.rfind(' ');
    if (method_end < uri_end && is_version(line.substr(uri_end + 1))) {
      kind_ = kind::request;
      request_.method = line.substr(0, method_end);
      request_.uri = trim(line.substr(method_end, uri_end - method_end));
      return true;
    }
  }
  if (!channels_)
    return fail(errc::rtsp_malformed, "not an RTSP/1.0 start line: " + printable(line));
  search_skipped_ += line.size();
  skipped_bytes_ += line.size();
  if (auto lost = lose_framing(); !lost) return tl::unexpected{lost.error()};
  return false;
}

result<void> parser::add_header_line(std::string_view line) {
  auto& headers = kind_ == kind::response ? response_.headers : request_.headers;
  const auto value_too_long = [&] {
    return fail(errc::rtsp_too_large,
                "a header value of more than " + std::to_string(limits_.value_bytes) + " bytes");
  };
  if (line.front() == ' ' || line.front() == '\t') {
    const auto more = trim(line);
    const auto before = headers.size() == 0 ? 0 : headers.fields().back().value.size();
    if (before + 1 + more.size() > limits_.value_bytes) return value_too_long();
    headers.extend_last(more);
    return {};
  }
  const auto colon = line.find(':');
  const auto name = trim(line.substr(0, colon));
  const bool is_text = std::all_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f;
  });
  if (!is_text) {
    // Once media flows this is a message torn by the camera's full send buffer (camera-quirk 2).
    if (!channels_) return fail(errc::rtsp_malformed, "not a header line: " + printable(line));
    search_skipped_ += line.size();
    skipped_bytes_ += line.size();
    return lose_framing();
  }
  if (headers.size() == limits_.headers)
    return fail(errc::rtsp_too_large,
                "more than " + std::to_string(limits_.headers) + " header fields");
  if (name.size() > limits_.name_bytes)
    return fail(errc::rtsp_too_large,
                "a header name of more than " + std::to_string(limits_.name_bytes) + " bytes");
  const auto value =
      colon == std::string_view::npos ? std::string_view{} : trim(line.substr(colon + 1));
  if (value.size() > limits_.value_bytes) return value_too_long();
  headers.add(name, value);
  return {};
}

result<bool> parser::finish_head() {
  const auto& headers = kind_ == kind::response ? response_.headers : request_.headers;
  std::size_t length = 0;
  bool is_known = false;
  for (const auto value : headers.find_all("Content-Length")) {
    const auto number = parse_number(value);
    const bool is_digits = !value.empty() && value.find_first_not_of("0123456789") == value.npos;
    if (is_digits && (!number || *number > limits_.body_bytes))
      return fail(errc::rtsp_too_large, "a body of " + printable(value, 24) + " bytes");
    if (!number || (is_known && *number != length))
      return fail(errc::rtsp_malformed, "Content-Length: " + printable(value, 24));
    length = static_cast<std::size_t>(*number);
    is_known = true;
  }
  has_spoken_rtsp_ = true;
  note_clean_item();
  body_left_ = length;
  mode_ = length == 0 ? mode::between : mode::body;
  return length == 0;
}

std::optional<parser::item> parser::step_body() {
  auto& body = kind_ == kind::response ? response_.body : request_.body;
  while (body_left_ > 0 && available() > 0) {
    const auto kept = tail_.size() - tail_at_;
    const auto taken = std::min(body_left_, kept > 0 ? kept : input_.size());
    body += as_text(contiguous(taken));
    consume(taken);
    body_left_ -= taken;
  }
  if (body_left_ > 0) {
    keep_rest();
    return item::none;
  }
  mode_ = mode::between;
  return kind_ == kind::response ? item::response : item::request;
}

// -- framing lost and found (camera-quirk 2) ----------------------------------------------------

result<void> parser::lose_framing() {
  if (!has_spoken_rtsp_ && available() >= 5 && byte_at(0) == 'H' && byte_at(1) == 'T' &&
      byte_at(2) == 'T' && byte_at(3) == 'P' && byte_at(4) == '/')
    return fail(errc::rtsp_malformed, "the peer speaks HTTP, not RTSP");
  if (resync_ == resync_policy::refuse)
    return fail(errc::rtsp_framing, "neither a frame nor a message follows");
  mode_ = mode::searching;
  clean_items_ = 0;
  return {};
}

parser::verdict parser::plausible_frame() const {
  if (available() < 2) return verdict::unknown;
  const auto channel = byte_at(1);
  if (!channels_ || (channel != channels_->rtp_channel && channel != channels_->rtcp_channel))
    return verdict::no;
  if (available() < frame_header_bytes + rtp_header_bytes) return verdict::unknown;
  const auto length = static_cast<std::size_t>(byte_at(2)) << 8 | byte_at(3);
  const auto flags = byte_at(4);
  const auto type = byte_at(5);
  if (flags >> 6 != 2) return verdict::no;
  if (channel == channels_->rtcp_channel)
    return length >= rtcp_header_bytes && type >= 200 && type <= 207 ? verdict::yes : verdict::no;
  if (length < rtp_header_bytes || (type & 0x7f) != channels_->payload_type) return verdict::no;
  if (!last_ssrc_) return verdict::yes;
  for (std::size_t i = 0; i < 4; ++i)
    if (byte_at(12 + i) != static_cast<std::uint8_t>(*last_ssrc_ >> (24 - 8 * i)))
      return verdict::no;
  return verdict::yes;
}

result<std::optional<parser::item>> parser::step_search() {
  while (available() > 0) {
    const auto first = byte_at(0);
    auto found = verdict::no;
    if (first == '$') {
      found = plausible_frame();
      const bool is_candidate =
          found != verdict::unknown && channels_ &&
          (byte_at(1) == channels_->rtp_channel || byte_at(1) == channels_->rtcp_channel);
      if (is_candidate) ++search_candidates_;
    } else if (is_method_character(first)) {
      found = message_starts_here(true);
    }
    if (found == verdict::unknown) break;
    if (search_candidates_ > limits_.resync_candidates || search_skipped_ >= limits_.resync_bytes)
      return fail(errc::rtsp_framing, "not found again after " + std::to_string(search_skipped_) +
                                          " bytes and " + std::to_string(search_candidates_) +
                                          " candidates");
    if (found == verdict::yes) {
      ++resyncs_;
      mode_ = mode::between;
      return std::nullopt;
    }
    consume(1);
    ++search_skipped_;
    ++skipped_bytes_;
  }
  keep_rest();
  return item::none;
}

}  // namespace vigie::rtsp
