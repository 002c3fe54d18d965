// SPDX-License-Identifier: Apache-2.0
#include "fuzz/pictures.hpp"
#include "fuzz/small_recording.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Any samples with any times and durations, under any parameter sets: what was written is read
/// again, number by number.
void run(byte_view bytes) {
  input in{bytes};
  const bool is_h265 = (in.u8() & 1) != 0;
  const auto sets = copy_of(in.take(in.u8()));
  const auto parameters = std::make_shared<const media::codec_parameters>(
      is_h265 ? media::make_h265_parameters(sets, sets, {sets})
              : media::make_h264_parameters(sets, {sets}));
  auto file = media::make_init_segment(*parameters, static_cast<utc_us>(in.u64() >> 8));
  const auto init_bytes = file.size();
  std::vector<media::fmp4_fragment> written;
  while (!in.empty() && written.size() < 16) {
    media::fmp4_fragment one;
    one.offset = file.size();
    one.sequence = in.u32();
    one.decode_time_ticks = in.u64();
    std::vector<media::fmp4_sample> samples;
    for (unsigned count = 1 + in.u8() % 8; count > 0; --count) {
      auto unit = std::make_shared<media::access_unit>();
      const auto flags = in.u8();
      unit->is_key = (flags & 1) != 0;
      unit->data =
          std::vector<std::uint8_t>(std::size_t{1} + in.u8() * (flags & 2 ? 16U : 1U), flags);
      samples.push_back({unit, in.u32()});
      one.duration_ticks += samples.back().duration_ticks;
      one.payload_bytes += unit->data.size();
    }
    one.samples = static_cast<std::uint32_t>(samples.size());
    one.starts_with_sync = samples.front().unit->is_key;
    const auto header = media::make_fragment_header(one.sequence, one.decode_time_ticks, samples);
    file.insert(file.end(), header.begin(), header.end());
    for (const auto& sample : samples)
      file.insert(file.end(), sample.unit->data.begin(), sample.unit->data.end());
    one.size = file.size() - one.offset;
    written.push_back(one);
  }
  const auto layout = media::scan_fmp4(reader_of(file), file.size());
  require(layout && layout->whole_bytes == file.size(), "all that was written is whole");
  require(layout->init_bytes == init_bytes, "the start is found");
  require(layout->fragments.size() == written.size(), "as many fragments as were written");
  for (std::size_t i = 0; i < written.size(); ++i) {
    const auto& found = layout->fragments[i];
    const auto& one = written[i];
    require(found.offset == one.offset && found.size == one.size, "a fragment keeps its place");
    require(found.sequence == one.sequence && found.decode_time_ticks == one.decode_time_ticks,
            "a fragment keeps number and time");
    require(found.duration_ticks == one.duration_ticks && found.samples == one.samples &&
                found.payload_bytes == one.payload_bytes &&
                found.starts_with_sync == one.starts_with_sync,
            "samples are counted right");
  }
}

std::vector<std::string> seeds() {
  std::string one{"\0\x07\x67\x42\xc0\x1e\xf4\x84\x26\0\0\1\2\3\4\5\6", 17};
  one += std::string{
      "\0\0\0\1\0\0\0\0\0\0\0\0\3\1\x20\0\0\x1d\x4c\0\x10\0\0\x1d\x4c\2\5\0\0\x1d\x4c", 31};
  auto other = one;
  other[0] = 1;
  return {one, other, one + one.substr(17)};
}

const registration self{{"fmp4_write", run, seeds, {}}};

}  // namespace
