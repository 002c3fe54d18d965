// SPDX-License-Identifier: Apache-2.0
#include "fuzz/payload_run.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

void run(byte_view bytes) { run_payloads(media::codec::h264, bytes); }

std::vector<std::string> seeds() {
  const auto stream = small_h264();
  test::bytes annexb = stream.key;
  annexb.insert(annexb.end(), {0, 0, 1});
  annexb.insert(annexb.end(), stream.delta.begin(), stream.delta.end());
  return {as_stream(after_sets(stream, {stream.key})),
          as_stream(after_sets(stream, test::make_fu_a(stream.key, 2))),
          as_stream({test::make_stap_a({stream.sets[0], stream.sets[1], stream.key})}),
          as_stream(after_sets(stream, {annexb}), 2)};
}

const registration self{
    {"h264_payload", run, seeds, {"\x7c\x85", "\x7c\x45", "\x7c\x05", "\x18", "\x67\x42"}}};

}  // namespace
