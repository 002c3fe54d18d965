// SPDX-License-Identifier: Apache-2.0
#include "bus/codec.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "bus/bus.hpp"
#include "support/bus_samples.hpp"

using namespace vigie;
using namespace vigie::bus;
using nlohmann::json;

namespace {

/// Decoding and encoding again gives the same text: nothing was lost or changed on the way.
template <class T>
void check_round_trip(const T& message) {
  const auto text = encode(message);
  CAPTURE(text);
  const auto back = decode<T>(text);
  REQUIRE_MESSAGE(back.has_value(), (back ? "" : back.error().detail));
  CHECK(encode(*back) == text);
  CHECK(json::parse(text)["v"] == 1);
}

/// The same body with one member replaced, or removed by a discarded value.
template <class T>
std::string changed(const T& message, const json::json_pointer& member, const json& value) {
  auto body = json::parse(encode(message));
  if (value.is_discarded()) {
    body.at(member.parent_pointer()).erase(member.back());
  } else {
    body[member] = value;
  }
  return body.dump();
}
const json removed = json(json::value_t::discarded);

template <class T>
void check_refused(const std::string& body, std::string_view place) {
  CAPTURE(body);
  const auto back = decode<T>(body);
  REQUIRE_FALSE(back.has_value());
  CHECK(back.error().code == errc::bus_malformed);
  CHECK_MESSAGE(back.error().detail.starts_with(place), back.error().detail);
}

}  // namespace

TEST_CASE("codec: every body comes back as it was") {
  check_round_trip(camera_state_message{test::sample_stamp(), test::sample_camera()});
  check_round_trip(site_state_message{test::sample_stamp(), test::sample_site()});
  check_round_trip(commune_state_message{test::sample_stamp(), test::sample_commune()});
  check_round_trip(test::sample_event());
  check_round_trip(test::sample_heartbeat());
  check_round_trip(snapshot_request{"c-3"});
  check_round_trip(snapshot_request{"c-3", commune_id{"95018"}});
  check_round_trip(test::sample_events_request());
  check_round_trip(events_recent_request{"c-4"});
  check_round_trip(test::sample_events());
  check_round_trip(test::sample_live_request());
  check_round_trip(test::sample_replay_request());
  check_round_trip(test::sample_snapshot());
  check_round_trip(plugins_list_request{"c-5"});
  check_round_trip(test::sample_exercise_request());
  check_round_trip(test::sample_plugins());
  check_round_trip(test::sample_exercise());
  check_round_trip(test::sample_why_request());
  check_round_trip(plugins_why_request{"c-7", "a.b", camera_id{"cam-0001"}, std::nullopt});
  check_round_trip(test::sample_why());
  check_round_trip(test::sample_live_grant());
  check_round_trip(test::sample_replay_grant());
  check_round_trip(
      error_reply{"c-9", "reason_missing", "LEG-33", "en", "fr", "the person who asks"});
}

TEST_CASE("codec: absent values are null and come back absent") {
  auto status = test::sample_camera();
  status.last_frame_at.reset();
  status.clock_offset_ms.reset();
  const camera_state_message message{test::sample_stamp(), status};
  const auto body = json::parse(encode(message));
  CHECK(body["last_frame_at"].is_null());
  CHECK(body["clock_offset_ms"].is_null());
  check_round_trip(message);

  auto event = test::sample_event();
  event.camera = camera_id{};
  CHECK(json::parse(encode(event))["camera"].is_null());
  check_round_trip(event);

  const error_reply refusal{std::nullopt, "bus_malformed", std::nullopt, "en", "fr", std::nullopt};
  CHECK(json::parse(encode(refusal))["correlation"].is_null());
  CHECK(json::parse(encode(refusal))["error"]["rule"].is_null());
  check_round_trip(refusal);
}

