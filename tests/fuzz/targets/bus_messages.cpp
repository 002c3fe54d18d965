// SPDX-License-Identifier: Apache-2.0
#include "bus/codec.hpp"
#include "fuzz/target.hpp"
#include "support/bus_samples.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// A body read as one kind of message, written, read and written again: the same words, one line.
template <class T>
void there_and_back(std::string_view body) {
  const auto read = bus::decode<T>(body);
  if (!read) return;
  const auto text = bus::encode(*read);
  require(text.find('\n') == text.npos, "one line");
  const auto again = bus::decode<T>(text);
  require(again.has_value(), "what we write can be read");
  require(bus::encode(*again) == text, "written twice, the same words");
}

void run(byte_view bytes) {
  input in{bytes};
  const auto kind = in.u8();
  const auto own = copy_of(in.rest());
  const auto body = text_of(own);
  switch (kind % 9) {
    case 0:
      return there_and_back<bus::camera_state_message>(body);
    case 1:
      return there_and_back<bus::site_state_message>(body);
    case 2:
      return there_and_back<bus::commune_state_message>(body);
    case 3:
      return there_and_back<bus::event_message>(body);
    case 4:
      return there_and_back<bus::heartbeat_message>(body);
    case 5:
      return there_and_back<bus::snapshot_reply>(body);
    case 6:
      return there_and_back<bus::events_reply>(body);
    case 7:
      return there_and_back<bus::plugins_reply>(body);
    default:
      return there_and_back<bus::replay_grant>(body);
  }
}

std::vector<std::string> seeds() {
  using namespace test;
  const auto as = [](char kind, const auto& message) { return kind + bus::encode(message); };
  return {as(3, sample_event()),  as(4, sample_heartbeat()), as(5, sample_snapshot()),
          as(6, sample_events()), as(7, sample_plugins()),   as(8, sample_replay_grant())};
}

const registration self{
    {"bus_messages",
     run,
     seeds,
     {"\"v\":1", "\"kind\":", "null", "1e400", "-0", "18446744073709551616", "\\ud800", "[]", "{}",
      "9999-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"}}};

}  // namespace
