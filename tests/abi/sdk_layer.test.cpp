// SPDX-License-Identifier: Apache-2.0
#include "abi/mini_host.hpp"

#include <vigie/sdk.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <limits>
#include <thread>

namespace sdk = vigie::sdk;
using namespace abi_test;

namespace {

/// What the plugins of this file do and saw; one test runs at a time.
struct script {
  std::vector<std::string> calls;
  std::function<void(std::string_view)> on_call;
  sdk::stream stream = sdk::stream::rtsp("rtsp://127.0.0.1/x");
  bool keep_frames = false;
};
script the_script;

void called(std::string name) {
  the_script.calls.push_back(name);
  if (the_script.on_call) the_script.on_call(name);
}

class test_camera final : public sdk::protocol_plugin, public sdk::ptz_ability {
 public:
  void init(std::string_view config) override { called("init " + std::string(config)); }
  void start() override { called("start"); }
  void stop() override { called("stop"); }
  void attach(const sdk::camera& camera) override {
    called("attach " + camera.address + camera.options_json);
  }
  void detach(sdk::camera_handle camera) override { called("detach " + std::to_string(camera)); }
  sdk::stream resolve_stream(sdk::camera_handle) override {
    called("resolve");
    return the_script.stream;
  }
  void open_stream(sdk::camera_handle camera) override {
    called("open");
    sdk::packet packet;
    packet.is_key = true;
    last_push = push(camera, packet);
  }
  void close_stream(sdk::camera_handle camera) override {
    called("close " + std::to_string(camera));
    stream_ended(camera, sdk::status::io, "closed");
  }
  void ptz_move(sdk::camera_handle, double, double, double, std::chrono::milliseconds) override {
    called("move");
  }
  void ptz_stop(sdk::camera_handle) override {}
  std::vector<sdk::ptz_preset> ptz_presets(sdk::camera_handle) override {
    return {{"1", "Porte"}, {std::string(64, 'x'), "token of 64 bytes"}};
  }
  void ptz_go_to_preset(sdk::camera_handle, std::string_view) override {}

  static inline sdk::status last_push = sdk::status::ok;
};

class test_eye final : public sdk::analytics_plugin {
 public:
  sdk::wishes wishes() const override { return {}; }
  void on_frame(const sdk::frame& frame) override {
    called("frame");
    if (the_script.keep_frames) kept.push_back(retain(frame));
    sdk::detection found;
    found.camera = frame.camera();
    found.score = frame.line(0)[0] / 255.0;
    emit(found);
  }
  std::vector<sdk::retained_frame> kept;
};

class test_line final : public sdk::notifier_plugin {
 public:
  void deliver(const sdk::notification& alert) override {
    called("deliver " + std::string(alert.key) + "," + std::string(alert.place));
    report({sdk::outcome::delivered, alert.key, alert.recipient});
  }
};

/// One instance of a plugin of this file, in the hands of a host.
struct fixture {
  explicit fixture(const char* factory_id, const char* id) {
    the_script = {};
    const auto* factory = vigie_plugin_entry.get_factory(factory_id);
    REQUIRE(factory != nullptr);
    plugin = factory->create(host.raw(), str(id));
    REQUIRE(plugin != nullptr);
  }
  ~fixture() {
    the_script.on_call = nullptr;
    plugin->destroy(plugin);
  }
  fixture(const fixture&) = delete;
  fixture& operator=(const fixture&) = delete;

  void start() {
    REQUIRE(plugin->init(plugin, str("{}"), &error) == VIGIE_OK);
    REQUIRE(plugin->start(plugin, &error) == VIGIE_OK);
  }
  template <class Table>
  const Table* table(const char* id) {
    return static_cast<const Table*>(plugin->get_extension(plugin, id));
  }

