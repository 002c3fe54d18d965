// SPDX-License-Identifier: Apache-2.0
#include "analytics/child/frame_intake.hpp"
#include "fuzz/pictures.hpp"
#include "media/nal.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;
namespace child = analytics::child;
namespace wire = analytics::wire;

struct intake {
  std::vector<child::frame_order> frames;
  std::size_t left = 0;
  bool is_over = false;
};

intake take(const std::vector<byte_view>& pieces) {
  intake out;
  std::vector<std::uint8_t> pending;
  for (const auto piece : pieces) {
    pending.insert(pending.end(), piece.begin(), piece.end());
    if (!child::take_frames(pending, out.frames)) {
      out.is_over = true;
      return out;
    }
  }
  out.left = pending.size();
  return out;
}

/// What reaches the decoder child: whatever it is, and however it is cut, frames within the wire's
/// bounds, each an Annex B stream with the zeros that FFmpeg reads beyond it.
void run(byte_view bytes) {
  const auto whole = take({bytes});
  std::size_t used = whole.left;
  for (const auto& [header, annex_b] : whole.frames) {
    require(header.view_count <= wire::max_views, "views that have a place");
    require(header.data_bytes <= wire::max_frame_bytes, "a frame has a bound");
    used += sizeof header + header.data_bytes;
    if (annex_b.empty()) continue;
    require(annex_b.size() >= child::decoder_padding_bytes, "padding behind every frame");
    require(annex_b.size() == header.data_bytes + child::decoder_padding_bytes,
            "a size and a start code are as long");
    for (const auto zero : byte_view{annex_b}.last(child::decoder_padding_bytes))
      require(zero == 0, "padding is zeros");
  }
  require(whole.is_over || used == bytes.size(), "no byte is lost");
  for (const std::uint64_t seed : {0, 1}) {
    const auto cut = take(pieces_of(bytes, seed));
    require(cut.is_over == whole.is_over && cut.frames.size() == whole.frames.size(),
            "cut, the same frames");
    for (std::size_t i = 0; i < cut.frames.size(); ++i)
      require(cut.frames[i].annex_b == whole.frames[i].annex_b, "cut, the same pictures");
  }
}

std::string frame(const std::vector<test::bytes>& nals, std::uint32_t views) {
  std::string body;
  for (const auto& nal : nals) {
    const auto size = nal.size();
    body += std::string{"\0\0", 2};
    body += static_cast<char>(size >> 8);
    body += static_cast<char>(size);
    body += as_text(nal);
  }
  wire::frame_header header;
  header.codec = static_cast<std::uint32_t>(media::codec::h264);
  header.data_bytes = static_cast<std::uint32_t>(body.size());
  header.is_measured = 1;
  header.view_count = views;
  header.views[0] = {1, 640, 360, 2};
  return std::string{reinterpret_cast<const char*>(&header), sizeof header} + body;
}

std::vector<std::string> seeds() {
  const auto h264 = small_h264();
  const auto picture = frame({h264.sets[0], h264.sets[1], h264.key}, 1);
  return {picture, frame({h264.key}, 0) + picture, frame({}, wire::max_views),
          frame({h264.key}, wire::max_views + 1) + picture, picture.substr(0, 60)};
}

const registration self{
    {"decoder_frames",
     run,
     seeds,
     {std::string_view{"\0\0\x40\0", 4}, std::string_view{"\0\0\0\1\0", 5}, "\xff\xff\xff\xff"}}};

}  // namespace
