// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "bus/codec.hpp"
#include "bus_lab.hpp"
#include "nats_client.hpp"
#include "support/bus_samples.hpp"

using namespace vigie;
using namespace vigie::bus;
using nlohmann::json;

namespace {

std::filesystem::path source_folder() {
  const char* folder = std::getenv("VIGIE_SOURCE");
  return folder != nullptr ? folder : ".";
}

struct verdict {
  bool holds = false;
  std::string words;
};

/// What docs/asyncapi.yaml says of these lines, by a validator that is not ours.
verdict judge(const test::temporary_folder& folder, const std::vector<json>& lines,
              const char* option) {
  const auto input = folder / "bodies.jsonl";
  const auto output = folder / "verdict.txt";
  {
    std::ofstream file{input};
    for (const auto& line : lines) file << line.dump() << '\n';
  }
  const auto root = source_folder();
  const auto command = "python3 " + (root / "tests/integration/bus/check_bodies.py").string() +
                       " " + (root / "docs/asyncapi.yaml").string() + " " + option + " < " +
                       input.string() + " > " + output.string() + " 2>&1";
  const int status = std::system(command.c_str());
  std::stringstream words;
  words << std::ifstream{output}.rdbuf();
  return {WIFEXITED(status) && WEXITSTATUS(status) == 0, words.str()};
}

json line(const std::string& subject, const char* direction, const std::string& body) {
  return {{"subject", subject}, {"direction", direction}, {"body", json::parse(body)}};
}

/// Answers like a centre with one camera.
std::string answer(const request_address& from, const std::string& body) {
  const auto asked = decode_request(from, body);
  if (!asked) return encode(to_error_reply(correlation_of(body), asked.error()));
  if (std::holds_alternative<snapshot_request>(*asked)) return encode(test::sample_snapshot());
  if (std::holds_alternative<events_recent_request>(*asked)) return encode(test::sample_events());
  if (std::holds_alternative<live_open_request>(*asked)) return encode(test::sample_live_grant());
  if (std::holds_alternative<plugins_list_request>(*asked)) return encode(test::sample_plugins());
  if (std::holds_alternative<exercise_request>(*asked)) return encode(test::sample_exercise());
  if (std::holds_alternative<plugins_why_request>(*asked)) return encode(test::sample_why());
  if (from.service == "people" && (from.verb == "me" || from.verb == "duty"))
    return encode(test::sample_me());
  if (from.service == "people") return encode(test::sample_people());
  if (from.service == "proposals") return encode(test::sample_proposals());
  if (from.service == "sessions") return encode(test::sample_sessions());
  return encode(test::sample_replay_grant());
}

}  // namespace

TEST_CASE(
    "contract: every subject, from a real producer to a real reader, holds docs/asyncapi.yaml") {
  test::server_lab lab;
  const auto node = lab.connect();
  test::link_watch link{*node};
  REQUIRE(link.wait(link_state::connected));
  REQUIRE(node->serve_requests([](const request_address& from, std::string body,
                                  reply_function reply) { reply(answer(from, body)); })
              .has_value());
  test::nats_client console{lab.server->url(), "console", std::string{lab.console_password}};
  for (const auto pattern : {subject::all_states, subject::all_events, subject::all_nodes})
    console.subscribe(std::string{pattern});

  const auto stamp = test::sample_stamp();
  const auto camera = test::sample_camera();
  const auto& path = camera.path;
  auto blind = camera;
  blind.last_frame_at.reset();
  blind.clock_offset_ms.reset();
  auto outage = test::sample_event();
  outage.type = event_type::site_outage;
  outage.camera = camera_id{};
  auto started = outage;
  started.type = event_type::node_started;
  started.commune = commune_id{};
  started.site = site_id{};
  started.cause = "none";
  started.cameras.clear();
  const auto event = test::sample_event();
  const std::vector<outgoing> all{
      {subject::camera_state(path), encode(camera_state_message{stamp, camera})},
      {subject::camera_state(path), encode(camera_state_message{stamp, blind})},
      {subject::site_state(path.commune, path.site),
       encode(site_state_message{stamp, test::sample_site()})},
      {subject::commune_state(path.commune),
       encode(commune_state_message{stamp, test::sample_commune()})},
      {subject::event(event.commune, event.site, event.camera, event.type), encode(event)},
      {subject::event(outage.commune, outage.site, outage.camera, outage.type), encode(outage)},
      {subject::event(started.commune, started.site, started.camera, started.type),
       encode(started)},
      {subject::heartbeat("node-1"), encode(test::sample_heartbeat())}};
  REQUIRE(node->publish_confirmed(all, std::chrono::seconds{5}).has_value());
  REQUIRE(console.wait_for_count(all.size()));

  std::vector<json> lines;
  for (const auto& r : console.all()) lines.push_back(line(r.subject, "subscribe", r.body));
  const std::vector<outgoing> asked{
      {subject::request("console", "state", "snapshot"), encode(snapshot_request{"c-3"})},
      {subject::request("console", "state", "snapshot"),
       encode(snapshot_request{"c-3", commune_id{"95018"}})},
      {subject::request("console", "events", "recent"), encode(test::sample_events_request())},
      {subject::request("console", "plugins", "list"), encode(plugins_list_request{"c-5"})},
      {subject::request("console", "plugins", "exercise"), encode(test::sample_exercise_request())},
      {subject::request("console", "plugins", "why"), encode(test::sample_why_request())},
      {subject::request("console", "people", "me"), encode(people_me_request{"c-7"})},
      {subject::request("console", "people", "duty"),
       encode(people_duty_request{"c-7", true, "prise de service"})},
      {subject::request("console", "people", "list"), encode(people_list_request{"c-8"})},
      {subject::request("console", "people", "suspend"),
       encode(people_suspend_request{"c-8", "bob", true, "ordre du préfet"})},
      {subject::request("console", "proposals", "list"), encode(proposals_list_request{"c-9"})},
      {subject::request("console", "proposals", "open"),
       encode(proposals_open_request{"c-9", "mask_removal", "cam-0001", "mur démoli"})},
      {subject::request("console", "proposals", "decide"),
       encode(proposals_decide_request{"c-9", 7, "confirmed", "vérifié"})},
      {subject::request("console", "sessions", "list"), encode(sessions_list_request{"c-10"})},
      {subject::request("console", "sessions", "end"),
       encode(sessions_end_request{"c-10", "view-7", "fin de la levée de doute"})},
      {subject::request("console", "live", "open"), encode(test::sample_live_request())},
      {subject::request("console", "replay", "open"), encode(test::sample_replay_request())}};
  for (const auto& [name, body] : asked) {
    const auto reply = console.ask(name, body);
    REQUIRE(reply.has_value());
    CHECK(json::parse(*reply)["kind"] != "error");
    lines.push_back(line(name, "publish", body));
    lines.push_back(line(name, "subscribe", *reply));
    const auto refusal = console.ask(name, R"({"v":1,"correlation":7})");
    REQUIRE(refusal.has_value());
    CHECK(json::parse(*refusal)["kind"] == "error");
    lines.push_back(line(name, "subscribe", *refusal));
  }
  const auto v = judge(lab.folder, lines, "--all-channels");
  CHECK_MESSAGE(v.holds, v.words);
}

