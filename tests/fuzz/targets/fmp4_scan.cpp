// SPDX-License-Identifier: Apache-2.0
#include "media/fmp4_scan.hpp"

#include "fuzz/pictures.hpp"
#include "fuzz/small_recording.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// A recording after anything: what is told whole lies in the file, in order, without holes, and
/// cut there it is told whole again. This is what recovery does to a torn file.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const auto layout = media::scan_fmp4(reader_of(own), own.size());
  require(layout.has_value(), "bytes never make it fail");
  require(layout->whole_bytes <= own.size(), "the end lies in the file");
  require(layout->init_bytes <= layout->whole_bytes, "the start lies before the end");
  std::uint64_t at = layout->init_bytes;
  for (const auto& one : layout->fragments) {
    require(one.offset == at && one.size > 0, "fragments stand one behind the other");
    require(one.payload_bytes <= one.size, "samples lie in their fragment");
    at += one.size;
  }
  require(layout->fragments.empty() || at == layout->whole_bytes, "the last one ends the whole");
  if (layout->init_bytes > 0) {
    const auto codecs = media::codecs_of_init(byte_view{own}.first(layout->init_bytes));
    require(codecs.size() <= 64, "an RFC 6381 name is short");
  }
  const std::vector<std::uint8_t> cut(
      own.begin(), own.begin() + static_cast<std::ptrdiff_t>(layout->whole_bytes));
  const auto again = media::scan_fmp4(reader_of(cut), cut.size());
  require(again && again->whole_bytes == cut.size() && again->init_bytes == layout->init_bytes &&
              again->fragments.size() == layout->fragments.size(),
          "a file that was cut is whole");
}

std::vector<std::string> seeds() {
  const auto h264 = small_recording(media::codec::h264, {5, 9, 30});
  const auto h265 = small_recording(media::codec::h265, {100, 1});
  return {as_text(h264), as_text(h265), as_text(h264).substr(0, h264.size() - 7)};
}

const registration self{{"fmp4_scan",
                         run,
                         seeds,
                         {"moof", "mdat", "moov", "ftyp", "trun", "tfdt", "tkhd", "stsd", "avc1",
                          "hvcC", std::string_view{"\0\0\0\1", 4}, "\xff\xff\xff\xff"}}};

}  // namespace
