// SPDX-License-Identifier: Apache-2.0
#include "fuzz/pictures.hpp"
#include "ingest/annexb_units.hpp"
#include "media/bit_reader.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Annex B streams of a plugin: NAL units joined by start codes are found again, and a picture made
/// of them is one a muxer may store.
void run(byte_view bytes) {
  input in{bytes};
  const auto kind = in.u8() & 1 ? media::codec::h265 : media::codec::h264;
  const auto own = copy_of(in.rest());
  const auto nals = media::split_annexb(own);
  std::size_t sum = 0;
  std::vector<std::uint8_t> joined;
  for (const auto nal : nals) {
    require(!nal.empty(), "no empty NAL unit");
    require(nal.data() >= own.data() && nal.data() + nal.size() <= own.data() + own.size(),
            "a NAL unit lies in the stream");
    require(nal.back() != 0, "zeros behind a NAL unit are not part of it");
    require(media::remove_emulation_prevention(nal).size() <= nal.size(),
            "unescaping only shrinks");
    sum += nal.size();
    joined.insert(joined.end(), {0, 0, 0, 1});
    joined.insert(joined.end(), nal.begin(), nal.end());
  }
  require(sum <= own.size(), "nothing is made up");
  const auto again = media::split_annexb(joined);
  require(again.size() == nals.size(), "joined and split, the same NAL units");
  for (std::size_t i = 0; i < nals.size(); ++i)
    require(text_of(again[i]) == text_of(nals[i]), "joined and split, the same bytes");

  ingest::annexb_units units{kind};
  const auto half = own.size() / 2;
  units.learn(byte_view{own}.first(half));
  for (const auto picture : {byte_view{own}, byte_view{own}.subspan(half)}) {
    const auto made = units.take(picture);
    if (!made || !*made) continue;
    require((*made)->parameters != nullptr, "no picture without parameters");
    require(is_stored_picture(kind, (*made)->data), "a unit is NAL units behind their sizes");
  }
}

std::string stream_of(const small_stream& stream, std::uint8_t control) {
  std::string out(1, static_cast<char>(control));
  auto all = stream.sets;
  all.push_back(stream.key);
  all.push_back(stream.delta);
  for (const auto& nal : all) {
    out += std::string{"\0\0\1", 3};
    out += as_text(nal);
  }
  return out;
}

std::vector<std::string> seeds() {
  return {stream_of(small_h264(), 0), stream_of(small_h265(), 1),
          std::string{"\0\0\0\0\1\x65\0\0", 8}};
}

const registration self{{"annexb",
                         run,
                         seeds,
                         {std::string_view{"\0\0\1", 3}, std::string_view{"\0\0\3", 3},
                          std::string_view{"\0\0\0\1\x65", 5}}}};

}  // namespace
