// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <csignal>
#include <mutex>

#include "ingest/engine.hpp"
#include "support/eventually.hpp"
#include "support/rtsp_server.hpp"
#include "support/temporary_folder.hpp"
#include "support/tls_front.hpp"

using namespace vigie;
using namespace vigie::ingest;
using namespace std::chrono_literals;
using vigie::test::rtsp_server;
using vigie::test::tls_front;

namespace {

const system_clock wall;

/// One camera pulled by an engine of its own, and what is known of it.
class pulled_camera {
 public:
  explicit pulled_camera(feed_config config) {
    config.camera = camera_id{"cam-1"};
    config.site = site_id{"site"};
    config.username = "vigie";
    config.password = secret{"secret-word"};
    pull_.start(std::move(config), {});
  }
  feed_vitals vitals() const {
    std::lock_guard lock{mutex_};
    return last_;
  }
  bool shows(std::uint64_t pictures) const {
    return test::eventually(20s, [&] { return vitals().access_units >= pictures; });
  }
  bool fails(errc code) const {
    return test::eventually(20s, [&] {
      const auto now = vitals();
      return now.trouble && now.trouble->code == code;
    });
  }

 private:
  mutable std::mutex mutex_;
  feed_vitals last_;
  engine pull_{{.shards = 1, .seed = 1}, wall, [this](const feed_vitals& vitals) {
                 std::lock_guard lock{mutex_};
                 last_ = vitals;
               }};
};

feed_config tls_config(std::uint16_t port, const std::string& host = "127.0.0.1") {
  std::signal(SIGPIPE, SIG_IGN);  // of the front's own end
  feed_config config;
  config.url = "rtsps://" + host + ":" + std::to_string(port) + "/stream";
  return config;
}

}  // namespace

TEST_CASE("rtsps: a camera whose certificate is trusted plays, over many seconds and swept") {
  rtsp_server server{21060};
  const tls_front front{21061, 21060};
  const test::memory_folder folder;
  auto config = tls_config(21061);
  config.tls.ca_file = folder.path() / "ca.pem";
  front.write_certificate(config.tls.ca_file);
  const pulled_camera camera{std::move(config)};
  CHECK(camera.shows(12 * 6));
  CHECK(camera.vitals().sessions == 1);
  CHECK_FALSE(camera.vitals().trouble);
}

TEST_CASE("rtsps: an unknown certificate is refused by name, before any password is sent") {
  rtsp_server server{21062};
  const tls_front front{21063, 21062};
  const pulled_camera camera{tls_config(21063)};
  CHECK(camera.fails(errc::tls_untrusted));
  CHECK(server.connections == 0);
}

TEST_CASE("rtsps: a trusted certificate of another host is refused") {
  rtsp_server server{21064};
  const tls_front front{21065, 21064, "127.0.0.2"};
  const test::memory_folder folder;
  auto config = tls_config(21065);
  config.tls.ca_file = folder.path() / "ca.pem";
  front.write_certificate(config.tls.ca_file);
  const pulled_camera camera{std::move(config)};
  CHECK(camera.fails(errc::tls_untrusted));
  CHECK(server.connections == 0);
}

TEST_CASE("rtsps: one pinned certificate is accepted, whoever signed it, and no other") {
  rtsp_server server{21066};
  const tls_front front{21067, 21066};
  auto pinned = tls_config(21067);
  pinned.tls.pinned_sha256 = front.fingerprint();
  {
    const pulled_camera camera{pinned};
    CHECK(camera.shows(12));
  }
  auto other = tls_config(21067);
  other.tls.pinned_sha256 = std::string(64, '0');
  const pulled_camera camera{std::move(other)};
  CHECK(camera.fails(errc::tls_untrusted));
}

TEST_CASE("rtsps: without verification a policy allows any certificate") {
  rtsp_server server{21068};
  const tls_front front{21069, 21068};
  auto config = tls_config(21069);
  config.policies.tls_verify = rtsp::tls_verify_policy::off;
  const pulled_camera camera{std::move(config)};
  CHECK(camera.shows(12));
}

TEST_CASE("rtsps: a camera that speaks no TLS is told so") {
  rtsp_server server{21070};
  server.does = rtsp_server::behaviour::sends_garbage;
  const pulled_camera camera{tls_config(21070)};
  CHECK(camera.fails(errc::io_tls));
}

TEST_CASE("udp: pictures that come as datagrams are taken, and their silence is seen") {
  rtsp_server server{21071};
  server.speaks_udp = true;
  feed_config config;
  config.url = server.url();
  config.policies.transport = rtsp::transport_policy::udp;
  const pulled_camera camera{std::move(config)};
  REQUIRE(camera.shows(12 * 6));
  CHECK(camera.vitals().sessions == 1);
  CHECK(camera.vitals().lost_packets == 0);
  server.does = rtsp_server::behaviour::falls_silent;
  CHECK(camera.fails(errc::stall_silence));
  server.does = rtsp_server::behaviour::streams;
  CHECK(camera.shows(camera.vitals().access_units + 24));
}

TEST_CASE("udp: a camera that refuses it is asked for TCP") {
  rtsp_server server{21072};
  feed_config config;
  config.url = server.url();
  config.policies.transport = rtsp::transport_policy::udp;
  const pulled_camera camera{std::move(config)};
  CHECK(camera.shows(12));
}
