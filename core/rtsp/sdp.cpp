// SPDX-License-Identifier: Apache-2.0
#include "rtsp/sdp.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "media/h264.hpp"
#include "rtsp/base64.hpp"
#include "rtsp/headers.hpp"
#include "rtsp/message.hpp"

namespace vigie::rtsp {
namespace {

constexpr std::size_t longest_description = 256 * 1024;
constexpr std::size_t most_media = 64;
constexpr std::size_t most_payload_types = 32;
constexpr std::size_t most_parameter_sets = 16;
constexpr std::size_t longest_parameter_set = 4096;
constexpr std::size_t longest_tool = 128;
constexpr std::uint32_t video_clock_hz = 90'000;

/// An `a=rtpmap` or `a=fmtp`: a payload type and what is said of it.
struct format_attribute {
  std::uint8_t payload_type = 0;
  std::string_view text;
};

struct media_section {
  bool is_video = false;
  bool is_plain_rtp = false;
  std::vector<std::uint8_t> payload_types;
  std::string_view control;
  std::vector<format_attribute> rtpmaps;
  std::vector<format_attribute> fmtps;
};

std::optional<std::uint8_t> payload_type(std::string_view text) {
  const auto number = parse_number(text);
  if (!number || *number > 127) return std::nullopt;
  return static_cast<std::uint8_t>(*number);
}

/// "96 H264/90000" or "96 a=b;c=d"; null when it does not start with a payload type.
std::optional<format_attribute> split_format(std::string_view text) {
  const auto end = std::min(text.find_first_of(" \t"), text.size());
  const auto type = payload_type(text.substr(0, end));
  if (!type) return std::nullopt;
  return format_attribute{*type, trim(text.substr(end))};
}

/// "video 0 RTP/AVP 96 97" (RFC 4566 §5.14).
std::optional<media_section> start_media(std::string_view text) {
  const auto words = split_list(text, ' ');
  if (words.size() < 4) return std::nullopt;
  media_section out;
  out.is_video = iequals(words[0], "video");
  if (!out.is_video && !iequals(words[0], "audio") && !iequals(words[0], "application"))
    return std::nullopt;
  for (const auto proto : {"RTP/AVP", "RTP/AVPF", "RTP/AVP/TCP", "TCP/RTP/AVP", "TCP/RTP/AVPF"})
    if (iequals(words[2], proto)) out.is_plain_rtp = true;
  for (std::size_t i = 3; i < words.size() && out.payload_types.size() < most_payload_types; ++i)
    if (const auto type = payload_type(words[i])) out.payload_types.push_back(*type);
  if (out.payload_types.empty()) return std::nullopt;
  return out;
}

std::string_view find_format(const std::vector<format_attribute>& in, std::uint8_t type) {
  for (const auto& one : in)
    if (one.payload_type == type) return one.text;
  return {};
}

/// The format parameters of a type, of another media section when the camera put them there
/// (camera-quirk 56).
std::string_view find_parameters(const std::vector<media_section>& media, const media_section& own,
                                 std::uint8_t type) {
  const auto here = find_format(own.fmtps, type);
  if (!here.empty()) return here;
  for (const auto& section : media)
    if (const auto there = find_format(section.fmtps, type); !there.empty()) return there;
  return {};
}

/// Base64 NAL units between commas; start codes around and between them are removed.
void take_sets(std::string_view list, video_track& into) {
  for (const auto text : split_list(list, ',')) {
    const auto bytes = base64_decode(text);
    if (!bytes) continue;
    for (const byte_view nal : media::split_annexb(*bytes)) {
      if (nal.size() > longest_parameter_set) continue;
      if (into.parameter_sets.size() == most_parameter_sets) return;
      into.parameter_sets.emplace_back(nal.begin(), nal.end());
    }
  }
}

void take_parameters(std::string_view fmtp, video_track& into) {
  for (const auto piece : split_list(fmtp, ';')) {
    const auto equals = piece.find('=');
    if (equals == piece.npos) continue;
    const auto name = trim(piece.substr(0, equals));
    const auto value = trim(piece.substr(equals + 1));
    if (into.kind == media::codec::h264) {
      const auto mode = parse_number(value);
      if (iequals(name, "packetization-mode") && mode && *mode <= 2)
        into.packetization_mode = static_cast<std::uint8_t>(*mode);
      if (iequals(name, "sprop-parameter-sets")) take_sets(value, into);
    } else if (iequals(name, "sprop-vps") || iequals(name, "sprop-sps") ||
               iequals(name, "sprop-pps")) {
      take_sets(value, into);
    } else if (iequals(name, "sprop-max-don-diff")) {
      into.has_donl = parse_number(value).value_or(0) > 0;
    }
  }
}

std::optional<media::codec> codec_of(std::string_view name) {
  if (iequals(name, "H264")) return media::codec::h264;
  // "HEVC" is what some call it who never read RFC 7798.
  if (iequals(name, "H265") || iequals(name, "HEVC")) return media::codec::h265;
  return std::nullopt;
}

/// The first payload type of a section that we can record over plain RTP (camera-quirks 55, 57,
/// 58).
std::optional<video_track> select_video(const std::vector<media_section>& media,
                                        const media_section& section) {
  if (!section.is_plain_rtp) return std::nullopt;
  for (const auto type : section.payload_types) {
    const auto map = find_format(section.rtpmaps, type);
    const auto slash = map.find('/');
    const auto kind = codec_of(trim(map.substr(0, slash)));
    if (!kind) continue;
    video_track track;
    track.kind = *kind;
    track.payload_type = type;
    track.control = section.control;
    track.clock_rate_hz = video_clock_hz;
    if (slash != map.npos) {
      const auto rate =
          parse_number(trim(map.substr(slash + 1, map.find('/', slash + 1) - slash - 1)));
      if (rate && *rate >= 1000 && *rate <= 10'000'000)
        track.clock_rate_hz = static_cast<std::uint32_t>(*rate);
    }
    take_parameters(find_parameters(media, section, type), track);
    return track;
  }
  return std::nullopt;
}

/// Video types that need no rtpmap (RFC 3551 table 5), as an operator knows them.
std::string_view static_name(std::uint8_t type) noexcept {
  switch (type) {
    case 26:
      return "JPEG";
    case 31:
      return "H261";
    case 32:
      return "MPV";
    case 33:
      return "MP2T";
    case 34:
      return "H263";
    default:
      return {};
  }
}

std::string codec_names(const std::vector<media_section>& media) {
  std::string out;
  for (const auto& section : media) {
    if (!section.is_video) continue;
    const auto type = section.payload_types.front();
    const auto map = find_format(section.rtpmaps, type);
    if (!out.empty()) out += ", ";
    if (!map.empty())
      out += printable(map.substr(0, map.find('/')), 24);
    else if (!static_name(type).empty())
      out += static_name(type);
    else
      out += "payload type " + std::to_string(type);
    if (out.size() > 120) break;
  }
  return out;
}

}  // namespace

result<session_description> parse_sdp(std::string_view text, quirk_counters& counters) {
  if (text.size() > longest_description)
    return fail(errc::sdp_malformed, "a description of more than 256 KiB");
  session_description out;
  std::vector<media_section> media;
  std::size_t sections = 0;
  bool is_ignored = false;  // inside a section we cannot use: its attributes concern nobody

  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = trim(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.size() < 3 || line[1] != '=') continue;
    const auto rest = trim(line.substr(2));
    if (line[0] == 'm') {
      auto section = sections++ < most_media ? start_media(rest) : std::nullopt;
      is_ignored = !section;
      if (section)
        media.push_back(*std::move(section));
      else
        ++counters.ignored_media;
    } else if (line[0] == 'a' && !is_ignored) {
      const auto colon = rest.find(':');
      if (colon == rest.npos) continue;
      const auto name = rest.substr(0, colon);
      const auto value = trim(rest.substr(colon + 1));
      if (iequals(name, "control")) {
        if (media.empty())
          out.control = value;
        else if (media.back().control.empty())
          media.back().control = value;
      } else if (iequals(name, "tool") && media.empty()) {
        out.tool = printable(value.substr(0, longest_tool), longest_tool);
      } else if (media.empty()) {
        continue;
      } else if (iequals(name, "rtpmap")) {
        if (const auto format = split_format(value)) media.back().rtpmaps.push_back(*format);
      } else if (iequals(name, "fmtp")) {
        if (const auto format = split_format(value)) media.back().fmtps.push_back(*format);
      }
    }
  }

  if (sections == 0) return fail(errc::sdp_malformed, "no media in the description");
  bool has_video = false;
  for (const auto& section : media) {
    if (!section.is_video) continue;
    has_video = true;
    if (auto track = select_video(media, section)) {
      out.video = *std::move(track);
      return out;
    }
    ++counters.ignored_media;
  }
  if (!has_video) return fail(errc::sdp_no_video, "the description has no video");
  return fail(errc::sdp_codec, "neither H.264 nor H.265 over RTP among: " + codec_names(media));
}

}  // namespace vigie::rtsp
