// SPDX-License-Identifier: Apache-2.0
#include "gateway/gateway.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "raw_client.hpp"
#include "unit/gateway/live_support.hpp"

using namespace vigie;
using namespace vigie::gateway;
using namespace std::chrono_literals;
using vigie::test::raw_client;

namespace {

const camera_id cam{"cam-0001"};
const commune_id commune{"95018"};

/// Sinks as ingest would hold them; a thread of the test's own plays the camera.
class synthetic_feed {
 public:
  ~synthetic_feed() { stop(); }
  live_ports ports() {
    return {[this](const camera_id&, ingest::sink_ptr s) {
              std::lock_guard lock{mutex_};
              sinks_.push_back(std::move(s));
              changed_.notify_all();
            },
            [this](const camera_id&, const ingest::sink_ptr& s) {
              std::lock_guard lock{mutex_};
              std::erase(sinks_, s);
              changed_.notify_all();
            }};
  }
  bool wait_for_sinks(std::size_t count) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, 5s, [&] { return sinks_.size() == count; });
  }
  void give(const media::access_unit_ptr& unit) {
    std::lock_guard lock{mutex_};
    for (const auto& s : sinks_) s->on_access_unit(unit);
  }
  /// Plays until `stop`: a frame every millisecond.
  void play(std::size_t bytes) {
    player_ = std::thread{[this, bytes] {
      test::unit_maker camera{12, bytes};
      std::unique_lock lock{mutex_};
      while (!is_stopped_) {
        const auto unit = camera.next();
        for (const auto& s : sinks_) s->on_access_unit(unit);
        changed_.wait_for(lock, 1ms, [this] { return is_stopped_; });
      }
    }};
  }
  void stop() {
    {
      std::lock_guard lock{mutex_};
      is_stopped_ = true;
      changed_.notify_all();
    }
    if (player_.joinable()) player_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<ingest::sink_ptr> sinks_;
  std::thread player_;
  bool is_stopped_ = false;
};

struct server {
  std::filesystem::path folder;
  system_clock time;
  token_mint mint;
  synthetic_feed feed;
  std::unique_ptr<gateway::gateway> gate;

  explicit server(token_lifetimes lifetimes = {})
      : mint{secret{std::string(32, 'k')}, time, lifetimes} {
    char name[] = "/tmp/vigie-gateway-XXXXXX";
    folder = ::mkdtemp(name);
    std::filesystem::create_directories(folder / "page/assets");
    std::ofstream{folder / "page/index.html"} << "<!doctype html>console";
    std::ofstream{folder / "page/assets/main-1.js"} << "let a;";
    std::ofstream{folder / "secret.txt"} << "not for you";
    std::ofstream clip{folder / "clip.mp4"};
    for (int i = 0; i < 1'000'000; ++i) clip << static_cast<char>(i % 251);
    clip.close();

    gateway_options options;
    options.port = 0;
    options.dashboard_dir = folder / "page";
    options.header_timeout = 700ms;
    options.connections = 32;
    gateway_ports ports;
    ports.live = feed.ports();
    ports.console_json = [] { return R"({"user":"console"})"; };
    ports.metrics_text = [] { return "vigie_up 1\n"; };
    ports.health = [] { return health_answer{true, R"({"status":"ok"})"}; };
    ports.resolve_clip = [this](const media_claims& claims,
                                const std::string& segment) -> result<clip_file> {
      if (claims.camera != cam || segment != "seg-1") return fail(errc::not_found);
      return clip_file{folder / "clip.mp4", 999'000, 10'000, 20'000};
    };
    gate = std::make_unique<gateway::gateway>(options, ports, mint, time);
    const auto started = gate->start();
    REQUIRE(started);
  }
  ~server() {
    gate->stop();
    std::filesystem::remove_all(folder);
  }
  raw_client client() const { return raw_client{gate->port()}; }
  std::string live_target(const std::string& session = "s-1") const {
    return "/live/" + mint.mint_live(cam, "console", commune, session).text;
  }
  std::string clip_target(utc_us from = 0, utc_us to = 100'000) const {
    return "/clip/" + mint.mint_clip(cam, "console", commune, "s-1", from, to).text + "/seg-1.mp4";
  }
};

std::string pattern(std::size_t from, std::size_t length) {
  std::string out;
  for (std::size_t i = from; i < from + length; ++i) out += static_cast<char>(i % 251);
  return out;
}

}  // namespace