  mini_host host;
  error_slot error;
  const vigie_plugin_t* plugin = nullptr;
};

struct camera_fixture : fixture {
  camera_fixture() : fixture(VIGIE_FACTORY_PROTOCOL, "test.camera") {}
  vigie_status_t attach(uint64_t handle) {
    vigie_camera_t camera{};
    camera.size = sizeof(camera);
    camera.handle = handle;
    camera.address = str("http://a");
    return table<vigie_protocol_t>(VIGIE_EXT_PROTOCOL)->attach(plugin, &camera, &error);
  }
};

struct eye_fixture : fixture {
  eye_fixture() : fixture(VIGIE_FACTORY_ANALYTICS, "test.eye") {
    frame.size = sizeof(frame);
    frame.pixel_format = VIGIE_PIXEL_GRAY8;
    frame.id = 1;
    frame.camera = 3;
    frame.width = 2;
    frame.height = 1;
    frame.plane_count = 1;
    frame.planes[0] = {pixels, 4, 1};
  }
  void start_and_attach() {
    start();
    analytics = table<vigie_analytics_t>(VIGIE_EXT_ANALYTICS);
    REQUIRE(analytics != nullptr);
    vigie_analytics_camera_t camera{};
    camera.size = sizeof(camera);
    camera.handle = 3;
    REQUIRE(analytics->attach(plugin, &camera, &error) == VIGIE_OK);
  }
  const uint8_t pixels[4] = {255, 0, 9, 9};
  vigie_frame_t frame{};
  const vigie_analytics_t* analytics = nullptr;
};

}  // namespace

VIGIE_PLUGINS(vigie::sdk::offer<test_camera>("test.camera", "Camera", "Vigie", "1.0.0"),
              vigie::sdk::offer<test_eye>("test.eye", "Eye", "Vigie", "1.0.0"),
              vigie::sdk::offer<test_line>("test.line", "Line", "Vigie", "1.0.0"));

TEST_CASE("entry: init is counted, ids are compared whole, unknown ones are null") {
  error_slot error;
  CHECK(vigie_plugin_entry.init(str("/one"), &error) == VIGIE_OK);
  CHECK(vigie_plugin_entry.init(str("/two"), &error) == VIGIE_OK);
  CHECK(sdk::library_folder() == "/one");
  vigie_plugin_entry.deinit();
  vigie_plugin_entry.deinit();
  vigie_plugin_entry.deinit();
  CHECK(vigie_plugin_entry.init(str("/three"), &error) == VIGIE_OK);
  CHECK(sdk::library_folder() == "/three");
  vigie_plugin_entry.deinit();
  CHECK(vigie_plugin_entry.get_factory("vigie.factory.protocol/11") == nullptr);
  const auto* factory = vigie_plugin_entry.get_factory(VIGIE_FACTORY_ANALYTICS);
  REQUIRE(factory != nullptr);
  CHECK(factory->count() == 1);
  CHECK(text(factory->descriptor(0)->id) == "test.eye");
  CHECK(factory->descriptor(1) == nullptr);
  mini_host host;
  CHECK(factory->create(host.raw(), str("test.eyes")) == nullptr);
  CHECK(factory->create(host.raw(), str("test.camera")) == nullptr);
}

TEST_CASE_FIXTURE(camera_fixture,
                  "life cycle: what comes too early, twice or too late is refused") {
  CHECK(plugin->get_extension(plugin, VIGIE_EXT_PROTOCOL) == nullptr);
  CHECK(plugin->start(plugin, &error) == VIGIE_E_STATE);
  CHECK(std::string(error.text) == "the instance is created, the call is for one that is stopped");
  plugin->stop(plugin);
  REQUIRE(plugin->init(plugin, str("{\"a\":1}"), &error) == VIGIE_OK);
  CHECK(plugin->init(plugin, str("{}"), &error) == VIGIE_E_STATE);
  CHECK(attach(1) == VIGIE_E_STATE);
  REQUIRE(plugin->start(plugin, &error) == VIGIE_OK);
  CHECK(plugin->start(plugin, &error) == VIGIE_E_STATE);
  CHECK(attach(1) == VIGIE_OK);
  plugin->stop(plugin);
  CHECK(attach(2) == VIGIE_E_STATE);
  CHECK(plugin->start(plugin, &error) == VIGIE_OK);
  CHECK(attach(1) == VIGIE_OK);
  CHECK(the_script.calls == std::vector<std::string>{"init {\"a\":1}", "start", "attach http://a",
                                                     "detach 1", "stop", "start",
                                                     "attach http://a"});
}

