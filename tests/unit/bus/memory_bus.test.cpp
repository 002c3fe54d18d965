// SPDX-License-Identifier: Apache-2.0
#include "bus/memory_bus.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "bus/codec.hpp"

using namespace vigie;
using namespace vigie::bus;

namespace {

error_reply refusal_in(const std::string& body) {
  auto reply = decode<error_reply>(body);
  REQUIRE(reply.has_value());
  return *reply;
}

/// Asks and returns the replies so far.
std::vector<std::string> replies_to(memory_bus& bus, std::string_view subject, std::string body) {
  std::vector<std::string> replies;
  REQUIRE(bus.ask(subject, std::move(body), [&](std::string r) { replies.push_back(std::move(r)); })
              .has_value());
  return replies;
}

}  // namespace

TEST_CASE("memory bus: readers get what their pattern matches, in order") {
  memory_bus bus;
  std::vector<std::string> seen;
  bus.subscribe(std::string{subject::all_events},
                [&](const std::string& s, const std::string& b) { seen.push_back(s + "=" + b); });
  CHECK(bus.publish("vigie.v1.event.a.b.c.d", "1").has_value());
  CHECK(bus.publish("vigie.v1.state.a.b.c", "2").has_value());
  CHECK(bus.publish("vigie.v1.event.a.b._.e", "3").has_value());
  CHECK(seen == std::vector<std::string>{"vigie.v1.event.a.b.c.d=1", "vigie.v1.event.a.b._.e=3"});
  CHECK(bus.publish("vigie.*", "4").error().code == errc::bus_malformed);
  CHECK(bus.publish("vigie.v1", std::string(max_message_bytes + 1, 'x')).error().code ==
        errc::bus_malformed);
}

TEST_CASE("memory bus: a cut is told, refuses publication, and ends") {
  memory_bus bus;
  std::vector<link_state> told;
  bus.watch_link([&](link_state s) { told.push_back(s); });
  bus.set_link(link_state::disconnected);
  CHECK(bus.publish("a", "").error().code == errc::bus_down);
  bus.set_link(link_state::connected);
  CHECK(bus.publish("a", "").has_value());
  CHECK(told ==
        std::vector{link_state::connected, link_state::disconnected, link_state::connected});
}

TEST_CASE("memory bus: a frozen server swallows and does not confirm") {
  memory_bus bus;
  const std::vector<outgoing> batch{{"a", "1"}, {"a", "2"}};
  bus.freeze_after(1);
  CHECK(bus.publish_confirmed(batch, {}).error().code == errc::bus_down);
  CHECK(bus.delivered() == 1);
  CHECK(bus.publish("a", "3").has_value());
  CHECK(bus.delivered() == 1);
  bus.set_link(link_state::connected);
  CHECK(bus.publish_confirmed(batch, {}).has_value());
  CHECK(bus.delivered() == 3);
}

TEST_CASE("requests: the handler gets the address and may answer later, once") {
  memory_bus bus;
  reply_function kept;
  request_address from;
  REQUIRE(bus.serve_requests([&](const request_address& f, std::string, reply_function reply) {
               from = f;
               kept = std::move(reply);
             })
              .has_value());
  std::vector<std::string> replies;
  REQUIRE(bus.ask("vigie.v1.request.console.state.snapshot", "{}",
                  [&](std::string r) { replies.push_back(std::move(r)); })
              .has_value());
  CHECK(from == request_address{"console", "state", "snapshot"});
  CHECK(replies.empty());
  kept("first");
  kept("second");
  kept = nullptr;
  CHECK(replies == std::vector<std::string>{"first"});
}

TEST_CASE("requests: what the handler cannot get is answered for it") {
  memory_bus bus;
  int handled = 0;
  REQUIRE(
      bus.serve_requests([&](const request_address&, std::string, reply_function) { ++handled; })
          .has_value());
  auto replies = replies_to(bus, "vigie.v1.request.console.live", R"({"correlation":"c"})");
  REQUIRE(replies.size() == 1);
  CHECK(refusal_in(replies[0]).code == "bus_malformed");
  CHECK(refusal_in(replies[0]).correlation == "c");
  replies =
      replies_to(bus, "vigie.v1.request.console.live.open", std::string(max_body_bytes + 1, 'x'));
  REQUIRE(replies.size() == 1);
  CHECK(refusal_in(replies[0]).code == "bus_malformed");
  CHECK(handled == 0);
}

TEST_CASE("requests: a handler that drops its reply or throws does not leave the asker waiting") {
  memory_bus bus;
  bool is_throwing = false;
  REQUIRE(bus.serve_requests([&](const request_address&, std::string, const reply_function&) {
               if (is_throwing) throw std::runtime_error{"a bug"};
             })
              .has_value());
  for (const bool throws : {false, true}) {
    is_throwing = throws;
    const auto replies =
        replies_to(bus, "vigie.v1.request.console.live.open", R"({"correlation":"c"})");
    REQUIRE(replies.size() == 1);
    CHECK(refusal_in(replies[0]).code == "internal");
    CHECK(refusal_in(replies[0]).correlation == "c");
  }
}

TEST_CASE("requests: nobody serves, nobody answers") {
  memory_bus bus;
  CHECK(bus.ask("vigie.v1.request.console.live.open", "{}", [](std::string) {}).error().code ==
        errc::bus_unknown);
}