TEST_CASE("codec: the members have the names and forms of the interface page") {
  const auto body =
      json::parse(encode(camera_state_message{test::sample_stamp(), test::sample_camera()}));
  CHECK(body["kind"] == "camera_state");
  CHECK(body["epoch"] == "k3v9x2");
  CHECK(body["seq"] == 41);
  CHECK(body["at"] == "2026-11-21T20:15:33.400Z");
  CHECK(body["commune"] == "95018");
  CHECK(body["purposes"] == json{"public_buildings_protection", "rescue_and_fire"});
  CHECK(body["fps"] == 12.1);
  CHECK(body["clock_offset_ms"] == -420);
  const auto site =
      json::parse(encode(site_state_message{test::sample_stamp(), test::sample_site()}));
  CHECK(site["site_kind"] == "school");
  const auto snapshot = json::parse(encode(test::sample_snapshot()));
  CHECK(snapshot["communes"][0]["sites"][0]["cameras"][1]["camera"] == "cam-0001");
  CHECK(snapshot["centre"]["department"] == "95");
}

TEST_CASE("codec: what a camera says cannot break a body") {
  auto event = test::sample_event();
  event.detail = "bad \xff\xfe bytes\r\n\"}{";
  const auto text = encode(event);
  CHECK(text.find('\n') == std::string::npos);
  CHECK(decode<event_message>(text).has_value());
  auto status = test::sample_camera();
  status.fps = std::nan("");
  status.kbps = INFINITY;
  const auto body = json::parse(encode(camera_state_message{test::sample_stamp(), status}));
  CHECK(body["fps"] == 0.0);
  CHECK(body["kbps"] == 0.0);
}

TEST_CASE("codec: members that a newer writer added are ignored") {
  CHECK(decode<event_message>(changed(test::sample_event(), "/added"_json_pointer, 1)).has_value());
}

