// SPDX-License-Identifier: Apache-2.0
#include "rtsp/headers.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "rtsp/message.hpp"

namespace vigie::rtsp {
namespace {

constexpr std::size_t longest_session_id = 256;
constexpr std::size_t most_rtp_info_streams = 16;
constexpr std::uint64_t longest_timeout_s = 24 * 3600;

struct parameter {
  std::string_view name;
  std::string_view value;
};

parameter split_parameter(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == text.npos) return {trim(text), {}};
  return {trim(text.substr(0, equals)), trim(text.substr(equals + 1))};
}

std::optional<std::uint8_t> channel_number(std::string_view text) {
  const auto number = parse_number(trim(text));
  if (!number || *number > 255) return std::nullopt;
  return static_cast<std::uint8_t>(*number);
}

std::optional<std::uint32_t> lenient_hex(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (failure != std::errc{} || end == text.data()) return std::nullopt;
  return value;
}

}  // namespace

std::vector<std::string_view> split_list(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  const auto take = [&](std::size_t from, std::size_t to) {
    const auto piece = trim(text.substr(from, to - from));
    if (!piece.empty()) pieces.push_back(piece);
  };
  std::size_t start = 0;
  bool is_quoted = false;
  bool is_escaped = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (std::exchange(is_escaped, false)) continue;
    if (text[i] == '"')
      is_quoted = !is_quoted;
    else if (is_quoted)
      is_escaped = text[i] == '\\';
    else if (text[i] == separator) {
      take(start, i);
      start = i + 1;
    }
  }
  take(start, text.size());
  return pieces;
}

std::optional<transport_header> parse_transport(std::string_view value, quirk_counters& counters) {
  transport_header out;
  bool is_interleaved = false;
  bool names_tcp = false;
  for (const auto piece : split_list(value, ';')) {
    const auto [name, text] = split_parameter(piece);
    if (iequals(name, "RTP/AVP/TCP")) {
      names_tcp = true;
    } else if (iequals(name, "ssrc")) {
      out.ssrc = lenient_hex(text);
    } else if (iequals(name, "interleaved")) {
      const auto dash = text.find('-');
      const auto first = channel_number(text.substr(0, dash));
      if (!first) return std::nullopt;
      out.rtp_channel = *first;
      if (dash == text.npos) {
        if (*first == 255) return std::nullopt;
        out.rtcp_channel = static_cast<std::uint8_t>(*first + 1);
        ++counters.other_channels;
      } else {
        const auto second = channel_number(text.substr(dash + 1));
        if (!second) return std::nullopt;
        out.rtcp_channel = *second;
      }
      is_interleaved = true;
    }
  }
  if (!is_interleaved || out.rtp_channel == out.rtcp_channel) return std::nullopt;
  if (!names_tcp) ++counters.avp_without_tcp;
  return out;
}

datagram_ports parse_server_ports(std::string_view value) noexcept {
  const auto port = [](std::string_view text) -> std::uint16_t {
    const auto number = parse_number(trim(text));
    // Port 1 is what some cameras write for "none".
    return number && *number > 1 && *number <= 0xffff ? static_cast<std::uint16_t>(*number) : 0;
  };
  datagram_ports out;
  while (!value.empty()) {
    const auto end = std::min(value.find(';'), value.size());
    const auto [name, text] = split_parameter(value.substr(0, end));
    value.remove_prefix(std::min(end + 1, value.size()));
    if (!iequals(name, "server_port")) continue;
    const auto dash = text.find('-');
    out.rtp = port(text.substr(0, dash));
    if (out.rtp == 0) return {};
    out.rtcp = dash == text.npos ? 0 : port(text.substr(dash + 1));
    if (out.rtcp == 0 && out.rtp < 0xffff) out.rtcp = static_cast<std::uint16_t>(out.rtp + 1);
  }
  return out;
}

std::optional<session_header> parse_session(std::string_view value, quirk_counters& counters) {
  session_header out;
  const auto pieces = split_list(value, ';');
  if (pieces.empty() || pieces.front().size() > longest_session_id) return std::nullopt;
  out.id = pieces.front();
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const auto [name, text] = split_parameter(pieces[i]);
    if (!iequals(name, "timeout")) continue;
    const auto seconds = parse_number(text);
    if (!seconds) continue;
    if (*seconds == 0)
      ++counters.zero_timeouts;
    else
      out.timeout = std::chrono::seconds{std::min(*seconds, longest_timeout_s)};
  }
  return out;
}

public_methods parse_public(std::string_view value) noexcept {
  public_methods out;
  while (!value.empty()) {
    const auto comma = value.find(',');
    const auto name = trim(value.substr(0, comma));
    if (iequals(name, "GET_PARAMETER")) out.get_parameter = true;
    if (iequals(name, "SET_PARAMETER")) out.set_parameter = true;
    if (comma == value.npos) break;
    value.remove_prefix(comma + 1);
  }
  return out;
}

std::vector<rtp_info_stream> parse_rtp_info(std::string_view value) {
  std::vector<rtp_info_stream> streams;
  for (const auto piece : split_list(value, ',')) {
    if (streams.size() == most_rtp_info_streams) break;
    rtp_info_stream stream;
    for (const auto part : split_list(piece, ';')) {
      const auto [name, text] = split_parameter(part);
      const auto number = parse_number(text);
      if (iequals(name, "url")) {
        stream.url = text;
      } else if (iequals(name, "seq")) {
        if (number && *number <= 0xffff)
          stream.first_sequence = static_cast<std::uint16_t>(*number);
      } else if (iequals(name, "rtptime")) {
        if (number && *number <= 0xffffffff) stream.rtp_ts = static_cast<std::uint32_t>(*number);
      }
    }
    streams.push_back(std::move(stream));
  }
  return streams;
}

}  // namespace vigie::rtsp
