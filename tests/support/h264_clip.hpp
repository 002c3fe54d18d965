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
#include "media/h264.hpp"
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

struct h264_clip {
  std::vector<std::uint8_t> sps;
  std::vector<std::uint8_t> pps;
  std::vector<clip_picture> pictures;
};

/// Real x264 output of an FFmpeg filter graph; `x264` are further encoder arguments. No B-frames.
inline h264_clip encode_clip(const std::string& graph, unsigned frames, unsigned gop,
                             const std::string& x264 = "-pix_fmt yuv420p") {
  const temporary_folder folder;
  const auto file = folder.path() / "clip.h264";
  output_of("ffmpeg -nostdin -y -v error -f lavfi -i \"" + graph + "\" -frames:v " +
            std::to_string(frames) + " -c:v libx264 -preset ultrafast -bf 0 -g " +
            std::to_string(gop) + " " + x264 + " -f h264 " + file.string());
  const auto stream = read_file(file);
  h264_clip clip;
  bool has_slices = true;
  for (const byte_view nal : media::split_annexb(stream)) {
    const auto type = media::h264_nal_of(nal[0]);
    const bool is_first_slice = media::is_picture(type) && (nal[1] & 0x80) != 0;
    if (has_slices && (is_first_slice || !media::is_picture(type))) {
      clip.pictures.emplace_back();
      has_slices = false;
    }
    if (media::is_picture(type)) has_slices = true;
    if (type == media::h264_nal::sps) clip.sps.assign(nal.begin(), nal.end());
    if (type == media::h264_nal::pps) clip.pps.assign(nal.begin(), nal.end());
    clip.pictures.back().emplace_back(nal.begin(), nal.end());
  }
  return clip;
}

/// The same of FFmpeg's test source.
inline h264_clip make_clip(std::uint32_t width, std::uint32_t height, unsigned frames, unsigned gop,
                           const std::string& x264 = "-pix_fmt yuv420p") {
  return encode_clip(
      "testsrc=size=" + std::to_string(width) + "x" + std::to_string(height) + ":rate=12", frames,
      gop, x264);
}

}  // namespace vigie::test
