// SPDX-License-Identifier: Apache-2.0
#include "bus/codec.hpp"
#include "fuzz/target.hpp"
#include "support/bus_samples.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

constexpr std::pair<std::string_view, std::string_view> verbs[] = {
    {"state", "snapshot"}, {"events", "recent"},    {"live", "open"},  {"replay", "open"},
    {"plugins", "list"},   {"plugins", "exercise"}, {"plugins", "why"}};

/// The body of every request: what is taken is within its bounds, and written again it is taken
/// again.
void run(byte_view bytes) {
  input in{bytes};
  const auto [service, verb] = verbs[in.u8() % std::size(verbs)];
  const auto own = copy_of(in.rest());
  const auto body = text_of(own);
  if (const auto named = bus::correlation_of(body))
    require(named->size() <= body.size(), "a correlation is of the body");
  const bus::request_address address{"u-1", std::string{service}, std::string{verb}};
  const auto taken = bus::decode_request(address, body);
  if (!taken) {
    const auto reply = bus::encode(bus::to_error_reply(bus::correlation_of(body), taken.error()));
    require(bus::decode<bus::error_reply>(reply).has_value(), "our refusal can be read");
    return;
  }
  const auto again = std::visit([](const auto& one) { return bus::encode(one); }, *taken);
  const auto taken_again = bus::decode_request(address, again);
  require(taken_again && taken_again->index() == taken->index(), "what was taken is taken again");
  require(std::visit([](const auto& one) { return bus::encode(one); }, *taken_again) == again,
          "written twice, the same words");
  if (const auto* live = std::get_if<bus::live_open_request>(&*taken))
    require(!live->reason.empty() && live->reason.size() <= bus::max_reason_bytes &&
                is_id_text(live->camera.str()),
            "no image without a reason and a camera");
  if (const auto* replay = std::get_if<bus::replay_open_request>(&*taken))
    require(!replay->reason.empty() && replay->from < replay->to,
            "no replay without a reason and a span");
}

std::vector<std::string> seeds() {
  using namespace test;
  return {std::string(1, '\0') + bus::encode(bus::snapshot_request{"c-0"}),
          "\1" + bus::encode(sample_events_request()),
          "\2" + bus::encode(sample_live_request()),
          "\3" + bus::encode(sample_replay_request()),
          "\4" + bus::encode(bus::plugins_list_request{"c-5"}),
          "\5" + bus::encode(sample_exercise_request()),
          "\6" + bus::encode(sample_why_request())};
}

const registration self{
    {"bus_request",
     run,
     seeds,
     {"\"correlation\":", "\"reason\":", "\"camera\":", "\"from\":", "\"to\":", "\"authority\":",
      "\"v\":1", "null", "1e308", "-1", "\\ud800", "\\u0000", "[[[[", "2026-11-21T20:15:33.400Z"}}};

}  // namespace
