// SPDX-License-Identifier: Apache-2.0
#include "rtp/receiver.hpp"

#include "fuzz/pictures.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// RTP and RTCP packets, damaged, lost and out of order, over TCP or UDP: the units that come out
/// are numbered without a hole, their time grows within a generation, every one can be stored.
void run(byte_view bytes) {
  input in{bytes};
  const auto control = in.u8();
  rtp::receiver_options options;
  options.reorders = (control & 1) != 0;
  const auto kind = control & 2 ? media::codec::h265 : media::codec::h264;
  options.depacketizer.codec = kind;
  if ((control & 4) != 0) options.depacketizer.ways.damaged_au = rtp::damage_policy::pass_damaged;
  if ((control & 8) != 0)
    options.depacketizer.ways.foreign_ssrc = rtp::foreign_ssrc_policy::adopt_at_once;
  rtp::receiver receiver{options};

  mono_ns now = 1'000'000'000;
  std::vector<media::access_unit_ptr> units;
  std::uint64_t sequence = 0;
  std::uint32_t generation = 0;
  std::int64_t pts = 0;
  const auto check = [&] {
    for (const auto& unit : units) {
      require(unit->sequence == ++sequence, "units are numbered without a hole");
      require(unit->stream_generation >= generation, "generations grow");
      if (unit->stream_generation == generation)
        require(unit->media_pts_us > pts, "time grows within a generation");
      else
        require(unit->is_key, "a generation starts with a key picture");
      generation = unit->stream_generation;
      pts = unit->media_pts_us;
      require(unit->parameters != nullptr, "no picture without parameters");
      require(is_stored_picture(kind, unit->data), "a unit is NAL units behind their sizes");
    }
    units.clear();
  };
  while (!in.empty()) {
    const auto what = in.u16();
    const auto own = copy_of(in.take(what & 0x7ff));
    now += (what >> 11 & 7) * 20'000'000;
    const auto utc = 1'795'000'000'000'000 + now / 1000;
    if ((what & 0x8000) != 0)
      receiver.on_rtcp(own, now, utc);
    else
      receiver.push(own, now, utc, units);
    check();
    if ((what & 0x4000) != 0) {
      receiver.on_tick(now, units);
      check();
    }
  }
  receiver.on_tick(now + 10'000'000'000, units);
  check();
  require(!receiver.next_deadline(), "nothing waits for ever");
  const auto report = receiver.receiver_report(now);
  require(rtp::parse_rtcp(report).malformed == 0, "our own report can be read");
  require(receiver.next_sequence() == sequence + 1, "the next session goes on where this ended");
}

std::string stream_of(const small_stream& stream, std::uint8_t control,
                      const std::vector<std::uint16_t>& order) {
  std::vector<std::string> packets;
  const auto add = [&](const test::bytes& payload, bool marker, std::uint32_t rtp_ts) {
    const auto number = static_cast<std::uint16_t>(packets.size() + 65'533);
    packets.push_back(as_text(test::make_rtp({marker, 96, number, rtp_ts, 7}, payload)));
  };
  for (const auto& set : stream.sets) add(set, false, 9000);
  add(stream.key, true, 9000);
  for (std::uint32_t i = 1; i < 4; ++i) add(stream.delta, true, 9000 + i * 7500);
  std::vector<std::string> sent;
  for (const auto i : order)
    if (i < packets.size()) sent.push_back(packets[i]);
  auto out = std::string(1, static_cast<char>(control)) + in_packets(sent);
  const auto report = as_text(test::make_sender_report(7, 0xe8'00'00'00'80'00'00'00, 9000));
  out += static_cast<char>(0x80);
  out += static_cast<char>(report.size());
  return out + report;
}

std::vector<std::string> seeds() {
  return {stream_of(small_h264(), 0, {0, 1, 2, 3, 4, 5}),
          stream_of(small_h264(), 1, {0, 2, 1, 4, 3, 5}), stream_of(small_h264(), 4, {0, 1, 2, 5}),
          stream_of(small_h265(), 3, {0, 1, 3, 2, 4, 6, 5}),
          stream_of(small_h265(), 10, {0, 1, 2, 3, 4, 5, 6})};
}

const registration self{{"receiver", run, seeds, {"\x80\x60", "\x80\xe0", "\x80\xc8", "\x81\xcb"}}};

}  // namespace
