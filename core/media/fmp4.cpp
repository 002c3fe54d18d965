// SPDX-License-Identifier: Apache-2.0
#include "media/fmp4.hpp"

#include <algorithm>
#include <string_view>

#include "media/h264.hpp"
#include "media/h265.hpp"

namespace vigie::media {
namespace {

/// Writes boxes (ISO/IEC 14496-12 §4.2): sizes are filled in when a box is closed.
class box_writer {
 public:
  void u8(std::uint32_t v) { out_.push_back(static_cast<std::uint8_t>(v)); }
  void u16(std::uint32_t v) { u8(v >> 8), u8(v); }
  void u32(std::uint32_t v) { u16(v >> 16), u16(v); }
  void u64(std::uint64_t v) {
    u32(static_cast<std::uint32_t>(v >> 32)), u32(static_cast<std::uint32_t>(v));
  }
  void zeros(std::size_t count) { out_.insert(out_.end(), count, 0); }
  void text(std::string_view s) { out_.insert(out_.end(), s.begin(), s.end()); }
  void bytes(byte_view b) { out_.insert(out_.end(), b.begin(), b.end()); }

  template <class Fill>
  void box(std::string_view type, Fill&& fill) {
    const std::size_t start = out_.size();
    u32(0), text(type);
    fill();
    patch_u32(start, static_cast<std::uint32_t>(out_.size() - start));
  }
  template <class Fill>
  void full_box(std::string_view type, std::uint32_t version, std::uint32_t flags, Fill&& fill) {
    box(type, [&] {
      u32(version << 24 | flags);
      fill();
    });
  }
  void patch_u32(std::size_t at, std::uint32_t v) {
    for (std::size_t i = 0; i < 4; ++i) out_[at + i] = static_cast<std::uint8_t>(v >> (24 - 8 * i));
  }
  std::size_t size() const { return out_.size(); }
  std::vector<std::uint8_t> take() { return std::move(out_); }
  void reserve(std::size_t n) { out_.reserve(n); }