TEST_CASE_FIXTURE(camera_fixture, "life cycle: a second call to a busy instance is refused") {
  start();
  vigie_status_t second = VIGIE_OK;
  the_script.on_call = [&](std::string_view) { std::thread([&] { second = attach(2); }).join(); };
  CHECK(attach(1) == VIGIE_OK);
  CHECK(second == VIGIE_E_STATE);
}

TEST_CASE_FIXTURE(camera_fixture, "handles: zero, twice and unknown never reach the plugin") {
  start();
  CHECK(attach(0) == VIGIE_E_INVALID);
  CHECK(attach(1) == VIGIE_OK);
  CHECK(attach(1) == VIGIE_E_INVALID);
  const auto* protocol = table<vigie_protocol_t>(VIGIE_EXT_PROTOCOL);
  vigie_stream_t stream{};
  stream.size = sizeof(stream);
  CHECK(protocol->resolve_stream(plugin, 2, &stream, &error) == VIGIE_E_NOT_FOUND);
  protocol->detach(plugin, 2);
  protocol->close_stream(plugin, 1);
  CHECK(the_script.calls == std::vector<std::string>{"init {}", "start", "attach http://a"});
}

TEST_CASE_FIXTURE(camera_fixture, "stop: open streams are closed and cameras detached first") {
  start();
  REQUIRE(attach(1) == VIGIE_OK);
  REQUIRE(attach(2) == VIGIE_OK);
  const auto* protocol = table<vigie_protocol_t>(VIGIE_EXT_PROTOCOL);
  REQUIRE(protocol->open_stream(plugin, 2, &error) == VIGIE_OK);
  CHECK(protocol->open_stream(plugin, 2, &error) == VIGIE_E_STATE);
  REQUIRE(host.packets.size() == 1);
  CHECK(host.packets[0].flags == VIGIE_PACKET_KEY);
  the_script.calls.clear();
  plugin->stop(plugin);
  CHECK(the_script.calls == std::vector<std::string>{"detach 1", "close 2", "detach 2", "stop"});
  CHECK(host.lines == std::vector<std::string>{"ended closed"});
}

TEST_CASE_FIXTURE(camera_fixture, "exceptions: each becomes a status with its text") {
  start();
  the_script.on_call = [](std::string_view) { throw sdk::failure(sdk::status::auth, "refused"); };
  CHECK(attach(1) == VIGIE_E_AUTH);
  CHECK(error.code == VIGIE_E_AUTH);
  CHECK(std::string(error.text) == "refused");
  the_script.on_call = [](std::string_view) { throw std::runtime_error("a bug"); };
  CHECK(attach(1) == VIGIE_E_INTERNAL);
  CHECK(std::string(error.text) == "a bug");
  the_script.on_call = [](std::string_view) { throw 42; };
  CHECK(attach(1) == VIGIE_E_INTERNAL);
  the_script.on_call = [](std::string_view) { throw sdk::failure(sdk::status::ok, "no failure"); };
  CHECK(attach(1) == VIGIE_E_INTERNAL);
  const auto* protocol = table<vigie_protocol_t>(VIGIE_EXT_PROTOCOL);
  vigie_stream_t stream{};
  stream.size = sizeof(stream);
  CHECK(protocol->resolve_stream(plugin, 1, &stream, nullptr) == VIGIE_E_NOT_FOUND);
}

TEST_CASE_FIXTURE(camera_fixture, "exceptions: stop goes on past them and says so in the log") {
  start();
  REQUIRE(attach(1) == VIGIE_OK);
  REQUIRE(attach(2) == VIGIE_OK);
  the_script.on_call = [](std::string_view) { throw std::runtime_error("in stop"); };
  plugin->stop(plugin);
  CHECK(the_script.calls.back() == "stop");
  CHECK(host.lines == std::vector<std::string>{"4 in stop", "4 in stop", "4 in stop"});
}

