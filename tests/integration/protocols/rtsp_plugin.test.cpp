// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "emulator_process.hpp"
#include "support/plugin_harness.hpp"

using namespace vigie::test;

TEST_SUITE("plugins/rtsp") {
  TEST_CASE("a camera's address is its stream, for the host's own ingest") {
    plugin_harness plugin{built_plugin("rtsp"), VIGIE_FACTORY_PROTOCOL, "fr.vigie.rtsp"};
    REQUIRE(plugin.init() == VIGIE_OK);
    REQUIRE(plugin.start() == VIGIE_OK);
    REQUIRE(plugin.attach({1, "cam-1", "rtsp://127.1.0.1:8554/stream", "vigie", "secret"}) ==
            VIGIE_OK);
    std::int32_t transport = 0;
    CHECK(plugin.resolve(1, nullptr, &transport) == "rtsp://127.1.0.1:8554/stream");
    CHECK(transport == VIGIE_STREAM_RTSP);
    CHECK(plugin.attach({2, "cam-2", "rtsp://vigie:secret@127.1.0.1/stream"}) == VIGIE_E_INVALID);
    CHECK(std::string{plugin.error().text}.find("secret") == std::string::npos);
    plugin.protocol().detach(plugin.get(), 1);
    vigie_status_t status = VIGIE_OK;
    plugin.resolve(1, &status);
    CHECK(status == VIGIE_E_NOT_FOUND);
  }
}
