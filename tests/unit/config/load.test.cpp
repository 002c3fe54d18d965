// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include "config_bench.hpp"

using namespace vigie;

TEST_SUITE_BEGIN("config");

TEST_CASE("config: the hours in which a commune lets the centre watch") {
  test::config_bench bench;
  const auto hours_of = [&](const std::string& lines) {
    return bench.load(R"(
[centre]
id = "c"
name = "C"
department = "95"
data_dir = "data"
[defaults]
retention_days = 15
purposes = ["rescue_and_fire"]
[[commune]]
insee = "95018"
name = "Argenteuil"
)" + lines + R"(
  [[commune.site]]
  id = "s"
    [[commune.site.camera]]
    id = "cam-1"
    url = "rtsp://10.0.0.1/a"
)");
  };
  const auto open = hours_of("");
  REQUIRE(open.config.has_value());
  CHECK_FALSE(open.config->topology.communes[0].viewing_windows.has_value());
  const auto some = hours_of(
      "viewing_hours = [\"mon-fri 20:00-06:00\", \"sat,sun 00:00-24:00\", \"12:00-13:00\"]\n"
      "viewing_on_alarm = true\n");
  REQUIRE(some.config.has_value());
  const auto& commune = some.config->topology.communes[0];
  CHECK(commune.has_alarm_exception);
  CHECK(commune.viewing_windows == std::vector<domain::viewing_window>{
                                       {0x1f, {1200, 360}}, {0x60, {0, 1440}}, {0x7f, {720, 780}}});
  const auto none = hours_of("viewing_hours = []\n");
  REQUIRE(none.config.has_value());
  CHECK(none.config->topology.communes[0].viewing_windows->empty());
  for (const auto* wrong : {"viewing_hours = [\"monday 20:00-06:00\"]",
                            "viewing_hours = [\"20-6\"]", "viewing_hours = [\"mon- 20:00-06:00\"]",
                            "viewing_on_alarm = true", "viewing_hours = \"20:00-06:00\""}) {
    CAPTURE(wrong);
    CHECK_FALSE(hours_of(std::string{wrong} + "\n").findings.empty());
  }
}