TEST_SUITE("integration/gateway") {
  TEST_CASE("http: the page, its assets and the fixed addresses are served with their headers") {
    server s;
    auto c = s.client();
    const auto page = c.ask("GET /");
    CHECK(page.status == 200);
    CHECK(page.body == "<!doctype html>console");
    CHECK(page.headers.at("content-type") == "text/html; charset=utf-8");
    CHECK(page.headers.at("cache-control") == "no-cache");
    CHECK(page.headers.at("x-content-type-options") == "nosniff");
    CHECK(page.headers.at("referrer-policy") == "no-referrer");
    CHECK(page.headers.at("content-security-policy").find("media-src 'self' blob:") !=
          std::string::npos);
    const auto again = c.ask("GET /", "If-None-Match: " + page.headers.at("etag") + "\r\n");
    CHECK(again.status == 304);
    const auto asset = c.ask("GET /assets/main-1.js");
    CHECK(asset.body == "let a;");
    CHECK(asset.headers.at("cache-control").find("immutable") != std::string::npos);
    CHECK(c.ask("GET /console.json").body == R"({"user":"console"})");
    CHECK(c.ask("GET /console.json").headers.at("cache-control") == "no-store");
    CHECK(c.ask("GET /metrics").body == "vigie_up 1\n");
    CHECK(c.ask("GET /healthz").status == 200);
    CHECK(c.ask("HEAD /").headers.at("content-length") == "22");
    CHECK(c.ask("GET /absent.js").status == 404);
    CHECK(s.gate->statistics().requests == 9);
  }

  TEST_CASE("http: nothing outside the page's folder is reachable") {
    server s;
    for (const char* target : {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt",
                               "/assets/../../secret.txt", "//etc/passwd"}) {
      auto c = s.client();
      const auto r = c.ask("GET " + std::string{target});
      CAPTURE(target);
      CHECK(r.status == 400);
      CHECK(r.body.find("not for you") == std::string::npos);
      CHECK(nlohmann::json::parse(r.body)["code"] == "bad_target");
    }
  }

  TEST_CASE("http: bad requests are refused and bounded") {
    server s;
    {
      auto c = s.client();
      const auto r = c.ask("GET /", "X: " + std::string(40'000, 'a') + "\r\n");
      CHECK(r.status == 431);
    }
    {
      auto c = s.client();
      CHECK(c.ask("POST /").status == 405);
    }
    {
      auto c = s.client();
      CHECK(c.ask("GET /", "Content-Length: 5\r\n").status == 413);
    }
    {
      auto c = s.client();
      CHECK(c.ask("GET /", "Transfer-Encoding: chunked\r\n").status == 413);
    }
    {
      auto c = s.client();
      c.send("\x16\x03\x01\x02 what is this\r\n\r\n");
      CHECK(c.read_reply().status == 400);
    }
    {
      auto c = s.client();
      c.send("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
      CHECK(c.read_reply().status == 403);
    }
    {
      auto c = s.client();
      c.send("GET / HTTP/1.1\r\nHo");  // and never finishes
      CHECK(c.is_closed_within(3s));
    }
    CHECK(s.gate->statistics().bad_requests == 5);
  }

  TEST_CASE("http: more connections than allowed are closed, the others go on") {
    server s;
    auto first = s.client();
    CHECK(first.ask("GET /").status == 200);
    std::vector<std::unique_ptr<raw_client>> crowd;
    for (int i = 0; i < 40; ++i) crowd.push_back(std::make_unique<raw_client>(s.gate->port()));
    CHECK(crowd.back()->is_closed_within(3s));
    CHECK(first.ask("GET /").status == 200);
  }

  TEST_CASE("clip: whole, in parts, by suffix, and its head alone") {
    server s;
    auto c = s.client();
    const auto target = s.clip_target();
    const auto whole = c.ask("GET " + target);
    CHECK(whole.status == 200);
    CHECK(whole.headers.at("content-type") == "video/mp4");
    CHECK(whole.headers.at("accept-ranges") == "bytes");
    CHECK(whole.headers.at("cache-control") == "no-store");
    CHECK((whole.body == pattern(0, 999'000)));

    const auto part = c.ask("GET " + target, "Range: bytes=300000-500000\r\n");
    CHECK(part.status == 206);
    CHECK(part.headers.at("content-range") == "bytes 300000-500000/999000");
    CHECK((part.body == pattern(300'000, 200'001)));

    const auto suffix = c.ask("GET " + target, "Range: bytes=-10\r\n");
    CHECK(suffix.status == 206);
    CHECK((suffix.body == pattern(998'990, 10)));

    const auto beyond = c.ask("GET " + target, "Range: bytes=999000-\r\n");
    CHECK(beyond.status == 416);
    CHECK(beyond.headers.at("content-range") == "bytes */999000");

    const auto conditional = c.ask("GET " + target, "Range: bytes=0-9\r\nIf-Range: \"other\"\r\n");
    CHECK(conditional.status == 200);
    CHECK(conditional.body.size() == 999'000);

    const auto head = c.ask("HEAD " + target, "Range: bytes=0-9\r\n");
    CHECK(head.status == 206);
    CHECK(head.headers.at("content-length") == "10");
    CHECK(c.ask("GET /healthz").status == 200);
  }

  TEST_CASE("clip: a token opens its own camera, time range and kind only") {
    server s;
    auto c = s.client();
    CHECK(c.ask("GET " + s.clip_target(20'000, 30'000)).status == 403);
    CHECK(c.ask("GET " + s.clip_target(0, 10'000)).status == 403);
    CHECK(c.ask("GET " + s.clip_target(19'999, 30'000)).status == 200);
    const auto live = s.mint.mint_live(cam, "console", commune, "s-1").text;
    CHECK(c.ask("GET /clip/" + live + "/seg-1.mp4").status == 403);
    CHECK(c.ask("GET /clip/forged.token/seg-1.mp4").status == 403);
    auto other = s.clip_target();
    other.replace(other.find("seg-1"), 5, "seg-2");
    CHECK(c.ask("GET " + other).status == 404);
    CHECK(s.gate->statistics().refused_tokens == 4);
  }

  TEST_CASE("live: announcement, init segment, then fragments from a key frame") {
    server s;
    auto viewer = s.client();
    REQUIRE(viewer.open_websocket(s.live_target()) == 101);
    REQUIRE(s.feed.wait_for_sinks(1));
    test::unit_maker camera{12, 500};
    for (int i = 0; i < 3; ++i) (void)camera.next();
    for (int i = 0; i < 17; ++i) s.feed.give(camera.next());

    const auto text = viewer.next_message();
    REQUIRE(text);
    CHECK(text->opcode == 1);
    const auto announced = nlohmann::json::parse(text->bytes);
    CHECK(announced["kind"] == "init");
    CHECK(announced["codecs"] == "avc1.42c01e");
    const auto init = viewer.next_message();
    REQUIRE(init);
    CHECK(init->opcode == 2);
    CHECK(init->bytes.substr(4, 4) == "ftyp");
    const auto timing = viewer.next_message();
    REQUIRE(timing);
    CHECK(nlohmann::json::parse(timing->bytes)["kind"] == "time");
    const auto fragment = viewer.next_message();
    REQUIRE(fragment);
    CHECK(fragment->bytes.substr(4, 4) == "moof");
    // Unit 13 of this camera is the first key frame the hub saw; its bytes are the first in mdat.
    const auto mdat = fragment->bytes.find("mdat");
    REQUIRE(mdat != std::string::npos);
    CHECK(fragment->bytes.size() == mdat + 4 + 4 * 500);
    CHECK(fragment->bytes[mdat + 4] == 13);
  }

  TEST_CASE("live: leaving takes the sink off the feed") {
    server s;
    {
      auto viewer = s.client();
      REQUIRE(viewer.open_websocket(s.live_target()) == 101);
      REQUIRE(s.feed.wait_for_sinks(1));
    }
    CHECK(s.feed.wait_for_sinks(0));
  }

  TEST_CASE("live: without a good token there is no WebSocket") {
    server s;
    auto target = s.live_target();
    target.back() = target.back() == 'A' ? 'B' : 'A';
    CHECK(s.client().open_websocket(target) == 403);
    CHECK(s.client().open_websocket(s.clip_target().replace(0, 5, "/live")) == 400);
    CHECK(s.client().ask("GET " + s.live_target()).status == 426);
    s.mint.revoke("gone");
    CHECK(s.client().open_websocket(s.live_target("gone")) == 403);
  }

  TEST_CASE("live: revocation ends the view within a second and says why") {
    server s;
    auto viewer = s.client();
    REQUIRE(viewer.open_websocket(s.live_target("s-7")) == 101);
    REQUIRE(s.feed.wait_for_sinks(1));
    s.feed.play(500);
    REQUIRE(viewer.next_message());
    const auto revoked_at = std::chrono::steady_clock::now();
    s.gate->revoke("s-7");
    std::string last_text;
    while (auto m = viewer.next_message()) {
      if (m->opcode == 8) break;
      if (m->opcode == 1) last_text = m->bytes;
    }
    CHECK(std::chrono::steady_clock::now() - revoked_at < 1s);
    CHECK(last_text == R"({"kind":"end","reason":"revoked"})");
    CHECK(s.feed.wait_for_sinks(0));
  }

  TEST_CASE("live: a view ends with its session even if nobody revokes it") {
    server s{token_lifetimes{.live_opening = 30s, .live_session = 0h, .clip = 15min}};
    auto viewer = s.client();
    REQUIRE(viewer.open_websocket(s.live_target()) == 101);
    const auto message = viewer.next_message();
    REQUIRE(message);
    CHECK(message->bytes == R"({"kind":"end","reason":"session_over"})");
  }

  TEST_CASE("live: a viewer that does not read loses GOPs alone, and revocation still cuts it") {
    server s;
    auto stuck = s.client();
    stuck.shrink_receive_buffer();
    REQUIRE(stuck.open_websocket(s.live_target("stuck")) == 101);
    auto reader = s.client();
    REQUIRE(reader.open_websocket(s.live_target("reader")) == 101);
    REQUIRE(s.feed.wait_for_sinks(1));
    s.feed.play(20'000);
    // The sweep refreshes the figures; the reader goes on meanwhile.
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    bool was_told = false;
    while (s.gate->statistics().live.dropped_gops == 0) {
      REQUIRE(std::chrono::steady_clock::now() < deadline);
      const auto m = reader.next_message();
      REQUIRE(m);
      was_told = was_told || m->bytes.find("dropped") != std::string::npos;
    }
    CHECK_FALSE(was_told);
    s.gate->revoke("stuck");
    // Its socket is closed although our goodbye could not be written.
    const auto cut_by = std::chrono::steady_clock::now() + 3s;
    while (s.gate->statistics().live.viewers != 1) {
      REQUIRE(std::chrono::steady_clock::now() < cut_by);
      REQUIRE(reader.next_message());
    }
  }

  TEST_CASE("gateway: a taken port is told clearly") {
    server s;
    gateway_options options;
    options.port = s.gate->port();
    gateway::gateway second{options, {}, s.mint, s.time};
    const auto refused = second.start();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::io_failed);
    CHECK(refused.error().detail.find("is taken") != std::string::npos);
    options.port = 0;
    options.listen = "not-an-address";
    CHECK_FALSE(gateway::gateway{options, {}, s.mint, s.time}.start());
  }

  TEST_CASE("gateway: stopping says goodbye to viewers and frees port and sinks") {
    server s;
    const auto port = s.gate->port();
    auto viewer = s.client();
    REQUIRE(viewer.open_websocket(s.live_target()) == 101);
    REQUIRE(s.feed.wait_for_sinks(1));
    s.gate->stop();
    const auto message = viewer.next_message();
    REQUIRE(message);
    CHECK(message->bytes == R"({"kind":"end","reason":"centre_stopping"})");
    CHECK(s.feed.wait_for_sinks(0));
    gateway_options options;
    options.port = port;
    gateway_ports ports;
    ports.live = s.feed.ports();
    gateway::gateway next{options, ports, s.mint, s.time};
    CHECK(next.start());
  }
}