 private:
  std::vector<std::uint8_t> out_;
};

/// Seconds between the epochs of MP4 (1904) and of Unix.
constexpr std::uint64_t mp4_epoch_s = 2'082'844'800;
constexpr std::uint32_t track_id = 1;

void unity_matrix(box_writer& w) {
  for (const std::uint32_t v : {0x10000u, 0u, 0u, 0u, 0x10000u, 0u, 0u, 0u, 0x40000000u}) w.u32(v);
}

/// AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1).
void avc_configuration(box_writer& w, const codec_parameters& p) {
  w.box("avcC", [&] {
    w.u8(1);
    for (std::size_t i = 1; i <= 3; ++i) w.u8(i < p.sps.size() ? p.sps[i] : 0u);
    w.u8(0xfc | 3);  // sizes of NAL units take 4 bytes
    w.u8(0xe0 | 1);
    w.u16(static_cast<std::uint32_t>(p.sps.size()));
    w.bytes(p.sps);
    w.u8(static_cast<std::uint32_t>(1 + p.extra_pps.size()));
    w.u16(static_cast<std::uint32_t>(p.pps.size()));
    w.bytes(p.pps);
    for (const auto& pps : p.extra_pps) {
      w.u16(static_cast<std::uint32_t>(pps.size()));
      w.bytes(pps);
    }
    const auto sps = parse_h264_sps(p.sps);
    if (!sps) return;
    const std::uint8_t profile = sps->profile_idc;
    if (profile != 66 && profile != 77 && profile != 88) {
      w.u8(0xfcu | sps->chroma_format_idc);
      w.u8(0xf8u | (sps->bit_depth_luma - 8u));
      w.u8(0xf8u | (sps->bit_depth_chroma - 8u));
      w.u8(0);
    }
  });
}

/// HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 §8.3.3.1). An SPS that cannot be read leaves
/// zeros where a decoder finds the same in the set itself.
void hevc_configuration(box_writer& w, const codec_parameters& p) {
  const auto sps = parse_h265_sps(p.sps).value_or(h265_sps{});
  w.box("hvcC", [&] {
    w.u8(1);
    w.u8(std::uint32_t{sps.profile_space} << 6 | (sps.is_high_tier ? 0x20u : 0u) | sps.profile_idc);
    w.u32(sps.compatibility_flags);
    w.bytes(sps.constraint_bytes);
    w.u8(sps.level_idc);
    w.u16(0xf000);  // spatial segmentation: unknown
    w.u8(0xfc);     // parallelism: unknown
    w.u8(0xfcu | sps.chroma_format_idc);
    w.u8(0xf8u | (sps.bit_depth_luma - 8u));
    w.u8(0xf8u | (sps.bit_depth_chroma - 8u));
    w.u16(0);  // frame rate: unknown
    w.u8(std::uint32_t{sps.temporal_layers} << 3 | (sps.is_temporal_id_nested ? 4u : 0u) | 3u);
    w.u8(3);
    const auto array = [&](h265_nal type, std::size_t count) {
      w.u8(0x80u | static_cast<std::uint8_t>(type));  // all of them are here
      w.u16(static_cast<std::uint32_t>(count));
    };
    const auto set = [&](const std::vector<std::uint8_t>& nal) {
      w.u16(static_cast<std::uint32_t>(nal.size()));
      w.bytes(nal);
    };
    array(h265_nal::vps, 1), set(p.vps);
    array(h265_nal::sps, 1), set(p.sps);
    array(h265_nal::pps, 1 + p.extra_pps.size()), set(p.pps);
    for (const auto& pps : p.extra_pps) set(pps);
  });
}

void sample_description(box_writer& w, const codec_parameters& p) {
  const bool is_h265 = p.kind == codec::h265;
  w.full_box("stsd", 0, 0, [&] {
    w.u32(1);
    w.box(is_h265 ? "hvc1" : "avc1", [&] {
      w.zeros(6);
      w.u16(1);  // data reference
      w.zeros(16);
      w.u16(p.width_px);
      w.u16(p.height_px);
      w.u32(0x480000);  // 72 dpi
      w.u32(0x480000);
      w.u32(0);
      w.u16(1);  // frames per sample
      w.zeros(32);
      w.u16(24);
      w.u16(0xffff);
      is_h265 ? hevc_configuration(w, p) : avc_configuration(w, p);
    });
  });
}

void media_box(box_writer& w, const codec_parameters& p, std::uint64_t created_s) {
  w.box("mdia", [&] {
    w.full_box("mdhd", 1, 0, [&] {
      w.u64(created_s), w.u64(created_s);
      w.u32(fmp4_timescale);
      w.u64(0);
      w.u16(0x55c4);  // language "und"
      w.u16(0);
    });
    w.full_box("hdlr", 0, 0, [&] {
      w.u32(0), w.text("vide");
      w.zeros(12);
      w.text("Vigie video"), w.u8(0);
    });
    w.box("minf", [&] {
      w.full_box("vmhd", 0, 1, [&] { w.zeros(8); });
      w.box("dinf", [&] {
        w.full_box("dref", 0, 0, [&] {
          w.u32(1);
          w.full_box("url ", 0, 1, [] {});  // the media is in this file
        });
      });
      w.box("stbl", [&] {
        sample_description(w, p);
        w.full_box("stts", 0, 0, [&] { w.u32(0); });
        w.full_box("stsc", 0, 0, [&] { w.u32(0); });
        w.full_box("stsz", 0, 0, [&] { w.u32(0), w.u32(0); });
        w.full_box("stco", 0, 0, [&] { w.u32(0); });
      });
    });
  });
}

// Sample flags (ISO/IEC 14496-12 §8.8.3.1): depends on nothing; depends on others and not a sync
// sample.
constexpr std::uint32_t sync_sample = 0x02000000;
constexpr std::uint32_t dependent_sample = 0x01010000;

}  // namespace

std::vector<std::uint8_t> make_init_segment(const codec_parameters& parameters,
                                            utc_us start_utc_us) {
  const std::uint64_t created_s =
      start_utc_us < 0 ? 0 : static_cast<std::uint64_t>(start_utc_us) / 1'000'000 + mp4_epoch_s;
  box_writer w;
  w.reserve(1024);
  // default-base-is-moof wants iso5, tfdt wants iso6; older brands may then not be claimed.
  w.box("ftyp", [&] { w.text("iso6"), w.u32(1), w.text("iso6"), w.text("iso5"), w.text("mp41"); });
  w.box("moov", [&] {
    w.full_box("mvhd", 1, 0, [&] {
      w.u64(created_s), w.u64(created_s);
      w.u32(fmp4_timescale);
      w.u64(0);
      w.u32(0x10000), w.u16(0x100);  // rate, volume
      w.zeros(10);
      unity_matrix(w);
      w.zeros(24);
      w.u32(track_id + 1);
    });
    w.box("trak", [&] {
      w.full_box("tkhd", 1, 3, [&] {
        w.u64(created_s), w.u64(created_s);
        w.u32(track_id), w.u32(0);
        w.u64(0);
        w.zeros(16);
        unity_matrix(w);
        w.u32(parameters.width_px << 16), w.u32(parameters.height_px << 16);
      });
      media_box(w, parameters, created_s);
    });
    w.box("mvex", [&] {
      w.full_box("trex", 0, 0, [&] { w.u32(track_id), w.u32(1), w.u32(0), w.u32(0), w.u32(0); });
    });
  });
  return w.take();
}

std::vector<std::uint8_t> make_fragment_header(std::uint32_t sequence,
                                               std::uint64_t decode_time_ticks,
                                               std::span<const fmp4_sample> samples) {
  const bool is_reordered = std::any_of(samples.begin(), samples.end(),
                                        [](const auto& s) { return s.composition_ticks != 0; });
  box_writer w;
  w.reserve(128 + (is_reordered ? 16 : 12) * samples.size());
  std::size_t data_offset_at = 0;
  std::uint64_t payload_bytes = 0;
  w.box("moof", [&] {
    w.full_box("mfhd", 0, 0, [&] { w.u32(sequence); });
    w.box("traf", [&] {
      w.full_box("tfhd", 0, 0x020000, [&] { w.u32(track_id); });  // default-base-is-moof
      w.full_box("tfdt", 1, 0, [&] { w.u64(decode_time_ticks); });
      // Data offset, and per sample duration, size, flags, and the composition offset where
      // pictures are reordered: signed in version 1 (§8.8.8).
      w.full_box("trun", is_reordered ? 1 : 0, is_reordered ? 0x000f01 : 0x000701, [&] {
        w.u32(static_cast<std::uint32_t>(samples.size()));
        data_offset_at = w.size();
        w.u32(0);
        for (const fmp4_sample& s : samples) {
          w.u32(s.duration_ticks);
          w.u32(static_cast<std::uint32_t>(s.unit->data.size()));
          w.u32(s.unit->is_key ? sync_sample : dependent_sample);
          if (is_reordered) w.u32(static_cast<std::uint32_t>(s.composition_ticks));
          payload_bytes += s.unit->data.size();
        }
      });
    });
  });
  w.patch_u32(data_offset_at, static_cast<std::uint32_t>(w.size() + 8));
  w.u32(static_cast<std::uint32_t>(payload_bytes + 8));
  w.text("mdat");
  return w.take();
}

}  // namespace vigie::media
