// SPDX-License-Identifier: Apache-2.0
#include "rtp/packet.hpp"

#include "fuzz/target.hpp"
#include "support/rtp_builder.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

bool lies_in(byte_view part, byte_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

/// Views stay inside the packet, and a packet rebuilt from what was read reads the same.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const auto read = rtp::parse_packet(own);
  if (!read) return;
  require(lies_in(read->payload, own) && lies_in(read->extension, own), "views lie in the packet");
  require(read->payload.size() + read->extension.size() + 12 <= own.size(), "a header takes room");
  require(read->payload_type < 128, "a payload type has 7 bits");
  const auto rebuilt = test::make_rtp(
      {read->marker, read->payload_type, read->sequence_number, read->rtp_ts, read->ssrc},
      read->payload);
  const auto again = rtp::parse_packet(rebuilt);
  require(again && again->marker == read->marker && again->rtp_ts == read->rtp_ts &&
              again->sequence_number == read->sequence_number && again->ssrc == read->ssrc &&
              text_of(again->payload) == text_of(read->payload),
          "rebuilt, it reads the same");
}

std::vector<std::string> seeds() {
  const auto text = [](const test::bytes& packet) { return std::string{text_of(packet)}; };
  const test::bytes payload{0x65, 0x88, 0x84, 0x21};
  auto plain = test::make_rtp({true, 96, 7, 90'000, 5}, payload);
  auto padded = plain;
  padded[0] |= 0x20;
  padded.insert(padded.end(), {0, 0, 0, 4});
  auto extended = plain;
  extended[0] |= 0x10;
  const test::bytes extension{0xbe, 0xde, 0, 1, 1, 2, 3, 4};
  extended.insert(extended.begin() + 12, extension.begin(), extension.end());
  auto sources = plain;
  sources[0] |= 0x02;
  sources.insert(sources.begin() + 12, 8, 0x11);
  return {text(plain), text(padded), text(extended), text(sources)};
}

const registration self{{"rtp_packet", run, seeds, {}}};

}  // namespace