TEST_CASE("config: a whole centre, with accents, inheritance and secrets") {
  test::config_bench bench;
  bench.environment["BUS_PASSWORD"] = "bus-secret";
  bench.write("cameras.secret", "défaut!\r\nsecond line\n");
  bench.write("museum.secret", "musée", 0640);
  const auto outcome = bench.load(R"(
[centre]
id = "val-doise"
name = "Centre départemental du Val-d'Oise"
department = "95"
data_dir = "../data"

[node]
id = "node-2"
shards = 4

[bus]
url = "nats://10.0.0.5:4222"
user = "vigie"
password_env = "BUS_PASSWORD"
websocket_port = 9333

[gateway]
listen = "0.0.0.0"
port = 8081
dashboard_dir = "page"
public_url = "https://vigie.example"

[recording]
directory = "/srv/vigie/recordings"
segment_seconds = 30
keep_free_bytes = 5_000_000_000

[picture]
enabled = false
interval_ms = 1500

[defaults]
retention_days = 15
regime = "public_road"
purposes = ["persons_and_property_safety"]
username = "vigie"
password_file = "cameras.secret"

[[commune]]
insee = "95018"
name = "Argenteuil"
retention_days = 10

  [[commune.site]]
  id = "college-hugo"
  name = "Collège Hugo"
  kind = "school"
  purposes = ["public_buildings_protection", "terrorism_prevention"]

    [[commune.site.camera]]
    id = "cam-0001"
    name = "Entrée nº 1 – allée des Érables"
    url = "rtsp://127.1.0.1:8554/stream"

    [[commune.site.camera]]
    id = "cam-0002"
    url = "rtsps://[fe80::1]:322/a?channel=1&subtype=0"
    purposes = ["waste_dumping_offences"]
    regime = "open_to_public"
    retention_days = 30
    audio = false

[[commune]]
insee = "2A004"
name = "Ajaccio"

  [[commune.site]]
  id = "musee"
  username = "conservateur"
  password_file = "museum.secret"

    [[commune.site.camera]]
    id = "cam-0003"
    url = "rtsp://camera.example/live"
)");
  for (const auto& f : outcome.findings) MESSAGE(config::to_string(f));
  REQUIRE(outcome.config);
  const auto& c = *outcome.config;
  CHECK(c.file == bench.file());
  CHECK(c.data_dir == bench.folder().parent_path() / "data");
  CHECK(c.node.id == "node-2");
  CHECK(c.node.shards == 4);
  CHECK(c.bus.url == "nats://10.0.0.5:4222");
  CHECK(c.bus.password.reveal() == "bus-secret");
  CHECK(c.bus.port == 4222);
  CHECK(c.bus.websocket_port == 9333);
  CHECK(c.gateway.listen == "0.0.0.0");
  CHECK(c.gateway.port == 8081);
  CHECK(c.gateway.dashboard_dir == bench.folder() / "page");
  CHECK(c.gateway.public_url == "https://vigie.example");
  CHECK(c.recording.directory == "/srv/vigie/recordings");
  CHECK(c.recording.segment == std::chrono::seconds{30});
  CHECK(c.recording.keep_free_bytes == 5'000'000'000);
  CHECK_FALSE(c.picture.enabled);
  CHECK(c.picture.interval == std::chrono::milliseconds{1500});

  const auto& t = c.topology;
  CHECK(t.centre_id == "val-doise");
  CHECK(t.centre_name == "Centre départemental du Val-d'Oise");
  CHECK(t.department == "95");
  REQUIRE(t.communes.size() == 2);
  CHECK(t.communes[0].id == commune_id{"95018"});
  CHECK(t.communes[1].id == commune_id{"2a004"});
  const auto& school = t.communes[0].sites.at(0);
  CHECK(school.name == "Collège Hugo");
  CHECK(school.kind == "school");
  const auto& first = school.cameras.at(0);
  CHECK(first.name == "Entrée nº 1 – allée des Érables");
  CHECK(first.retention_days == 10);
  CHECK(first.legal_regime == domain::regime::public_road);
  CHECK(first.purposes == std::vector{domain::purpose::public_buildings_protection,
                                      domain::purpose::terrorism_prevention});
  CHECK(first.username == "vigie");
  CHECK(first.password.reveal() == "défaut!");
  const auto& second = school.cameras.at(1);
  CHECK(second.name == "cam-0002");
  CHECK(second.retention_days == 30);
  CHECK(second.legal_regime == domain::regime::open_to_public);
  CHECK(second.purposes == std::vector{domain::purpose::waste_dumping_offences});
  const auto& museum = t.communes[1].sites.at(0);
  CHECK(museum.name == "musee");
  CHECK(museum.cameras.at(0).retention_days == 15);
  CHECK(museum.cameras.at(0).username == "conservateur");
  CHECK(museum.cameras.at(0).password.reveal() == "musée");
}

TEST_CASE("config: three lines make a camera, everything else has a default") {
  test::config_bench bench;
  const auto outcome = bench.load(R"(
[defaults]
retention_days = 7
[[commune]]
insee = "95018"
[[commune.site]]
id = "mairie"
[[commune.site.camera]]
id = "cam-1"
url = "rtsp://10.1.2.3/live"
purposes = ["public_buildings_protection"]
)");
  REQUIRE(outcome.config);
  const auto& c = *outcome.config;
  CHECK(c.topology.centre_id == "centre");
  CHECK(c.node.id == "node-1");
  CHECK(c.bus.url.empty());
  CHECK(c.gateway.port == 8080);
  CHECK(c.data_dir == bench.folder() / "data");
  CHECK(c.recording.directory == bench.folder() / "data/recordings");
  const auto& camera = c.topology.communes.at(0).sites.at(0).cameras.at(0);
  CHECK(camera.username.empty());
  CHECK(camera.password.empty());
  CHECK(camera.legal_regime == domain::regime::public_road);
}

TEST_CASE("config: the demonstration centre is accepted") {
  const auto outcome = config::load(
      "configs/demo.toml", [](const std::string&) { return std::optional<std::string>{"secret"}; });
  for (const auto& f : outcome.findings) MESSAGE(config::to_string(f));
  REQUIRE(outcome.config);
  CHECK(outcome.config->topology.communes.size() == 3);
}

TEST_CASE("config: an absent file or a folder is told, not thrown") {
  const auto no_environment = [](const std::string&) { return std::optional<std::string>{}; };
  for (const char* name : {"/nonexistent/centre.toml", "/tmp", ""}) {
    const auto outcome = config::load(name, no_environment);
    CHECK_FALSE(outcome.config);
    REQUIRE(outcome.findings.size() == 1);
    CHECK(outcome.findings[0].line == 0);
    CHECK_FALSE(outcome.findings[0].remedy.empty());
  }
}

TEST_CASE("config: a finding is one line that editors can jump to") {
  CHECK(config::to_string({"centre.toml", 14, 3, "LEG-30", "retention_days = 45 is over one month",
                           "write 30 or less"}) ==
        "centre.toml:14:3: LEG-30: retention_days = 45 is over one month; write 30 or less");
  CHECK(config::to_string({"centre.toml", 0, 0, "", "there is no such file", "name one"}) ==
        "centre.toml: there is no such file; name one");
}

TEST_CASE("config: any cut of a file is a finding or a configuration, never a crash") {
  test::config_bench bench;
  const std::string whole = R"([defaults]
retention_days = 7
purposes = ["rescue_and_fire"]
[[commune]]
insee = "95018"
[[commune.site]]
id = "mairie"
[[commune.site.camera]]
id = "cam-1"
url = "rtsp://10.1.2.3/live"
)";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const auto outcome = bench.load(whole.substr(0, size));
    CHECK(outcome.config.has_value() == outcome.findings.empty());
    for (const auto& f : outcome.findings) {
      CHECK_FALSE(f.message.empty());
      CHECK_FALSE(f.remedy.empty());
    }
  }
}

