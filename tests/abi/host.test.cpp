// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/instance.hpp"
#include "vigie/sdk.h"

#include <doctest/doctest.h>

#include <variant>

using namespace vigie;
using namespace vigie::plugin_host;

namespace {

start_order order_for(const char* library, const char* id, std::uint8_t kind) {
  start_order order;
  order.library = library;
  order.id = id;
  order.kind = kind;
  order.config_json = "{}";
  return order;
}

}  // namespace

TEST_CASE("host: a binary of an older SDK is loaded, used and understood") {
  manual_clock time;
  std::vector<notice> notices;
  instance plugin(order_for(VIGIE_OLD_NOTIFIER, "fr.vigie.test.old_notifier", VIGIE_KIND_NOTIFIER),
                  time, [&](notice n) { notices.push_back(std::move(n)); });
  const auto started = plugin.start();
  INFO(started.text);
  REQUIRE(started.status == VIGIE_OK);
  CHECK(plugin.perform(call{probe_call{"police-95"}}).status == VIGIE_E_UNSUPPORTED);
  notification alert;
  alert.key = "k-1";
  alert.recipient = "police-95";
  alert.status = VIGIE_NOTIFY_TEST;
  CHECK(plugin.perform(call{deliver_call{alert}}).status == VIGIE_OK);
  REQUIRE(notices.size() == 1);
  const auto* report = std::get_if<report_notice>(&notices[0]);
  REQUIRE(report != nullptr);
  CHECK(report->report.key == "k-1");
  CHECK(report->report.text.empty());
  CHECK(report->report.at == time.utc());
  plugin.stop();
}

TEST_CASE("host: a plugin in plain C answers where its camera's stream is") {
  manual_clock time;
  std::vector<notice> notices;
  instance plugin(order_for(VIGIE_PLAIN_C, "fr.vigie.test.plain_c", VIGIE_KIND_PROTOCOL), time,
                  [&](notice n) { notices.push_back(std::move(n)); });
  REQUIRE(plugin.start().status == VIGIE_OK);
  attach_call attach;
  attach.camera = 7;
  attach.id = "cam-1";
  attach.address = "rtsp://127.0.0.1/a";
  CHECK(plugin.perform(call{attach}).status == VIGIE_OK);
  resolve_call resolve;
  resolve.camera = 7;
  const auto answered = plugin.perform(call{resolve});
  REQUIRE(answered.status == VIGIE_OK);
  CHECK(std::get<stream_place>(answered.value).url == "rtsp://127.0.0.1/a");
  plugin.stop();
}
