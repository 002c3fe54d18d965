// SPDX-License-Identifier: Apache-2.0
#include "rtp/parameter_sets.hpp"

#include "fuzz/pictures.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Parameter sets in any order: what is current is complete, bounded, and the same pointer as long
/// as nothing changes.
void run(byte_view bytes) {
  input in{bytes};
  const auto control = in.u8();
  const auto kind = control & 1 ? media::codec::h265 : media::codec::h264;
  const auto policy =
      control & 2 ? rtp::parameters_policy::described_only : rtp::parameters_policy::in_band_wins;
  rtp::parameter_sets sets{kind, policy, std::nullopt};
  for (const auto part : packets_of(in)) {
    const auto own = copy_of(part);
    sets.take(own);
    const auto current = sets.current();
    require(sets.current() == current, "the same pointer while nothing changes");
    if (!current) continue;
    require(!current->sps.empty() && !current->pps.empty(), "complete");
    require(kind == media::codec::h264 || !current->vps.empty(), "complete with a VPS");
    std::size_t sum = current->sps.size() + current->vps.size() + current->pps.size();
    for (const auto& extra : current->extra_pps) sum += extra.size();
    require(current->extra_pps.size() < 16 && sum <= 18 * 4096, "bounded");
    sets.published(current);
    if (sets.take(own)) require(sets.current() == current, "the same set again is no change");
  }
}

std::string seed(const small_stream& stream, char control) {
  std::vector<std::string> parts;
  for (const auto& set : stream.sets) parts.push_back(as_text(set));
  parts.push_back(parts.back() + "\x11");
  parts.push_back(parts.front());
  return control + in_packets(parts);
}

std::vector<std::string> seeds() {
  return {seed(small_h264(), 0), seed(small_h265(), 1), seed(small_h264(), 2)};
}

const registration self{
    {"parameter_sets", run, seeds, {"\x67\x42", "\x68", "\x42\x01", "\x44\x01"}}};

}  // namespace
