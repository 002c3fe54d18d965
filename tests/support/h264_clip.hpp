// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "media/nal.hpp"
#include "support/temporary_folder.hpp"

namespace vigie::test {

/// Standard output of a command; throws when it cannot be run or fails, so that a missing tool is a
/// red test and never a skipped one.
inline std::string output_of(const std::string& command) {
  std::FILE* pipe = ::popen((command + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run: " + command);
  std::string out;
  char chunk[4096];
  for (std::size_t n = 0; (n = std::fread(chunk, 1, sizeof chunk, pipe)) > 0;) out.append(chunk, n);
  if (::pclose(pipe) != 0) throw std::runtime_error("failed: " + command);
  return out;
}

inline std::vector<std::uint8_t> read_file(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

inline void write_file(const std::filesystem::path& path, byte_view bytes) {
  std::ofstream out{path, std::ios::binary};
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

/// One picture of a clip: its NAL units, parameter sets and SEI before the slices.
using clip_picture = std::vector<std::vector<std::uint8_t>>;

struct video_clip {
  media::codec kind = media::codec::h264;
  std::vector<std::uint8_t> vps;  ///< H.265 only
  std::vector<std::uint8_t> sps;
  std::vector<std::uint8_t> pps;
  std::vector<clip_picture> pictures;

  media::codec_parameters parameters() const {
    return kind == media::codec::h265 ? media::make_h265_parameters(vps, sps, {pps})
                                      : media::make_h264_parameters(sps, {pps});
  }
};
using h264_clip = video_clip;

/// Cuts an Annex B stream into pictures.
inline video_clip clip_of(media::codec kind, byte_view stream) {
  video_clip clip;
  clip.kind = kind;
  bool has_slices = true;
  for (const byte_view nal : media::split_annexb(stream)) {
    const auto role = media::nal_role_of(kind, nal[0]);
    const bool is_slice = role == media::nal_role::picture || role == media::nal_role::key_picture;
    const bool is_suffix =
        kind == media::codec::h265 && media::h265_nal_of(nal[0]) == media::h265_nal::suffix_sei;
    if (has_slices && !is_suffix && (!is_slice || media::starts_picture(kind, nal))) {
      clip.pictures.emplace_back();
      has_slices = false;
    }
    if (is_slice) has_slices = true;
    const std::vector<std::uint8_t> bytes(nal.begin(), nal.end());
    if (kind == media::codec::h265) {
      const auto type = media::h265_nal_of(nal[0]);
      if (type == media::h265_nal::vps) clip.vps = bytes;
      if (type == media::h265_nal::sps) clip.sps = bytes;
      if (type == media::h265_nal::pps) clip.pps = bytes;
    } else {
      if (media::h264_nal_of(nal[0]) == media::h264_nal::sps) clip.sps = bytes;
      if (media::h264_nal_of(nal[0]) == media::h264_nal::pps) clip.pps = bytes;
    }
    clip.pictures.back().push_back(bytes);
  }
  return clip;
}

/// Real x264 output of an FFmpeg filter graph; `x264` are further encoder arguments. No B-frames.
inline h264_clip encode_clip(const std::string& graph, unsigned frames, unsigned gop,
                             const std::string& x264 = "-pix_fmt yuv420p") {
  const temporary_folder folder;
  const auto file = folder.path() / "clip.h264";
  output_of("ffmpeg -nostdin -y -v error -f lavfi -i \"" + graph + "\" -frames:v " +
            std::to_string(frames) + " -c:v libx264 -preset ultrafast -bf 0 -g " +
            std::to_string(gop) + " " + x264 + " -f h264 " + file.string());
  return clip_of(media::codec::h264, read_file(file));
}

/// The same of FFmpeg's test source.
inline h264_clip make_clip(std::uint32_t width, std::uint32_t height, unsigned frames, unsigned gop,
                           const std::string& x264 = "-pix_fmt yuv420p") {
  return encode_clip(
      "testsrc=size=" + std::to_string(width) + "x" + std::to_string(height) + ":rate=12", frames,
      gop, x264);
}

/// Real x265 output of FFmpeg's test source; `x265` are further encoder arguments. No B-frames.
inline video_clip make_h265_clip(std::uint32_t width, std::uint32_t height, unsigned frames,
                                 unsigned gop, const std::string& x265 = "-pix_fmt yuv420p",
                                 const std::string& params = "") {
  const temporary_folder folder;
  const auto file = folder.path() / "clip.h265";
  output_of("ffmpeg -nostdin -y -v error -f lavfi -i \"testsrc=size=" + std::to_string(width) +
            "x" + std::to_string(height) + ":rate=12\" -frames:v " + std::to_string(frames) +
            " -c:v libx265 -preset ultrafast " + x265 +
            " -x265-params log-level=none:bframes=0:pools=1:frame-threads=1:keyint=" +
            std::to_string(gop) + ":min-keyint=" + std::to_string(gop) + params + " -f hevc " +
            file.string());
  return clip_of(media::codec::h265, read_file(file));
}

}  // namespace vigie::test