TEST_CASE("codec: a malformed member is refused with its place") {
  using namespace nlohmann::literals;
  const auto event = test::sample_event();
  check_refused<event_message>(changed(event, "/v"_json_pointer, 2), "v:");
  check_refused<event_message>(changed(event, "/v"_json_pointer, removed), "v: is missing");
  check_refused<event_message>(changed(event, "/kind"_json_pointer, "heartbeat"), "kind:");
  check_refused<event_message>(changed(event, "/id"_json_pointer, ""), "id: is empty");
  check_refused<event_message>(changed(event, "/id"_json_pointer, "a\nb"), "id:");
  check_refused<event_message>(changed(event, "/id"_json_pointer, std::string(129, 'x')), "id:");
  check_refused<event_message>(changed(event, "/seq"_json_pointer, -1), "seq:");
  check_refused<event_message>(changed(event, "/seq"_json_pointer, 1.5), "seq:");
  check_refused<event_message>(changed(event, "/seq"_json_pointer, "41"), "seq:");
  check_refused<event_message>(changed(event, "/at"_json_pointer, "yesterday"), "at:");
  check_refused<event_message>(changed(event, "/at"_json_pointer, 1795292133), "at:");
  check_refused<event_message>(changed(event, "/commune"_json_pointer, "95 018"), "commune:");
  check_refused<event_message>(changed(event, "/camera"_json_pointer, "../etc"), "camera:");
  check_refused<event_message>(changed(event, "/type"_json_pointer, "Camera Down"), "type:");
  check_refused<event_message>(changed(event, "/detail"_json_pointer, removed), "detail:");
  check_refused<event_message>(changed(event, "/detail"_json_pointer, std::string(4097, 'x')),
                               "detail: longer");
  check_refused<event_message>(changed(event, "/cameras"_json_pointer, "cam-0001"), "cameras:");
  check_refused<event_message>(changed(event, "/cameras/0"_json_pointer, 7), "cameras[0]:");

  const camera_state_message camera{test::sample_stamp(), test::sample_camera()};
  check_refused<camera_state_message>(changed(camera, "/width"_json_pointer, 5'000'000'000),
                                      "width:");
  check_refused<camera_state_message>(changed(camera, "/purposes"_json_pointer, removed),
                                      "purposes: is missing");
  check_refused<camera_state_message>(
      changed(camera, "/purposes/1"_json_pointer, "Rescue and fire"), "purposes[1]:");
  check_refused<camera_state_message>(changed(camera, "/fps"_json_pointer, "12"), "fps:");
  check_refused<camera_state_message>(changed(camera, "/last_frame_at"_json_pointer, removed),
                                      "last_frame_at:");
  check_refused<camera_state_message>(
      changed(camera, "/clock_offset_ms"_json_pointer, 18446744073709551615ULL),
      "clock_offset_ms:");

  const auto snapshot = test::sample_snapshot();
  check_refused<snapshot_reply>(
      changed(snapshot, "/communes/0/sites/0/cameras/1/camera"_json_pointer, ""),
      "communes[0].sites[0].cameras[1].camera:");
  check_refused<snapshot_reply>(changed(snapshot, "/communes/0/sites/0"_json_pointer, 1),
                                "communes[0].sites[0]:");
  check_refused<snapshot_reply>(changed(snapshot, "/centre"_json_pointer, 1), "centre:");
}

TEST_CASE("codec: text that is no object of bounded size and depth is refused") {
  for (const auto* body : {"", " ", "null", "[]", "1", "\"v\"", "{", "{\"v\":1", "{\"v\":1}}",
                           "{'v':1}", "{\"v\":1,}", "\xff\xfe{}", "{\"v\":\"\xc3\x28\"}", "NaN"}) {
    CAPTURE(body);
    CHECK_FALSE(decode<snapshot_request>(body).has_value());
  }
  check_refused<snapshot_request>(std::string(max_body_bytes + 1, ' '), "body:");
  const std::string deep(100'000, '[');
  check_refused<snapshot_request>(deep, "body: nested");
  check_refused<snapshot_request>(
      "{\"v\":1,\"a\":" + std::string(32, '[') + std::string(32, ']') + "}", "body: nested");
  const auto as_deep_as_allowed =
      "{\"v\":1,\"correlation\":\"[[[[\\\"[[[\",\"a\":" + std::string(31, '[') +
      std::string(31, ']') + "}";
  CHECK(decode<snapshot_request>(as_deep_as_allowed).has_value());
}

TEST_CASE(
    "codec: a body cut at every byte, or with any byte changed, is refused or read, never more") {
  const auto text = encode(test::sample_replay_request());
  const request_address address{"console", "replay", "open"};
  for (std::size_t cut = 0; cut < text.size(); ++cut)
    CHECK_FALSE(decode_request(address, std::string_view{text}.substr(0, cut)).has_value());
  std::mt19937 random{7};
  for (int round = 0; round < 20'000; ++round) {
    auto damaged = text;
    for (int i = 0; i < 3; ++i) damaged[random() % damaged.size()] = static_cast<char>(random());
    const auto read = decode_request(address, damaged);
    if (!read) continue;
    const auto& asked = std::get<replay_open_request>(*read);
    CHECK(is_id_text(asked.camera.str()));
    CHECK(asked.from < asked.to);
    CHECK_FALSE(asked.reason.empty());
  }
}

TEST_CASE("requests: each address has its body") {
  const auto live =
      decode_request({"console", "live", "open"}, encode(test::sample_live_request()));
  REQUIRE(live.has_value());
  CHECK(std::get<live_open_request>(*live).reason == test::sample_live_request().reason);
  const auto snapshot =
      decode_request({"console", "state", "snapshot"}, R"({"v":1,"correlation":"a"})");
  REQUIRE(snapshot.has_value());
  CHECK(std::get<snapshot_request>(*snapshot).correlation == "a");
  const auto unknown = decode_request({"console", "live", "close"}, "{}");
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().code == errc::bus_unknown);
}

TEST_CASE("requests: recent events may be narrowed, within bounds") {
  using namespace nlohmann::literals;
  const request_address address{"console", "events", "recent"};
  const auto plain = decode_request(address, R"({"v":1,"correlation":"a"})");
  REQUIRE(plain.has_value());
  CHECK_FALSE(std::get<events_recent_request>(*plain).since.has_value());
  CHECK_FALSE(std::get<events_recent_request>(*plain).limit.has_value());
  const auto ask = test::sample_events_request();
  const auto narrowed = decode_request(address, encode(ask));
  REQUIRE(narrowed.has_value());
  CHECK(std::get<events_recent_request>(*narrowed).before == "k3v9x2-8");
  for (const auto& limit : {json(0), json(501), json(-1), json("all"), json(nullptr)})
    CHECK_FALSE(decode_request(address, changed(ask, "/limit"_json_pointer, limit)).has_value());
  CHECK(decode_request(address, changed(ask, "/limit"_json_pointer, 500)).has_value());
  CHECK_FALSE(decode_request(address, changed(ask, "/before"_json_pointer, "")).has_value());
  CHECK_FALSE(decode_request(address, changed(ask, "/since"_json_pointer, "today")).has_value());
}

TEST_CASE("snapshot: a centre of 5,000 cameras is told in parts that each fit a message") {
  snapshot_reply centre = test::sample_snapshot();
  centre.communes.clear();
  for (int c = 0; c < 20; ++c) {
    auto commune = test::sample_commune();
    commune.commune = commune_id{"95" + std::to_string(100 + c)};
    centre.communes.push_back({commune, {}});
    for (int s = 0; s < 25; ++s) {
      auto& site = centre.communes.back().sites.emplace_back();
      site.status = test::sample_site();
      site.cameras.assign(10, test::sample_camera());
    }
  }
  CHECK(encode(centre).size() > max_message_bytes);
  const auto text = encode_fitting(centre);
  CHECK(text.size() <= max_reply_bytes);
  const auto told = decode<snapshot_reply>(text);
  REQUIRE(told.has_value());
  CHECK(told->partial);
  REQUIRE(told->communes.size() == 20);
  CHECK(told->communes[19].status.total == 24);
  CHECK(told->communes[19].sites.empty());

  auto part = centre;
  part.communes.resize(1);
  const auto whole = decode<snapshot_reply>(encode_fitting(part));
  REQUIRE(whole.has_value());
  CHECK_FALSE(whole->partial);
  CHECK(whole->communes[0].sites.size() == 25);
  CHECK(whole->communes[0].sites[24].cameras.size() == 10);
}

TEST_CASE("requests: no reason, no image") {
  using namespace nlohmann::literals;
  const auto ask = test::sample_live_request();
  for (const auto& reason : {json(""), json("   "), removed}) {
    const auto read =
        decode_request({"console", "live", "open"}, changed(ask, "/reason"_json_pointer, reason));
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == errc::reason_missing);
  }
  const auto line_break =
      decode_request({"console", "live", "open"}, changed(ask, "/reason"_json_pointer, "a\nb"));
  REQUIRE_FALSE(line_break.has_value());
  CHECK(line_break.error().code == errc::bus_malformed);
}

TEST_CASE("requests: a replay ends after it begins") {
  auto ask = test::sample_replay_request();
  ask.to = ask.from;
  const auto read = decode_request({"console", "replay", "open"}, encode(ask));
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().detail == "to: must be after from");
}

TEST_CASE("error reply: carries correlation, rule, both languages and who can act") {
  const auto reply = to_error_reply("c-1", {errc::reason_missing, "LEG-33: say why"});
  CHECK(reply.correlation == "c-1");
  CHECK(reply.code == "reason_missing");
  CHECK(reply.rule == "LEG-33");
  CHECK(reply.en == "No image without a reason (say why).");
  CHECK(reply.fr == "Pas d'image sans motif (say why).");
  CHECK(reply.who.has_value());
  CHECK_FALSE(to_error_reply({}, {errc::internal, "LEG-: odd"}).rule.has_value());
  CHECK_FALSE(to_error_reply({}, {errc::internal, ""}).correlation.has_value());
}

TEST_CASE("error reply: the correlation of a malformed request is found when it can be") {
  CHECK(correlation_of(R"({"correlation":"c-1","v":"no"})") == "c-1");
  for (const auto* body : {"", "[", R"({"correlation":7})", R"({"correlation":""})", R"({"v":1})",
                           "{\"correlation\":\"a\\u0000b\"}"}) {
    CAPTURE(body);
    CHECK_FALSE(correlation_of(body).has_value());
  }
}
