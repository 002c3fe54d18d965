// SPDX-License-Identifier: Apache-2.0
#include "fuzz/payload_run.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

void run(byte_view bytes) { run_payloads(media::codec::h265, bytes); }

std::vector<std::string> seeds() {
  const auto stream = small_h265();
  return {as_stream(after_sets(stream, {stream.key})),
          as_stream(after_sets(stream, test::make_fu(stream.key, 2))),
          as_stream(after_sets(stream, test::make_fu(stream.key, 2, 5)), 5),
          as_stream({test::make_ap({stream.sets[0], stream.sets[1], stream.sets[2], stream.key})}),
          as_stream(
              {test::make_ap({stream.sets[0], stream.sets[1], stream.sets[2], stream.key}, 3)}, 5)};
}

const registration self{{"h265_payload", run, seeds, {"\x62\x01\x93", "\x62\x01\x53", "\x60\x01"}}};

}  // namespace