TEST_CASE("contract: the judge refuses a wrong body, an unknown subject and a missing message") {
  test::temporary_folder folder;
  const auto good = encode(test::sample_heartbeat());
  CHECK(judge(folder, {line("vigie.v1.node.n.heartbeat", "subscribe", good)}, "").holds);
  auto wrong = json::parse(good);
  wrong["at"] = "21/11/2026";
  auto v = judge(folder, {line("vigie.v1.node.n.heartbeat", "subscribe", wrong.dump())}, "");
  CHECK_FALSE(v.holds);
  CHECK(v.words.find("$.at") != std::string::npos);
  CHECK_FALSE(judge(folder, {line("vigie.v1.nodes.n.heartbeat", "subscribe", good)}, "").holds);
  CHECK_FALSE(judge(folder, {line("vigie.v1.node.n.heartbeat", "publish", good)}, "").holds);
  v = judge(folder, {line("vigie.v1.node.n.heartbeat", "subscribe", good)}, "--all-channels");
  CHECK_FALSE(v.holds);
  CHECK(v.words.find("camera_state was never sent") != std::string::npos);
}

TEST_CASE("requests: whatever is wrong with one, the asker gets a typed error at once") {
  test::server_lab lab;
  const auto node = lab.connect();
  test::link_watch link{*node};
  REQUIRE(link.wait(link_state::connected));
  REQUIRE(
      node->serve_requests([](const request_address& from, std::string body, reply_function reply) {
            if (from.verb == "drop") return;
            if (from.verb == "large") return reply(std::string(2 * max_message_bytes, 'x'));
            reply(answer(from, body));
          })
          .has_value());
  test::nats_client console{lab.server->url(), "console", std::string{lab.console_password}};
  struct row {
    const char* address;
    std::string body;
    const char* code;
    bool has_correlation;
  };
  auto no_reason = json::parse(encode(test::sample_live_request()));
  no_reason["reason"] = " ";
  const std::string deep = R"({"v":1,"correlation":"c","a":)" + std::string(10'000, '[') +
                           std::string(10'000, ']') + "}";
  const std::string ok = R"({"v":1,"correlation":"c"})";
  for (const auto& r :
       std::vector<row>{{"live.open", "", "bus_malformed", false},
                        {"live.open", "\xff\xfe", "bus_malformed", false},
                        {"live.open", ok, "bus_malformed", true},
                        {"live.open", deep, "bus_malformed", false},
                        {"live.open", std::string(900'000, ' '), "bus_malformed", false},
                        {"live.open", no_reason.dump(), "reason_missing", true},
                        {"live.close", ok, "bus_unknown", true},
                        {"live", ok, "bus_malformed", true},
                        {"live.open.now.please", ok, "bus_malformed", true},
                        {"Live.Open", ok, "bus_malformed", true},
                        {"live.drop", ok, "internal", true},
                        {"live.large", ok, "internal", true}}) {
    CAPTURE(r.address);
    CAPTURE(r.body.substr(0, 60));
    const auto reply = console.ask(std::string{"vigie.v1.request.console."} + r.address, r.body);
    REQUIRE(reply.has_value());
    const auto refusal = decode<error_reply>(*reply);
    REQUIRE(refusal.has_value());
    CHECK(refusal->code == r.code);
    CHECK(refusal->correlation.has_value() == r.has_correlation);
    CHECK_FALSE(refusal->fr.empty());
  }
  const auto after = console.ask(subject::request("console", "state", "snapshot"), ok);
  REQUIRE(after.has_value());
  CHECK(decode<snapshot_reply>(*after).has_value());
}
