// SPDX-License-Identifier: Apache-2.0
#include "rtp/rtcp.hpp"

#include "fuzz/target.hpp"
#include "support/rtp_builder.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Any compound, and the reports we write about whatever a camera sent.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const auto read = rtp::parse_rtcp(own);
  require(read.sender_reports.size() * 28 <= own.size() + 28, "a sender report takes 28 bytes");
  require(read.byes.size() * 4 <= own.size(), "a goodbye takes 4 bytes");
  for (const auto& report : read.sender_reports)
    if (const auto utc = rtp::utc_of_ntp(report.ntp_64)) {
      const auto back = rtp::utc_of_ntp(rtp::ntp_of_utc(*utc));
      require(back && *back - *utc >= -1 && *back - *utc <= 1, "NTP there and back to 1 µs");
    }
  input in{own};
  rtp::report_block block;
  block.ssrc = in.u32();
  block.fraction_lost = in.u8();
  block.cumulative_lost = in.u32() & 0x7f'ffff;
  block.highest_sequence = in.u32();
  const auto written = rtp::make_receiver_report(in.u32(), "vigie", block);
  require(written.size() % 4 == 0, "RTCP comes in words");
  const auto again = rtp::parse_rtcp(written);
  require(again.malformed == 0 && again.byes.empty(), "we read what we write");
}

std::vector<std::string> seeds() {
  const auto text = [](const test::bytes& packet) { return std::string{text_of(packet)}; };
  const auto report = text(test::make_sender_report(7, 0xe8'00'00'00'80'00'00'00, 90'000));
  return {report, report + text(test::make_bye(7)), text(test::make_bye(9)) + report,
          text(rtp::make_receiver_report(1, "vigie", std::nullopt))};
}

const registration self{{"rtcp", run, seeds, {}}};

}  // namespace