TEST_CASE_FIXTURE(camera_fixture, "sizes: a shorter error takes what fits, whole characters only") {
  start();
  error_slot small(offsetof(vigie_error_t, text) + 6);
  std::memset(small.text, 'z', sizeof(small.text));
  the_script.on_call = [](std::string_view) { throw std::runtime_error("abcdéf"); };
  vigie_camera_t camera{};
  camera.size = sizeof(camera);
  camera.handle = 1;
  const auto* protocol = table<vigie_protocol_t>(VIGIE_EXT_PROTOCOL);
  CHECK(protocol->attach(plugin, &camera, &small) == VIGIE_E_INTERNAL);
  CHECK(std::string(small.text) == "abcd");
  CHECK(small.text[6] == 'z');
  CHECK(small.size == offsetof(vigie_error_t, text) + 6);
}

TEST_CASE_FIXTURE(camera_fixture, "sizes: what an older host does not know of a struct is empty") {
  start();
  vigie_camera_t camera{};
  camera.size = offsetof(vigie_camera_t, options_json);
  camera.handle = 1;
  camera.address = str("http://b");
  camera.options_json = {reinterpret_cast<const char*>(1), 1'000'000};
  const auto* protocol = table<vigie_protocol_t>(VIGIE_EXT_PROTOCOL);
  CHECK(protocol->attach(plugin, &camera, &error) == VIGIE_OK);
  CHECK(the_script.calls.back() == "attach http://b");
  camera.size = 2;
  CHECK(protocol->attach(plugin, &camera, &error) == VIGIE_E_INVALID);
}

TEST_CASE_FIXTURE(camera_fixture,
                  "sizes: a function that the host's table ends before is missing") {
  host.sink().size = offsetof(vigie_packet_sink_t, ended);
  start();
  REQUIRE(attach(1) == VIGIE_OK);
  const auto* protocol = table<vigie_protocol_t>(VIGIE_EXT_PROTOCOL);
  REQUIRE(protocol->open_stream(plugin, 1, &error) == VIGIE_OK);
  CHECK(test_camera::last_push == sdk::status::ok);
  protocol->close_stream(plugin, 1);
  CHECK(host.lines.empty());
  host.remove(VIGIE_EXT_PACKET_SINK);
  REQUIRE(protocol->open_stream(plugin, 1, &error) == VIGIE_OK);
  CHECK(test_camera::last_push == sdk::status::unsupported);
}

TEST_CASE_FIXTURE(camera_fixture, "streams: an address that does not fit is refused, never cut") {
  start();
  REQUIRE(attach(1) == VIGIE_OK);
  const auto* protocol = table<vigie_protocol_t>(VIGIE_EXT_PROTOCOL);
  vigie_stream_t stream{};
  stream.size = sizeof(stream);
  the_script.stream = sdk::stream::rtsp(std::string(511, 'a'));
  CHECK(protocol->resolve_stream(plugin, 1, &stream, &error) == VIGIE_OK);
  CHECK(std::strlen(stream.url) == 511);
  the_script.stream = sdk::stream::rtsp(std::string(512, 'a'));
  CHECK(protocol->resolve_stream(plugin, 1, &stream, &error) == VIGIE_E_INVALID);
  the_script.stream = sdk::stream::rtsp("rtsp://1");
  stream.size = offsetof(vigie_stream_t, url) + 8;
  CHECK(protocol->resolve_stream(plugin, 1, &stream, &error) == VIGIE_E_INVALID);
  stream.size = offsetof(vigie_stream_t, url) + 9;
  CHECK(protocol->resolve_stream(plugin, 1, &stream, &error) == VIGIE_OK);
}

TEST_CASE_FIXTURE(camera_fixture,
                  "abilities: those of the class are found, and guard their numbers") {
  start();
  REQUIRE(attach(1) == VIGIE_OK);
  CHECK(plugin->get_extension(plugin, VIGIE_EXT_DEVICE_CLOCK) == nullptr);
  CHECK(plugin->get_extension(plugin, "vigie.ptz/10") == nullptr);
  const auto* ptz = table<vigie_ptz_t>(VIGIE_EXT_PTZ);
  REQUIRE(ptz != nullptr);
  CHECK(ptz->move(plugin, 1, 1, -1, 0, 100, &error) == VIGIE_OK);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(ptz->move(plugin, 1, nan, 0, 0, 100, &error) == VIGIE_E_INVALID);
  CHECK(ptz->move(plugin, 1, 1.5, 0, 0, 100, &error) == VIGIE_E_INVALID);
  CHECK(ptz->move(plugin, 9, 0, 0, 0, 100, &error) == VIGIE_E_NOT_FOUND);
  std::vector<std::string> names;
  const auto found = [](void* context, const vigie_ptz_preset_t* preset) {
    static_cast<std::vector<std::string>*>(context)->emplace_back(preset->name);
  };
  CHECK(ptz->presets(plugin, 1, found, &names, &error) == VIGIE_OK);
  CHECK(names == std::vector<std::string>{"Porte"});
}

