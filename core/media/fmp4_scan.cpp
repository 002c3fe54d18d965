// SPDX-License-Identifier: Apache-2.0
#include "media/fmp4_scan.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "media/h264.hpp"
#include "media/h265.hpp"

namespace vigie::media {
namespace {

constexpr std::size_t glance_bytes = 4096;             // most moofs, and the mdat header after them
constexpr std::uint64_t max_header_box = 1024 * 1024;  // of a moov or moof: 80,000 samples

std::uint32_t u32_at(byte_view b, std::size_t at) noexcept {
  return std::uint32_t{b[at]} << 24 | std::uint32_t{b[at + 1]} << 16 |
         std::uint32_t{b[at + 2]} << 8 | b[at + 3];
}
std::uint64_t u64_at(byte_view b, std::size_t at) noexcept {
  return std::uint64_t{u32_at(b, at)} << 32 | u32_at(b, at + 4);
}

struct box {
  std::string_view type;
  byte_view body;  ///< empty when only the header was looked at
  std::uint64_t size = 0;
};

/// Header of the box at the start of `bytes`, when at least that is there and its size is possible.
std::optional<box> box_header(byte_view bytes) noexcept {
  if (bytes.size() < 8) return std::nullopt;
  const std::uint32_t size = u32_at(bytes, 0);
  if (size < 8) return std::nullopt;
  return box{{reinterpret_cast<const char*>(bytes.data()) + 4, 4}, {}, size};
}

/// The whole child of type `type` in `bytes`, a sequence of boxes.
std::optional<byte_view> child(byte_view bytes, std::string_view type) noexcept {
  while (const auto header = box_header(bytes)) {
    if (header->size > bytes.size()) return std::nullopt;
    const auto size = static_cast<std::size_t>(header->size);
    if (header->type == type) return bytes.subspan(8, size - 8);
    bytes = bytes.subspan(size);
  }
  return std::nullopt;
}

/// Reads a fragment's moof body as `make_fragment_header` writes it; nothing when it is otherwise.
std::optional<fmp4_fragment> read_moof(byte_view body) noexcept {
  const auto mfhd = child(body, "mfhd");
  const auto traf = child(body, "traf");
  if (!mfhd || mfhd->size() < 8 || !traf) return std::nullopt;
  const auto tfdt = child(*traf, "tfdt");
  const auto trun = child(*traf, "trun");
  if (!tfdt || tfdt->size() < 12 || u32_at(*tfdt, 0) != 0x01000000) return std::nullopt;
  if (!trun || trun->size() < 12) return std::nullopt;
  const auto form = u32_at(*trun, 0);
  constexpr std::uint32_t plain = 0x00000701;
  constexpr std::uint32_t reordered = 0x01000f01;
  if (form != plain && form != reordered) return std::nullopt;
  const std::size_t entry_bytes = form == reordered ? 16 : 12;

  fmp4_fragment f;
  f.sequence = u32_at(*mfhd, 4);
  f.decode_time_ticks = u64_at(*tfdt, 4);
  f.samples = u32_at(*trun, 4);
  if (f.samples == 0 || trun->size() != 12 + std::uint64_t{f.samples} * entry_bytes)
    return std::nullopt;
  for (std::size_t i = 0; i < f.samples; ++i) {
    f.duration_ticks += u32_at(*trun, 12 + i * entry_bytes);
    f.payload_bytes += u32_at(*trun, 16 + i * entry_bytes);
  }
  constexpr std::uint32_t is_non_sync = 0x00010000;
  f.starts_with_sync = (u32_at(*trun, 20) & is_non_sync) == 0;
  return f;
}

class scanner {
 public:
  scanner(const read_at& read, std::uint64_t file_bytes) : read_{read}, file_bytes_{file_bytes} {}

  result<fmp4_layout> run() {
    if (auto init = read_init(); !init) return tl::unexpected{init.error()};
    while (layout_.init_bytes > 0) {
      const auto more = read_fragment();
      if (!more) return tl::unexpected{more.error()};
      if (!*more) break;
    }
    return std::move(layout_);
  }

