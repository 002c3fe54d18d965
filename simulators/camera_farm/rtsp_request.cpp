// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/rtsp_request.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace vigie::simulators {

namespace {

constexpr std::size_t max_head_bytes = 16 * 1024;
constexpr std::size_t max_body_bytes = 64 * 1024;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool parse_head(std::string_view head, rtsp_request& request) {
  std::size_t end = head.find("\r\n");
  const std::string_view first = head.substr(0, end);
  const std::size_t space = first.find(' ');
  const std::size_t last = first.rfind(' ');
  if (space == std::string_view::npos || last == space) return false;
  if (!first.substr(last + 1).starts_with("RTSP/1.")) return false;
  request.method = first.substr(0, space);
  request.uri = first.substr(space + 1, last - space - 1);
  while (end != std::string_view::npos) {
    const std::size_t begin = end + 2;
    end = head.find("\r\n", begin);
    const std::string_view line =
        head.substr(begin, end == std::string_view::npos ? std::string_view::npos : end - begin);
    if (line.empty()) continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    request.headers.emplace_back(lower(trimmed(line.substr(0, colon))),
                                 std::string{trimmed(line.substr(colon + 1))});
    if (request.headers.back().first == "cseq")
      request.spells_cseq = line.substr(0, colon) == "CSeq";
  }
  return true;
}

}  // namespace

std::string_view rtsp_request::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

std::optional<rtsp_request> rtsp_request_reader::next() {
  while (!broken_) {
    if (buffer_.empty()) return std::nullopt;
    if (buffer_.front() == '$') {
      if (buffer_.size() < 4) return std::nullopt;
      const std::size_t length =
          4 + (static_cast<std::uint8_t>(buffer_[2]) << 8) + static_cast<std::uint8_t>(buffer_[3]);
      if (buffer_.size() < length) return std::nullopt;
      buffer_.erase(0, length);
      ++packets_;
      continue;
    }
    const std::size_t end = buffer_.find("\r\n\r\n");
    if (end == std::string::npos) {
      broken_ = buffer_.size() > max_head_bytes;
      return std::nullopt;
    }
    if (buffer_.starts_with("RTSP/1.")) {  // answers to a camera's requests carry no body
      buffer_.erase(0, end + 4);
      ++answers_;
      continue;
    }
    rtsp_request request;
    if (!parse_head(std::string_view{buffer_}.substr(0, end), request)) {
      broken_ = true;
      return std::nullopt;
    }
    std::size_t body = 0;
    const std::string_view length = request.header("content-length");
    if (!length.empty()) {
      const auto [stop, error] =
          std::from_chars(length.data(), length.data() + length.size(), body);
      if (error != std::errc{} || stop != length.data() + length.size() || body > max_body_bytes) {
        broken_ = true;
        return std::nullopt;
      }
    }
    if (buffer_.size() < end + 4 + body) return std::nullopt;
    buffer_.erase(0, end + 4 + body);
    return request;
  }
  return std::nullopt;
}

}  // namespace vigie::simulators
