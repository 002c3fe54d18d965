// SPDX-License-Identifier: Apache-2.0
#include "fuzz/target.hpp"
#include "plugin_host/screen.hpp"
#include "plugin_host/wire.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;
namespace host = vigie::plugin_host;

/// What a child says, unpacked and judged: nothing about cameras it does not have, nothing out of
/// its range, and no more than the rates allow.
void run(byte_view bytes) {
  input in{bytes};
  host::screen_rates rates;
  host::screen judge{static_cast<std::uint8_t>(1 + in.u8() % 3), {1, 2, 3}, rates};
  judge.attached(1);
  judge.opened(1);
  judge.attached(2);
  judge.frame_given(5);
  judge.notification_given("key", "corg");
  mono_ns now = 1'000'000'000;
  std::size_t passed = 0;
  for (const auto part : packets_of(in)) {
    now += 1'000'000;
    host::notice said;
    host::archive::unpacker unpack{part};
    unpack(said);
    if (!unpack.complete()) continue;
    const auto verdict = judge.judge(said, now);
    if (verdict.status != 0) continue;
    ++passed;
    if (const auto* one = std::get_if<host::packet_notice>(&said))
      require(one->camera == 1, "pictures of open cameras only");
    if (const auto* one = std::get_if<host::detection_notice>(&said))
      require(one->detection.score >= 0 && one->detection.score <= 1 &&
                  (one->camera == 1 || one->camera == 2),
              "a detection within its ranges");
    if (const auto* one = std::get_if<host::report_notice>(&said))
      require(one->report.key == "key" && one->report.recipient == "corg",
              "reports on what was given");
  }
  require(passed <= 5 * 400 + 8192, "rates bound what passes");
  const auto own = copy_of(bytes);
  const auto line = host::printable(text_of(own), 100);
  require(line.size() <= 100 && line.find_first_of("\r\n\x1b") == line.npos,
          "a log line is one line");
}

std::string packed(host::notice said) {
  std::vector<std::uint8_t> bytes;
  host::archive::packer{bytes}(said);
  return std::string{text_of(bytes)};
}

std::vector<std::string> seeds() {
  using namespace host;
  detection seen{1, 5, 1000, 1, 1, 0.5, 0, 0, 1000, 1000};
  const auto picture = packed(packet_notice{1, {1, true, false, 1, 0, 0, {0x67}, {0x65, 0x88}}});
  const auto event = packed(device_event_notice{1, {1, 1000, 1, 0}});
  const auto report = packed(report_notice{{1, "key", "corg", "R-1", "read", 1000}});
  return {std::string(1, '\0') + in_packets({picture, event, picture}),
          "\1" + in_packets({packed(detection_notice{1, seen}), packed(detection_notice{3, seen})}),
          "\2" + in_packets({report, report, packed(ended_notice{1, 3, "gone"}),
                             packed(log_notice{1, "text"})})};
}

const registration self{{"plugin_screen", run, seeds, {"key", "corg", "\xff\xff\xff\xff"}}};

}  // namespace