TEST_CASE("load: plugins, and a camera that one of them speaks to") {
  test::config_bench bench;
  const auto outcome = bench.load(R"(
[[plugin]]
id = "fr.vigie.onvif"
path = "plugins/onvif"
isolation = "in_process"
config = { timeout_ms = 500, hosts = ["10.0.0.7"] }

[[commune]]
insee = "95018"
retention_days = 15
purposes = ["rescue_and_fire"]
  [[commune.site]]
  id = "gate"
    [[commune.site.camera]]
    id = "dome"
    url = "http://10.0.0.7:8080"
    protocol = "fr.vigie.onvif"
    protocol_options = { profile = "main" }
)");
  for (const auto& f : outcome.findings) MESSAGE(config::to_string(f));
  REQUIRE(outcome.config);
  REQUIRE(outcome.config->plugins.size() == 1);
  const auto& plugin = outcome.config->plugins.front();
  CHECK(plugin.id == "fr.vigie.onvif");
  CHECK(plugin.is_in_process);
  CHECK(plugin.path == bench.folder() / "plugins/onvif");
  CHECK(plugin.config_json.find("\"timeout_ms\" : 500") != std::string::npos);
  const auto& camera = outcome.config->topology.communes.at(0).sites.at(0).cameras.at(0);
  CHECK(camera.protocol == "fr.vigie.onvif");
  CHECK(camera.url == "http://10.0.0.7:8080");
  CHECK(camera.protocol_options_json.find("main") != std::string::npos);
}