 private:
  /// The whole box at `at` with its header, empty when it is not `type`, too large, or not all
  /// there. `glance` keeps what was read beyond it.
  result<byte_view> whole_box(std::uint64_t at, std::string_view type) {
    if (at >= file_bytes_) return byte_view{};
    const auto first = fetch(at, glance_bytes);
    if (!first) return tl::unexpected{first.error()};
    const auto header = box_header(glance_);
    if (!header || header->type != type || header->size > max_header_box ||
        header->size > file_bytes_ - at)
      return byte_view{};
    const auto size = static_cast<std::size_t>(header->size);
    if (glance_.size() < size + 8) {
      const auto all = fetch(at, size + 8);
      if (!all) return tl::unexpected{all.error()};
      if (glance_.size() < size) return byte_view{};
    }
    return byte_view{glance_}.first(size);
  }

  result<void> fetch(std::uint64_t at, std::size_t length) {
    const std::uint64_t left = file_bytes_ - at;
    auto bytes = read_(at, static_cast<std::size_t>(std::min<std::uint64_t>(length, left)));
    if (!bytes) return tl::unexpected{bytes.error()};
    glance_ = std::move(*bytes);
    return {};
  }

  result<void> read_init() {
    const auto ftyp = whole_box(0, "ftyp");
    if (!ftyp) return tl::unexpected{ftyp.error()};
    if (ftyp->empty()) return {};
    const std::uint64_t moov_at = ftyp->size();
    const auto moov = whole_box(moov_at, "moov");
    if (!moov) return tl::unexpected{moov.error()};
    if (moov->empty()) return {};
    layout_.init_bytes = moov_at + moov->size();
    layout_.whole_bytes = layout_.init_bytes;
    const auto trak = child(moov->subspan(8), "trak");
    const auto tkhd = trak ? child(*trak, "tkhd") : std::nullopt;
    if (tkhd && tkhd->size() >= 96 && (*tkhd)[0] == 1) {
      layout_.width_px = u32_at(*tkhd, 88) >> 16;
      layout_.height_px = u32_at(*tkhd, 92) >> 16;
    }
    return {};
  }

  /// True when one more whole fragment was found.
  result<bool> read_fragment() {
    const std::uint64_t at = layout_.whole_bytes;
    const auto moof = whole_box(at, "moof");
    if (!moof) return tl::unexpected{moof.error()};
    if (moof->empty()) return false;
    auto fragment = read_moof(moof->subspan(8));
    const auto mdat = box_header(byte_view{glance_}.subspan(moof->size()));
    if (!fragment || !mdat || mdat->type != "mdat") return false;
    fragment->offset = at;
    fragment->size = moof->size() + mdat->size;
    if (mdat->size != fragment->payload_bytes + 8 || fragment->size > file_bytes_ - at)
      return false;
    layout_.fragments.push_back(*fragment);
    layout_.whole_bytes = at + fragment->size;
    return true;
  }

  const read_at& read_;
  const std::uint64_t file_bytes_;
  std::vector<std::uint8_t> glance_;
  fmp4_layout layout_;
};

}  // namespace

std::string codecs_of_init(byte_view init) {
  const auto after = [init](std::string_view tag) {
    const auto at = std::search(init.begin(), init.end(), tag.begin(), tag.end());
    const auto start = static_cast<std::size_t>(at - init.begin()) + tag.size();
    return at == init.end() ? byte_view{} : init.subspan(start);
  };
  // The configuration begins with the bytes that follow the type in the SPS.
  if (const auto avc = after("avcC"); avc.size() >= 4) {
    const std::array<std::uint8_t, 4> sps{0x67, avc[1], avc[2], avc[3]};
    return h264_codecs_text(sps);
  }
  const auto hevc = after("hvcC");
  if (hevc.size() < 13) return {};
  h265_sps sps;
  sps.profile_space = hevc[1] >> 6;
  sps.is_high_tier = (hevc[1] & 0x20) != 0;
  sps.profile_idc = hevc[1] & 0x1f;
  sps.compatibility_flags = u32_at(hevc, 2);
  std::copy_n(hevc.begin() + 6, sps.constraint_bytes.size(), sps.constraint_bytes.begin());
  sps.level_idc = hevc[12];
  return sps.profile_idc == 0 ? std::string{} : h265_codecs_text(sps);
}

std::uint64_t fmp4_layout::duration_ticks() const noexcept {
  std::uint64_t sum = 0;
  for (const fmp4_fragment& f : fragments) sum += f.duration_ticks;
  return sum;
}

result<fmp4_layout> scan_fmp4(const read_at& read, std::uint64_t file_bytes) {
  return scanner{read, file_bytes}.run();
}

}  // namespace vigie::media