TEST_CASE_FIXTURE(eye_fixture,
                  "frames: a detection reaches the host, a foreign frame does not run") {
  start_and_attach();
  REQUIRE(analytics->on_frame(plugin, &frame, &error) == VIGIE_OK);
  REQUIRE(host.detections.size() == 1);
  CHECK(host.detections[0].camera == 3);
  CHECK(host.detections[0].score == 1.0);
  frame.camera = 4;
  CHECK(analytics->on_frame(plugin, &frame, &error) == VIGIE_E_NOT_FOUND);
  frame.camera = 3;
  frame.planes[0].lines = 0;
  CHECK(analytics->on_frame(plugin, &frame, &error) == VIGIE_E_INVALID);
  frame.plane_count = 4;
  CHECK(analytics->on_frame(plugin, &frame, &error) == VIGIE_E_INVALID);
  CHECK(host.detections.size() == 1);
}

TEST_CASE_FIXTURE(eye_fixture, "frames: what is still retained at stop is given back and told") {
  start_and_attach();
  the_script.keep_frames = true;
  REQUIRE(analytics->on_frame(plugin, &frame, &error) == VIGIE_OK);
  CHECK(host.retained == std::vector<const vigie_frame_t*>{&frame});
  plugin->stop(plugin);
  CHECK(host.retained.empty());
  CHECK(host.lines == std::vector<std::string>{"6 frames were still retained at stop"});
}

TEST_CASE("frames: a retained frame is released once, by whoever holds it last") {
  mini_host host;
  const auto link = std::make_shared<sdk::detail::host_link>(host.raw());
  link->open();
  vigie_frame_t raw{};
  raw.size = sizeof(raw);
  raw.plane_count = 1;
  REQUIRE(link->retain(&raw));
  {
    sdk::retained_frame first(link, sdk::frame(&raw));
    sdk::retained_frame second(std::move(first));
    CHECK_FALSE(first);
    first = std::move(second);
    REQUIRE(first);
    CHECK(first->raw() == &raw);
    CHECK(host.retained.size() == 1);
  }
  CHECK(host.retained.empty());
}

TEST_CASE("notifier: a shorter notification is read, one without key or status is refused") {
  fixture it(VIGIE_FACTORY_NOTIFIER, "test.line");
  it.start();
  const auto* notifier = it.table<vigie_notifier_t>(VIGIE_EXT_NOTIFIER);
  REQUIRE(notifier != nullptr);
  vigie_notification_t alert{};
  alert.size = offsetof(vigie_notification_t, place);
  alert.status = VIGIE_NOTIFY_EXERCISE;
  alert.key = str("k");
  alert.recipient = str("r");
  alert.place = str("beyond the size");
  CHECK(notifier->deliver(it.plugin, &alert, &it.error) == VIGIE_OK);
  CHECK(the_script.calls.back() == "deliver k,");
  REQUIRE(it.host.reports.size() == 1);
  CHECK(it.host.reports[0].outcome == VIGIE_DELIVERY_DELIVERED);
  CHECK(it.host.reports[0].at_utc_us > 1'700'000'000'000'000);
  CHECK(notifier->probe(it.plugin, str("r"), &it.error) == VIGIE_OK);
  alert.status = 0;
  CHECK(notifier->deliver(it.plugin, &alert, &it.error) == VIGIE_E_INVALID);
  alert.status = VIGIE_NOTIFY_ACTUAL;
  alert.key = {};
  CHECK(notifier->deliver(it.plugin, &alert, &it.error) == VIGIE_E_INVALID);
}
