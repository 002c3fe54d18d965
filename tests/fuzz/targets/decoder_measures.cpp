// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "analytics/measure_reader.hpp"
#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;
namespace wire = analytics::wire;

struct hearing {
  std::vector<wire::measure> heard;
  bool is_over = false;
  std::optional<std::uint32_t> layers;
};

hearing hear(const std::vector<byte_view>& pieces) {
  analytics::measure_reader reader;
  hearing out;
  for (const auto piece : pieces) {
    const auto own = copy_of(piece);
    const auto goes_on = reader.feed(own, [&out](const wire::measure& said) {
      out.heard.push_back(said);
      return said.camera_index != 0xffff'ffff;  // "no such frame was asked for"
    });
    if (!goes_on) {
      out.is_over = true;
      break;
    }
    require(reader.buffered_bytes() < sizeof(wire::measure), "less than a record is kept");
  }
  out.layers = reader.sandbox_layers();
  return out;
}

/// What a decoder child that was taken over says: however it is cut, the centre believes the same
/// records, and only figures that a picture can have.
void run(byte_view bytes) {
  const auto whole = hear({bytes});
  require(whole.heard.empty() || whole.layers, "nothing is believed before the greeting");
  for (const auto& said : whole.heard) {
    require(said.dark_share >= 0 && said.dark_share <= 1, "a share is a share");
    require(said.change >= -1 && said.change <= 255, "a change lies in the range of luma");
    require(said.decoded <= 1, "decoded or not");
  }
  for (const std::uint64_t seed : {0, 1}) {
    const auto cut = hear(pieces_of(bytes, seed));
    require(cut.is_over == whole.is_over && cut.layers == whole.layers, "cut, the same end");
    require(cut.heard.size() == whole.heard.size(), "cut, as many records");
    for (std::size_t i = 0; i < cut.heard.size(); ++i)
      require(std::memcmp(&cut.heard[i], &whole.heard[i], sizeof(wire::measure)) == 0,
              "cut, the same records");
  }
}

template <class Record>
std::string in_bytes(const Record& record) {
  return std::string{reinterpret_cast<const char*>(&record), sizeof record};
}

std::vector<std::string> seeds() {
  const auto hello = in_bytes(wire::hello{wire::hello_magic, 0x1f});
  wire::measure first;
  first.camera_index = 3;
  first.decoded = 1;
  first.arrival_mono_ns = 1'000'000'000;
  first.dark_share = 0.5;
  auto second = first;
  second.change = 12.5;
  second.change_without_overlay = 3;
  second.views[0] = {640, 360};
  auto last = second;
  last.camera_index = 0xffff'ffff;
  return {hello + in_bytes(first) + in_bytes(second), hello + in_bytes(last) + in_bytes(first),
          in_bytes(first), hello.substr(0, 5)};
}

const registration self{
    {"decoder_measures",
     run,
     seeds,
     {std::string_view{"3BPV\x1f\0\0\0", 8}, std::string_view{"\0\0\0\0\0\0\xf0\x7f", 8},
      std::string_view{"\0\0\0\0\0\0\xf8\x7f", 8}, std::string_view{"\0\0\0\0\0\0\xf0\xbf", 8},
      std::string_view{"\xff\xff\xff\xff", 4}}}};

}  // namespace
