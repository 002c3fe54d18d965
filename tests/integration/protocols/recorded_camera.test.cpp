// SPDX-License-Identifier: Apache-2.0
// The built onvif plugin against the answers of a camera that nobody here wrote
// (recorded_camera.mjs): a clock that stands in 2014, addresses on another network, one address for
// every service, no Media2, no Renew, polls that do not wait.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "emulator_process.hpp"
#include "support/plugin_harness.hpp"

using namespace std::chrono_literals;
using namespace vigie::test;

namespace {

constexpr std::uint16_t port = 33020;

/// How often each question was answered; empty when nobody listens.
nlohmann::json asked() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{10, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const std::string question = "GET /asked HTTP/1.0\r\n\r\n";
  std::string text;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 &&
      ::send(fd, question.data(), question.size(), MSG_NOSIGNAL) > 0) {
    char part[4096];
    ssize_t got = 0;
    while ((got = ::recv(fd, part, sizeof part, 0)) > 0)
      text.append(part, static_cast<std::size_t>(got));
  }
  ::close(fd);
  const std::size_t body = text.find("\r\n\r\n");
  return nlohmann::json::parse(body == std::string::npos ? "" : text.substr(body + 4), nullptr,
                               false);
}

struct bench {
  bench() : plugin{built_plugin("onvif"), VIGIE_FACTORY_PROTOCOL, "fr.vigie.onvif"} {
    REQUIRE(wait_until(20s, [] { return asked().is_object(); }));
    REQUIRE(plugin.init("{}") == VIGIE_OK);
    REQUIRE(plugin.start() == VIGIE_OK);
  }
  vigie_status_t attach(const std::string& options, const std::string& password = "s3cret") {
    return plugin.attach(
        {1, "cam-1", "http://127.0.0.1:" + std::to_string(port), "admin", password, options});
  }

  child_process camera{"node", {VIGIE_RECORDED_CAMERA, std::to_string(port), "admin", "s3cret"}};
  plugin_harness plugin;
};

}  // namespace

TEST_SUITE("plugins/onvif against a recorded camera") {
  TEST_CASE("who it is, where its video is, what time it believes it is") {
    bench b;
    REQUIRE(b.attach(R"({"events":false})") == VIGIE_OK);
    vigie_device_info_t info{};
    info.size = sizeof info;
    const auto* device = b.plugin.extension<vigie_device_info_ext_t>(VIGIE_EXT_DEVICE_INFO);
    REQUIRE(device);
    REQUIRE(device->get(b.plugin.get(), 1, &info, b.plugin.fresh_error()) == VIGIE_OK);
    CHECK(std::string{info.manufacturer} == "Mockup Manufacturer");
    CHECK(std::string{info.model} == "Mockup Model");
    CHECK(std::string{info.firmware} == "Mockup_15_14_13");
    // It tells rtsp://192.168.68.111/h264main, an address it had elsewhere.
    CHECK(b.plugin.resolve(1) == "rtsp://127.0.0.1/h264main");
    const auto* clock = b.plugin.extension<vigie_device_clock_t>(VIGIE_EXT_DEVICE_CLOCK);
    REQUIRE(clock);
    vigie_utc_us_t told = 0;
    REQUIRE(clock->get(b.plugin.get(), 1, &told, b.plugin.fresh_error()) == VIGIE_OK);
    CHECK(told == 1'419'448'477'000'000);  // 2014-12-24T19:14:37Z
    CHECK(asked()["GetProfiles"] == 1);
  }

  TEST_CASE("ptz: a movement, a stop, its presets") {
    bench b;
    REQUIRE(b.attach(R"({"events":false})") == VIGIE_OK);
    const auto* ptz = b.plugin.extension<vigie_ptz_t>(VIGIE_EXT_PTZ);
    REQUIRE(ptz);
    const vigie_plugin_t* p = b.plugin.get();
    REQUIRE(ptz->move(p, 1, 0.5, -0.25, 0, 60'000, b.plugin.fresh_error()) == VIGIE_OK);
    REQUIRE(ptz->stop(p, 1, b.plugin.fresh_error()) == VIGIE_OK);
    std::vector<std::string> tokens;
    REQUIRE(ptz->presets(
                p, 1,
                [](void* to, const vigie_ptz_preset_t* preset) {
                  static_cast<std::vector<std::string>*>(to)->push_back(preset->token);
                },
                &tokens, b.plugin.fresh_error()) == VIGIE_OK);
    CHECK(std::count(tokens.begin(), tokens.end(), "P001") == 1);
    CHECK(tokens.size() > 20);
    REQUIRE(ptz->go_to_preset(p, 1, str("P001"), b.plugin.fresh_error()) == VIGIE_OK);
    const auto counts = asked();
    CHECK(counts["ContinuousMove"] == 1);
    CHECK(counts["Stop"] == 1);
    CHECK(counts["GotoPreset"] == 1);
  }

  TEST_CASE("its pull point is heard, at our time, and no faster than it need be") {
    bench b;
    REQUIRE(b.attach("{}") == VIGIE_OK);
    REQUIRE(b.plugin.host().wait(30s, [](const host_record& r) {
      return std::any_of(r.events.begin(), r.events.end(), [](const auto& e) {
        return e.type == VIGIE_DEVICE_MOTION && e.active == 1 && e.camera == 1;
      });
    }));
    // It cannot renew: its subscription is made anew.
    CHECK(wait_until(30s, [] { return asked().value("CreatePullPointSubscription", 0) > 1; }));
    // Ten a second at most while it brings something, and it lives for two minutes.
    CHECK(asked().value("PullMessages", 0) < 1300);
  }

  TEST_CASE("a wrong password is said as such") {
    bench b;
    REQUIRE(b.attach(R"({"events":false})", "wrong") == VIGIE_OK);
    vigie_status_t status = VIGIE_OK;
    CHECK(b.plugin.resolve(1, &status).empty());
    CHECK(status == VIGIE_E_AUTH);
  }
}
