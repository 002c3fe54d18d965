// SPDX-License-Identifier: Apache-2.0
#include "verify/mp4_file.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace verify {
namespace {

/// Thrown inside this file only.
struct damaged : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Big-endian fields, bounds checked.
class field_reader {
 public:
  explicit field_reader(bytes_view bytes) : bytes_{bytes} {}
  std::uint64_t take(std::size_t count) {
    if (bytes_.size() - at_ < count) throw damaged{"a box is shorter than its fields"};
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes_[at_++];
    return value;
  }
  std::uint32_t u32() { return static_cast<std::uint32_t>(take(4)); }
  void skip(std::size_t count) {
    if (bytes_.size() - at_ < count) throw damaged{"a box is shorter than its fields"};
    at_ += count;
  }
  std::size_t left() const { return bytes_.size() - at_; }

 private:
  bytes_view bytes_;
  std::size_t at_ = 0;
};

struct box {
  std::string_view type;
  bytes_view body;
  std::uint64_t offset = 0;  ///< of the header, in what was walked
  std::uint64_t size = 0;    ///< with header
};

/// The box at `at`, or nothing when `bytes` end inside it.
std::optional<box> box_at(bytes_view bytes, std::uint64_t at) {
  const auto left = bytes.size() - at;
  if (left < 8) return {};
  field_reader header{bytes.subspan(at, std::min<std::size_t>(left, 16))};
  std::uint64_t size = header.u32();
  header.skip(4);
  const std::string_view type{reinterpret_cast<const char*>(bytes.data() + at + 4), 4};
  if (!std::all_of(type.begin(), type.end(),
                   [](unsigned char c) { return std::isalnum(c) != 0 || c == ' '; }))
    throw damaged{"bytes that are no box at " + std::to_string(at)};
  std::uint64_t header_size = 8;
  if (size == 1) {
    if (left < 16) return {};
    size = header.take(8);
    header_size = 16;
  }
  if (size < header_size) throw damaged{"a box of an impossible size at " + std::to_string(at)};
  if (size > left) return {};
  return box{type, bytes.subspan(at + header_size, size - header_size), at, size};
}

/// Boxes inside a complete box: a torn one in there is damage.
std::vector<box> children(bytes_view body) {
  std::vector<box> all;
  for (std::uint64_t at = 0; at < body.size();) {
    const auto child = box_at(body, at);
    if (!child) throw damaged{"a box is larger than the one around it"};
    all.push_back(*child);
    at += child->size;
  }
  return all;
}

const box* find(const std::vector<box>& boxes, std::string_view type) {
  const auto found =
      std::find_if(boxes.begin(), boxes.end(), [&](const box& b) { return b.type == type; });
  return found == boxes.end() ? nullptr : &*found;
}

const box& need(const std::vector<box>& boxes, std::string_view type) {
  const auto* found = find(boxes, type);
  if (found == nullptr) throw damaged{"no " + std::string{type} + " box"};
  return *found;
}

void read_track(const box& trak, mp4_file& out) {
  const auto media = children(need(children(trak.body), "mdia").body);
  field_reader handler{need(media, "hdlr").body};
  handler.skip(8);
  if (handler.u32() != 0x76696465) {  // "vide"
    ++out.other_tracks;
    return;
  }
  ++out.video_tracks;
  field_reader header{need(media, "mdhd").body};
  const auto version = header.take(1);
  header.skip(3 + (version == 1 ? 16 : 8));
  out.timescale = header.u32();
  if (out.timescale == 0) throw damaged{"a track without a time scale"};
  const auto tables = children(need(children(need(media, "minf").body), "stbl").body);
  field_reader descriptions{need(tables, "stsd").body};
  descriptions.skip(4);
  if (descriptions.u32() != 1) throw damaged{"not exactly one sample description"};
  descriptions.skip(4);
  switch (descriptions.u32()) {
    case 0x61766331:  // "avc1"
      break;
    case 0x68766331:  // "hvc1"
    case 0x68657631:  // "hev1"
      out.is_h265 = true;
      break;
    default:
      throw damaged{"samples are neither avc1 nor hvc1"};
  }
}

/// Adds the samples of one moof, whose bytes are all of the mdat that follows it.
void read_fragment(bytes_view file, const box& moof, const box& mdat, mp4_file& out) {
  const auto parts = children(moof.body);
  need(parts, "mfhd");
  const auto track = children(need(parts, "traf").body);
  if (std::count_if(parts.begin(), parts.end(), [](const box& b) { return b.type == "traf"; }) != 1)
    throw damaged{"a fragment of several tracks"};

  field_reader tfhd{need(track, "tfhd").body};
  const auto tfhd_flags = tfhd.u32() & 0xffffff;
  tfhd.skip(4);
  if ((tfhd_flags & 0x01) != 0) throw damaged{"data offsets from the file's start"};
  if ((tfhd_flags & 0x02) != 0) tfhd.skip(4);
  const auto default_duration = (tfhd_flags & 0x08) != 0 ? tfhd.u32() : 0;
  const auto default_size = (tfhd_flags & 0x10) != 0 ? tfhd.u32() : 0;

  field_reader tfdt{need(track, "tfdt").body};
  auto decode_time = (tfdt.u32() >> 24) == 1 ? tfdt.take(8) : tfdt.take(4);

  const auto payload_at = mdat.offset + mdat.size - mdat.body.size();
  const auto payload_end = mdat.offset + mdat.size;
  auto at = payload_at;
  bool is_first = true;
  for (const auto& run : track) {
    if (run.type != "trun") continue;
    field_reader fields{run.body};
    const auto flags = fields.u32() & 0xffffff;
    const auto count = fields.u32();
    if ((flags & 0x01) != 0 && moof.offset + fields.u32() != at)
      throw damaged{"sample data is not where the fragment says"};
    if ((flags & 0x04) != 0) fields.skip(4);
    for (std::uint32_t i = 0; i < count; ++i) {
      sample one;
      one.duration = (flags & 0x100) != 0 ? fields.u32() : default_duration;
      const auto size = (flags & 0x200) != 0 ? fields.u32() : default_size;
      if ((flags & 0x400) != 0) fields.skip(4);
      if ((flags & 0x800) != 0) fields.skip(4);
      if (size == 0 || payload_end - at < size) throw damaged{"samples do not fit their mdat"};
      one.data = file.subspan(at, size);
      one.decode_time = decode_time;
      one.starts_fragment = is_first;
      is_first = false;
      decode_time += one.duration;
      at += size;
      out.samples.push_back(one);
    }
  }
  if (at != payload_end) throw damaged{"sample sizes do not add up to their mdat"};
}

void read_init(const box& ftyp, const std::optional<box>& moov, mp4_file& out) {
  if (ftyp.type != "ftyp") throw damaged{"does not begin with ftyp"};
  if (!moov) return;
  if (moov->type != "moov") throw damaged{"no moov after ftyp"};
  for (const auto& part : children(moov->body))
    if (part.type == "trak") read_track(part, out);
  if (out.video_tracks != 1) throw damaged{"not exactly one video track"};
}

void read_all(bytes_view file, mp4_file& out) {
  const auto ftyp = box_at(file, 0);
  const auto moov = ftyp ? box_at(file, ftyp->size) : std::nullopt;
  out.is_torn = !moov;
  if (!ftyp) return;
  read_init(*ftyp, moov, out);
  if (!moov) return;
  for (auto at = ftyp->size + moov->size; at < file.size();) {
    const auto moof = box_at(file, at);
    const auto mdat = moof ? box_at(file, at + moof->size) : std::nullopt;
    if (moof && moof->type != "moof") throw damaged{"a box that is no moof between fragments"};
    if (!mdat) {
      out.is_torn = true;
      return;
    }
    if (mdat->type != "mdat") throw damaged{"a moof without its mdat"};
    read_fragment(file, *moof, *mdat, out);
    at += moof->size + mdat->size;
  }
}

}  // namespace

mp4_file read_mp4(bytes_view file) {
  mp4_file out;
  try {
    read_all(file, out);
  } catch (const damaged& d) {
    out.damage = d.what();
  }
  return out;
}

}  // namespace verify
