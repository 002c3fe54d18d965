// SPDX-License-Identifier: Apache-2.0
#include "fuzz/target.hpp"
#include "gateway/byte_range.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// A Range header of anybody against a file of any size: what is sent lies in the file.
void run(byte_view bytes) {
  input in{bytes};
  const auto size = in.u64() >> (in.u8() % 64);
  const auto own = copy_of(in.rest());
  const auto range = gateway::parse_range(text_of(own), size);
  if (range.outcome == gateway::range_outcome::part) {
    require(range.length > 0, "a part has bytes");
    require(range.offset < size && range.length <= size - range.offset, "a part lies in the file");
    const auto written = "bytes=" + std::to_string(range.offset) + "-" +
                         std::to_string(range.offset + range.length - 1);
    require(gateway::parse_range(written, size) == range, "written out, the same part");
  }
  require(gateway::parse_range({}, size).outcome == gateway::range_outcome::whole,
          "no range, the whole");
}

std::vector<std::string> seeds() {
  const std::string small{"\0\0\0\0\0\0\3\xe8\0", 9};
  const std::string large{"\xff\xff\xff\xff\xff\xff\xff\xff\0", 9};
  return {small + "bytes=0-99",
          small + "bytes=-5",
          small + "bytes=990-",
          small + "bytes=1000-",
          large + "bytes=0-18446744073709551615",
          small + "bytes=0-1,5-6",
          std::string(9, '\0') + "bytes=0-"};
}

const registration self{
    {"gateway_range",
     run,
     seeds,
     {"bytes=", "-", "18446744073709551615", "18446744073709551616", ",", " "}}};

}  // namespace
