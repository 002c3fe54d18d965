// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "gateway/live_hub.hpp"
#include "gateway/token_mint.hpp"

namespace vigie::gateway {

struct gateway_options {
  std::string listen = "127.0.0.1";
  std::uint16_t port = 8080;            ///< 0: any free one, see `gateway::port`
  std::filesystem::path dashboard_dir;  ///< the built page; empty or absent: `/` says so
  /// Origin that grants point to ("http://host:port"), when it differs from where the page comes
  /// from: the page is then allowed to play from there.
  std::string public_url;
  /// Host names, beside loopback and `listen`, by which requests may address us. On a loopback
  /// address others are refused, so that a web page elsewhere cannot reach us by rebinding a name.
  std::vector<std::string> host_names;
  std::size_t header_bytes = 16u << 10;
  std::chrono::milliseconds header_timeout{10'000};  ///< for a whole request head
  std::chrono::milliseconds idle_timeout{30'000};    ///< between requests, and for one write
  std::size_t connections = 512;                     ///< more are closed at once
  live_options live;
};

/// A recorded segment on disk. `start` and `end` are checked against the token's range.
struct clip_file {
  std::filesystem::path path;
  std::uint64_t size_bytes = 0;  ///< what may be served, even if the file grows
  utc_us start_utc_us = 0;
  utc_us end_utc_us = 0;
};

struct health_answer {
  bool is_healthy = false;  ///< HTTP 200, else 503
  std::string json;
};

/// How the gateway reaches the rest. All are called on its io thread and must return soon.
struct gateway_ports {
  live_ports live;
  /// Finds one segment of the claims' camera. Errors: not_found.
  std::function<result<clip_file>(const media_claims&, const std::string& segment)> resolve_clip;
  std::function<std::string()> console_json;  ///< body of /console.json
  std::function<std::string()> metrics_text;  ///< body of /metrics, see prometheus_text.hpp
  std::function<health_answer()> health;      ///< /healthz
};

struct gateway_statistics {
  live_statistics live;
  std::uint64_t connections = 0;  ///< now
  std::uint64_t requests = 0;     ///< since the start
  std::uint64_t refused_tokens = 0;
  std::uint64_t bad_requests = 0;  ///< answered with another 4xx
  std::uint64_t sent_bytes = 0;    ///< of media
};

/// HTTP and WebSocket server on one thread of its own: the page, live video, recorded clips,
/// metrics and health. Media needs a token of `mint` (design §8); nothing is listed, nothing is
/// writable.
class gateway {
 public:
  /// `mint` and `time` outlive the gateway.
  gateway(gateway_options options, gateway_ports ports, token_mint& mint, const clock& time);
  /// Stops.
  ~gateway();
  gateway(const gateway&) = delete;
  gateway& operator=(const gateway&) = delete;

  /// Binds and starts serving. Errors: io_failed (port taken, address not ours: the text says which
  /// and what to do). [startup]
  result<void> start();
  /// Tells viewers that the centre stops, closes everything and joins the thread. Idempotent.
  void stop();
  /// The port bound by `start`; 0 before.
  std::uint16_t port() const;
  /// Ends a session: its tokens are refused from now on, its open views and downloads stop within a
  /// second. [thread-safe]
  void revoke(const std::string& session);
  /// Sessions whose images were being sent a moment ago. [thread-safe]
  std::set<std::string> watched_sessions() const;
  /// Figures for metrics. [thread-safe]
  gateway_statistics statistics() const;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace vigie::gateway
