// SPDX-License-Identifier: Apache-2.0
#include "rtp/reorder_window.hpp"

#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Sequence numbers in any order at any pace: everything handed in comes out at most once and with
/// its own bytes, and what waits waits no longer than the patience.
void run(byte_view bytes) {
  input in{bytes};
  rtp::reorder_window window;
  mono_ns now = 0;
  std::uint64_t pushed = 0, delivered = 0;
  const auto deliver = [&](byte_view one, mono_ns mono, utc_us utc) {
    ++delivered;
    require(one.size() == 3 && one[2] == (one[0] ^ one[1]), "bytes come out as they went in");
    require(mono == utc && mono <= now, "arrival times stay with their packet");
  };
  while (!in.empty()) {
    const auto command = in.u8();
    now += (command >> 4) * 5'000'000;
    if ((command & 15) == 15)
      window.restart(in.u16());
    else if ((command & 15) == 14)
      window.reset();
    else if ((command & 15) == 13)
      window.flush_due(now, deliver);
    else {
      const auto sequence = in.u16();
      const auto high = static_cast<std::uint8_t>(sequence >> 8);
      const auto low = static_cast<std::uint8_t>(sequence);
      const std::vector<std::uint8_t> packet{high, low, static_cast<std::uint8_t>(high ^ low)};
      ++pushed;
      window.push(sequence, packet, now, now, deliver);
    }
    require(delivered <= pushed, "nothing comes out twice");
    if (const auto deadline = window.deadline())
      require(*deadline <= now + to_ns(rtp::reorder_window::patience), "patience is bounded");
  }
  now += to_ns(rtp::reorder_window::patience);
  window.flush_due(now, deliver);
  require(!window.deadline(), "everything comes out in the end");
}

std::vector<std::string> seeds() {
  std::string swapped, far;
  for (const int number : {65'534, 0, 65'535, 1, 3, 2, 2, 4}) {
    swapped += {0x10, static_cast<char>(number >> 8), static_cast<char>(number)};
    far += {0x20, static_cast<char>(number * 40 >> 8), static_cast<char>(number * 40)};
  }
  return {swapped, far, swapped + "\x0f" + far + "\x3d" + swapped};
}

const registration self{{"reorder_window", run, seeds, {}}};

}  // namespace
