// SPDX-License-Identifier: Apache-2.0
#include "abi/mini_host.hpp"

#include <doctest/doctest.h>

#include <dlfcn.h>

using namespace abi_test;

namespace {

/// Opened as the centre opens it; never closed, like there.
const vigie_plugin_entry_t* open_entry(const char* path) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  INFO(path << ": " << (library == nullptr ? dlerror() : "opened"));
  REQUIRE(library != nullptr);
  return static_cast<const vigie_plugin_entry_t*>(dlsym(library, "vigie_plugin_entry"));
}

}  // namespace

TEST_CASE("abi: a plugin in plain C lives its whole life") {
  mini_host host;
  error_slot error;
  const auto* entry = open_entry(VIGIE_PLAIN_C);
  REQUIRE(entry != nullptr);
  CHECK(entry->abi.major == VIGIE_ABI_MAJOR);
  REQUIRE(entry->init(str("/"), &error) == VIGIE_OK);
  CHECK(entry->get_factory("vigie.factory.protocol/1x") == nullptr);
  const auto* factory = entry->get_factory(VIGIE_FACTORY_PROTOCOL);
  REQUIRE(factory != nullptr);
  REQUIRE(factory->count() == 1);
  CHECK(factory->descriptor(1) == nullptr);
  CHECK(text(factory->descriptor(0)->id) == "fr.vigie.test.plain_c");
  const auto* plugin = factory->create(host.raw(), factory->descriptor(0)->id);
  REQUIRE(plugin != nullptr);
  CHECK(plugin->init(plugin, str(""), &error) == VIGIE_E_INVALID);
  REQUIRE(plugin->init(plugin, str("{}"), &error) == VIGIE_OK);
  CHECK(host.lines == std::vector<std::string>{"2 plain C speaks"});
  const auto* protocol =
      static_cast<const vigie_protocol_t*>(plugin->get_extension(plugin, VIGIE_EXT_PROTOCOL));
  REQUIRE(protocol != nullptr);
  vigie_camera_t camera{};
  camera.size = sizeof(camera);
  camera.handle = 7;
  camera.address = str("rtsp://127.0.0.1/a");
  CHECK(protocol->attach(plugin, &camera, &error) == VIGIE_E_STATE);
  REQUIRE(plugin->start(plugin, &error) == VIGIE_OK);
  REQUIRE(protocol->attach(plugin, &camera, &error) == VIGIE_OK);
  vigie_stream_t stream{};
  stream.size = sizeof(stream);
  REQUIRE(protocol->resolve_stream(plugin, 7, &stream, &error) == VIGIE_OK);
  CHECK(std::string(stream.url) == "rtsp://127.0.0.1/a");
  CHECK(protocol->resolve_stream(plugin, 8, &stream, &error) == VIGIE_E_NOT_FOUND);
  CHECK(std::string(error.text) == "no such camera");
  plugin->stop(plugin);
  plugin->destroy(plugin);
  entry->deinit();
}

TEST_CASE("abi: a binary of an older SDK, with shorter structs, still works") {
  mini_host host;
  error_slot error;
  const auto* entry = open_entry(VIGIE_OLD_NOTIFIER);
  REQUIRE(entry != nullptr);
  REQUIRE(entry->init(str("/"), &error) == VIGIE_OK);
  const auto* factory = entry->get_factory(VIGIE_FACTORY_NOTIFIER);
  REQUIRE(factory != nullptr);
  const auto* descriptor = factory->descriptor(0);
  CHECK(VIGIE_HAS(descriptor, vigie_plugin_descriptor_t, name));
  CHECK_FALSE(VIGIE_HAS(descriptor, vigie_plugin_descriptor_t, vendor));
  const auto* plugin = factory->create(host.raw(), descriptor->id);
  REQUIRE(plugin != nullptr);
  REQUIRE(plugin->init(plugin, str("{}"), &error) == VIGIE_OK);
  REQUIRE(plugin->start(plugin, &error) == VIGIE_OK);
  const auto* notifier =
      static_cast<const vigie_notifier_t*>(plugin->get_extension(plugin, VIGIE_EXT_NOTIFIER));
  REQUIRE(notifier != nullptr);
  CHECK_FALSE(VIGIE_HAS(notifier, vigie_notifier_t, probe));
  vigie_notification_t alert{};
  alert.size = sizeof(alert);
  alert.status = VIGIE_NOTIFY_TEST;
  alert.key = str("k-1");
  alert.recipient = str("police-95");
  REQUIRE(notifier->deliver(plugin, &alert, &error) == VIGIE_OK);
  REQUIRE(host.reports.size() == 1);
  CHECK(text(host.reports[0].key) == "k-1");
  CHECK(text(host.reports[0].recipient) == "police-95");
  CHECK(text(host.reports[0].text).empty());
  CHECK(host.reports[0].at_utc_us == 0);
  plugin->stop(plugin);
  plugin->destroy(plugin);
  entry->deinit();
}
