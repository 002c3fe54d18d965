// SPDX-License-Identifier: Apache-2.0
// The built onvif plugin, driven through the ABI, against the built emulator.
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <set>

#include "emulator_process.hpp"
#include "support/plugin_harness.hpp"

using namespace std::chrono_literals;
using namespace vigie::test;

namespace {

struct bench {
  explicit bench(const std::string& config = R"({"discovery_targets":["127.0.0.1:27003"]})")
      : plugin{built_plugin("onvif"), VIGIE_FACTORY_PROTOCOL, "fr.vigie.onvif"} {
    REQUIRE(plugin.init(config) == VIGIE_OK);
    REQUIRE(plugin.start() == VIGIE_OK);
  }
  vigie_status_t attach(unsigned index, const std::string& options = R"({"events":false})",
                        const std::string& password = "vigie-demo") {
    return plugin.attach({index, "cam-" + std::to_string(index),
                          "http://127.1.0." + std::to_string(index) + ":27001", "vigie", password,
                          options});
  }
  template <class Table>
  const Table& table(const char* id) {
    const Table* found = plugin.extension<Table>(id);
    REQUIRE(found);
    return *found;
  }
  bool wait_for_event(std::int32_t type, std::int32_t active) {
    return plugin.host().wait(8s, [&](const host_record& r) {
      return std::any_of(r.events.begin(), r.events.end(),
                         [&](const auto& e) { return e.type == type && e.active == active; });
    });
  }

  emulator_process emulator{
      {"--cameras", "4", "--port", "27001", "--farm-port", "27002", "--control", "127.0.0.1:27004",
       "--discovery", "127.0.0.1:27003", "--event-seconds", "0", "--seconds", "120"},
      27004};
  plugin_harness plugin;
};

}  // namespace

TEST_SUITE("plugins/onvif") {
  TEST_CASE("device information is told by the device") {
    bench b;
    REQUIRE(b.attach(1) == VIGIE_OK);
    vigie_device_info_t info{};
    info.size = sizeof info;
    const auto& table = b.table<vigie_device_info_ext_t>(VIGIE_EXT_DEVICE_INFO);
    REQUIRE(table.get(b.plugin.get(), 1, &info, b.plugin.fresh_error()) == VIGIE_OK);
    CHECK(std::string{info.manufacturer} == "Vigie & fils");
    CHECK(std::string{info.model} == "VS-100");
    CHECK(std::string{info.serial} == "00000001");
  }

  TEST_CASE("streams: the H.264 profile of Media2, of Media on an older device") {
    bench b;
    REQUIRE(b.attach(1) == VIGIE_OK);
    std::int32_t transport = 0;
    CHECK(b.plugin.resolve(1, nullptr, &transport) == "rtsp://127.1.0.1:27002/stream");
    CHECK(transport == VIGIE_STREAM_RTSP);
    b.emulator.fault(2, "no_media2");
    REQUIRE(b.attach(2) == VIGIE_OK);
    CHECK(b.plugin.resolve(2) == "rtsp://127.1.0.2:27002/stream");
    REQUIRE(b.attach(3, R"({"events":false,"profile":"nowhere"})") == VIGIE_OK);
    vigie_status_t status = VIGIE_OK;
    b.plugin.resolve(3, &status);
    CHECK(status == VIGIE_E_NOT_FOUND);
  }

  TEST_CASE(
      "a device that tells addresses on another host is asked where it is, without its secret") {
    bench b;
    b.emulator.fault(1, "foreign_addresses");
    REQUIRE(b.attach(1) == VIGIE_OK);
    CHECK(b.plugin.resolve(1) == "rtsp://127.1.0.1:27002/stream");
  }

  TEST_CASE("a clock an hour off is measured before authentication") {
    bench b;
    b.emulator.fault(1, "wrong_clock");
    REQUIRE(b.attach(1) == VIGIE_OK);
    CHECK(b.plugin.resolve(1) == "rtsp://127.1.0.1:27002/stream");
    const auto& clock = b.table<vigie_device_clock_t>(VIGIE_EXT_DEVICE_CLOCK);
    vigie_utc_us_t told = 0;
    REQUIRE(clock.get(b.plugin.get(), 1, &told, b.plugin.fresh_error()) == VIGIE_OK);
    const auto ours = std::chrono::duration_cast<std::chrono::microseconds>(
                          std::chrono::system_clock::now().time_since_epoch())
                          .count();
    CHECK(std::abs(told - ours - 3'600'000'000) < 5'000'000);
    // The clock jumps back while attached: refused once, measured again, accepted.
    b.emulator.fault(1, "none");
    CHECK(b.plugin.resolve(1) == "rtsp://127.1.0.1:27002/stream");
  }

  TEST_CASE("HTTP digest is answered when the device asks for it") {
    bench b;
    b.emulator.fault(1, "http_digest");
    REQUIRE(b.attach(1) == VIGIE_OK);
    CHECK(b.plugin.resolve(1) == "rtsp://127.1.0.1:27002/stream");
    REQUIRE(b.attach(2, R"({"events":false})", "wrong") == VIGIE_OK);
    b.emulator.fault(2, "http_digest");
    vigie_status_t status = VIGIE_OK;
    b.plugin.resolve(2, &status);
    CHECK(status == VIGIE_E_AUTH);
  }

  TEST_CASE("a wrong password is said as such and shows nothing of it") {
    bench b;
    REQUIRE(b.attach(1, R"({"events":false})", "wrong-secret") == VIGIE_OK);
    vigie_status_t status = VIGIE_OK;
    b.plugin.resolve(1, &status);
    CHECK(status == VIGIE_E_AUTH);
    CHECK(std::string{b.plugin.error().text}.find("secret") == std::string::npos);
  }

  TEST_CASE("hostile and broken answers end as a named failure, in time") {
    bench b{R"({"timeout_ms":1000})"};
    REQUIRE(b.attach(1) == VIGIE_OK);
    const std::pair<const char*, vigie_status_t> cases[] = {
        {"http_500", VIGIE_E_IO},  {"malformed_xml", VIGIE_E_IO},   {"huge_answer", VIGIE_E_IO},
        {"deep_xml", VIGIE_E_IO},  {"entity_bomb", VIGIE_E_IO},     {"mute", VIGIE_E_TIMEOUT},
        {"slow", VIGIE_E_TIMEOUT}, {"wrong_password", VIGIE_E_AUTH}};
    for (const auto& [fault, expected] : cases) {
      CAPTURE(std::string{fault});
      b.emulator.fault(1, fault);
      const auto began = std::chrono::steady_clock::now();
      vigie_status_t status = VIGIE_OK;
      CHECK(b.plugin.resolve(1, &status).empty());
      CHECK(status == expected);
      CHECK(std::chrono::steady_clock::now() - began < 5s);
    }
    b.emulator.fault(1, "none");
    CHECK(b.plugin.resolve(1) == "rtsp://127.1.0.1:27002/stream");
  }

  TEST_CASE("ptz: moves, stops, presets") {
    bench b;
    REQUIRE(b.attach(1) == VIGIE_OK);
    const auto& ptz = b.table<vigie_ptz_t>(VIGIE_EXT_PTZ);
    const vigie_plugin_t* p = b.plugin.get();
    REQUIRE(ptz.move(p, 1, 0.5, -0.25, 0, 30'000, b.plugin.fresh_error()) == VIGIE_OK);
    CHECK(b.emulator.wait_camera(1, [](const auto& c) { return c["pan"] > 0.01; }));
    REQUIRE(ptz.stop(p, 1, b.plugin.fresh_error()) == VIGIE_OK);
    CHECK(b.emulator.camera(1)["moving"] == false);
    std::vector<std::string> names;
    REQUIRE(ptz.presets(
                p, 1,
                [](void* to, const vigie_ptz_preset_t* preset) {
                  static_cast<std::vector<std::string>*>(to)->push_back(preset->name);
                },
                &names, b.plugin.fresh_error()) == VIGIE_OK);
    CHECK(names == std::vector<std::string>{"Entrée", "Parking & cour"});
    REQUIRE(ptz.go_to_preset(p, 1, str("2"), b.plugin.fresh_error()) == VIGIE_OK);
    CHECK(b.emulator.camera(1)["preset"] == "2");
    CHECK(ptz.go_to_preset(p, 1, str("99"), b.plugin.fresh_error()) == VIGIE_E_NOT_FOUND);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(ptz.move(p, 1, nan, 0, 0, 100, b.plugin.fresh_error()) == VIGIE_E_INVALID);
    CHECK(ptz.move(p, 1, 1.5, 0, 0, 100, b.plugin.fresh_error()) == VIGIE_E_INVALID);
  }

  TEST_CASE("ptz: a head that ignores the time-out is stopped") {
    bench b;
    b.emulator.fault(1, "endless_move");
    REQUIRE(b.attach(1) == VIGIE_OK);
    const auto& ptz = b.table<vigie_ptz_t>(VIGIE_EXT_PTZ);
    REQUIRE(ptz.move(b.plugin.get(), 1, 0.1, 0, 0, 300, b.plugin.fresh_error()) == VIGIE_OK);
    CHECK(b.emulator.wait_camera(
        1, [](const auto& c) { return c["moving"] == false && c["stops"] == 1; }));
  }

  TEST_CASE("privacy masks are created, listed and changed on the device") {
    bench b;
    REQUIRE(b.attach(1) == VIGIE_OK);
    const auto& masks = b.table<vigie_privacy_masks_t>(VIGIE_EXT_PRIVACY_MASKS);
    vigie_privacy_mask_t mask{};
    mask.size = sizeof mask;
    mask.point_count = 3;
    const std::uint16_t corners[] = {0, 0, 1000, 0, 500, 750};
    std::copy(std::begin(corners), std::end(corners), mask.points);
    REQUIRE(masks.set(b.plugin.get(), 1, &mask, b.plugin.fresh_error()) == VIGIE_OK);
    CHECK(std::string{mask.token} == "mask_1");
    mask.points[5] = 250;
    REQUIRE(masks.set(b.plugin.get(), 1, &mask, b.plugin.fresh_error()) == VIGIE_OK);
    std::vector<vigie_privacy_mask_t> listed;
    REQUIRE(masks.list(
                b.plugin.get(), 1,
                [](void* to, const vigie_privacy_mask_t* one) {
                  static_cast<std::vector<vigie_privacy_mask_t>*>(to)->push_back(*one);
                },
                &listed, b.plugin.fresh_error()) == VIGIE_OK);
    REQUIRE(listed.size() == 1);
    CHECK(listed[0].point_count == 3);
    CHECK(std::equal(mask.points, mask.points + 6, listed[0].points));
    // ONVIF's y points up: the top edge is +1.
    const std::string polygon = b.emulator.camera(1)["masks"][0]["polygon"];
    CHECK(polygon.find("x=\"-1.000\" y=\"1.000\"") != std::string::npos);
    b.emulator.fault(2, "no_media2");
    REQUIRE(b.attach(2) == VIGIE_OK);
    CHECK(masks.set(b.plugin.get(), 2, &mask, b.plugin.fresh_error()) == VIGIE_E_UNSUPPORTED);
  }

  TEST_CASE("events come through PullPoint, with subscription addresses and reference parameters") {
    bench b;
    for (const unsigned camera : {1U, 2U}) {
      CAPTURE(camera);
      b.plugin.host().clear();
      REQUIRE(b.attach(camera, "{}") == VIGIE_OK);
      REQUIRE(b.emulator.wait_camera(camera, [](const auto& c) { return c["pulls"] > 1; }));
      b.emulator.event(camera, "motion", true);
      CHECK(b.wait_for_event(VIGIE_DEVICE_MOTION, 1));
      b.emulator.event(camera, "digital_input", false);
      REQUIRE(b.wait_for_event(VIGIE_DEVICE_DIGITAL_INPUT, 0));
      b.emulator.event(camera, "storage_failure", true);
      CHECK(b.wait_for_event(VIGIE_DEVICE_STORAGE_FAILURE, 1));
      b.plugin.host().with([&](const host_record& r) {
        for (const auto& e : r.events) {
          CHECK(e.camera == camera);
          if (e.type == VIGIE_DEVICE_DIGITAL_INPUT) CHECK(e.channel == 3);
          CHECK(e.type != VIGIE_DEVICE_REBOOT);
        }
      });
      b.plugin.protocol().detach(b.plugin.get(), camera);
      CHECK(b.emulator.wait_camera(camera, [](const auto& c) { return c["unsubscribed"] == 1; }));
    }
  }

  TEST_CASE("what speaks of persons is dropped, counted and never said") {
    bench b;
    REQUIRE(b.attach(1, "{}") == VIGIE_OK);
    REQUIRE(b.emulator.wait_camera(1, [](const auto& c) { return c["pulls"] > 1; }));
    for (const char* one :
         {"face", "plate", "sound", "body_temperature", "loitering", "line", "vendor"})
      b.emulator.event(1, one, true);
    b.emulator.event(1, "motion_with_body", true);
    b.emulator.event(1, "tamper", true);
    REQUIRE(b.wait_for_event(VIGIE_DEVICE_TAMPER, 1));
    b.plugin.host().with([](const host_record& r) {
      for (const auto& e : r.events)
        CHECK((e.type == VIGIE_DEVICE_TAMPER || e.type == VIGIE_DEVICE_MOTION));
      bool is_counted = false;
      for (const auto& line : r.lines) {
        is_counted = is_counted || line.text.find("persons' attributes") != std::string::npos;
        for (const char* word : {"AB-123", "Female", "red coat", "scream", "Gender", "0.93"})
          CHECK(line.text.find(word) == std::string::npos);
      }
      CHECK(is_counted);
    });
  }

  TEST_CASE("a device that does not wait at a poll is asked once a second, and still heard") {
    bench b;
    b.emulator.fault(1, "hurried_polls");
    REQUIRE(b.attach(1, "{}") == VIGIE_OK);
    REQUIRE(b.emulator.wait_camera(1, [](const auto& c) { return c["pulls"] > 2; }));
    const int before = b.emulator.camera(1)["pulls"];
    const auto began = std::chrono::steady_clock::now();
    REQUIRE(b.emulator.wait_camera(1, [&](const auto& c) { return c["pulls"] >= before + 3; }));
    CHECK(std::chrono::steady_clock::now() - began > 1500ms);
    b.emulator.event(1, "motion", true);
    CHECK(b.wait_for_event(VIGIE_DEVICE_MOTION, 1));
  }

  TEST_CASE("events of a device with a wrong clock are told at their time by ours") {
    bench b;
    b.emulator.fault(1, "wrong_clock");
    REQUIRE(b.attach(1, "{}") == VIGIE_OK);
    REQUIRE(b.emulator.wait_camera(1, [](const auto& c) { return c["pulls"] > 1; }));
    b.emulator.event(1, "tamper", true);
    REQUIRE(b.wait_for_event(VIGIE_DEVICE_TAMPER, 1));
    const auto ours = std::chrono::duration_cast<std::chrono::microseconds>(
                          std::chrono::system_clock::now().time_since_epoch())
                          .count();
    b.plugin.host().with([&](const host_record& r) {
      for (const auto& e : r.events) {
        CHECK(e.at_utc_us <= ours);
        CHECK(ours - e.at_utc_us < 60'000'000);
      }
    });
  }

  TEST_CASE("subscriptions are renewed, and made anew when the device forgot them") {
    bench b{R"({"subscription_s":3,"pull_ms":1000})"};
    REQUIRE(b.attach(1, "{}") == VIGIE_OK);
    CHECK(b.emulator.wait_camera(1, [](const auto& c) { return c["renewals"] >= 2; }));
    CHECK(b.emulator.camera(1)["created"] == 1);
    b.emulator.fault(1, "lost_subscriptions");
    CHECK(b.emulator.wait_camera(1, [](const auto& c) { return c["created"] == 2; }));
    b.emulator.event(1, "dark", true);
    CHECK(b.wait_for_event(VIGIE_DEVICE_IMAGE_TOO_DARK, 1));
  }

  TEST_CASE("discovery finds every device once, with name and hardware") {
    bench b;
    std::vector<std::string> found;
    REQUIRE(b.plugin.protocol().discover(
                b.plugin.get(), 600,
                [](void* to, const vigie_discovered_t* one) {
                  static_cast<std::vector<std::string>*>(to)->push_back(
                      text_of(one->address) + " " + text_of(one->name) + " " +
                      text_of(one->hardware));
                },
                &found, b.plugin.fresh_error()) == VIGIE_OK);
    std::sort(found.begin(), found.end());
    REQUIRE(found.size() == 4);
    CHECK(found[0] == "http://127.1.0.1:27001/onvif/device_service Caméra 1 VS-100");
  }

  TEST_CASE("attach refuses what makes no sense; stop ends under open polls at once") {
    bench b;
    const auto attach = [&](const std::string& address, const std::string& options) {
      return b.plugin.attach({9, "cam-9", address, "u", "p", options});
    };
    CHECK(attach("http://u:secret@127.1.0.1", "{}") == VIGIE_E_INVALID);
    CHECK(std::string{b.plugin.error().text}.find("secret") == std::string::npos);
    CHECK(attach("ftp://127.1.0.1", "{}") == VIGIE_E_INVALID);
    CHECK(attach("http://127.1.0.1", "[]") == VIGIE_E_INVALID);
    CHECK(attach("http://127.1.0.1", R"({"profil":"x"})") == VIGIE_E_INVALID);
    CHECK(attach("http://127.1.0.1", R"({"events":"yes"})") == VIGIE_E_INVALID);
    REQUIRE(b.attach(1, "{}") == VIGIE_OK);
    REQUIRE(b.emulator.wait_camera(1, [](const auto& c) { return c["pulls"] > 1; }));
    const auto began = std::chrono::steady_clock::now();
    b.plugin.stop();
    CHECK(std::chrono::steady_clock::now() - began < 1500ms);
    REQUIRE(b.plugin.start() == VIGIE_OK);
    REQUIRE(b.attach(1) == VIGIE_OK);
    CHECK(b.plugin.resolve(1) == "rtsp://127.1.0.1:27002/stream");
  }
}
