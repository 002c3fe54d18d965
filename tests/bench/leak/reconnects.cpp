// SPDX-License-Identifier: Apache-2.0
// Pulls fake cameras that show one picture and cut the connection, as often as asked, and prints
// what the process holds on the way: one JSON line.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "ingest/engine.hpp"
#include "support/rtsp_server.hpp"

namespace {

using namespace vigie;
using namespace std::chrono_literals;

struct held {
  double cycles = 0;
  double bytes = 0;
  std::size_t descriptors = 0;
};

/// Resident bytes that no file backs.
double anonymous_bytes() {
  std::ifstream status{"/proc/self/status"};
  for (std::string word; status >> word;)
    if (word == "RssAnon:") {
      double kib = 0;
      status >> kib;
      return kib * 1024;
    }
  return 0;
}

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator all{"/proc/self/fd"};
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

/// Least squares: growth of a figure per cycle.
template <class Figure>
double slope_of(const std::vector<held>& samples, Figure&& figure) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (const auto& s : samples) {
    n += 1;
    x += s.cycles;
    y += figure(s);
    xx += s.cycles * s.cycles;
    xy += s.cycles * figure(s);
  }
  const double spread = n * xx - x * x;
  return spread == 0 ? 0 : (n * xy - x * y) / spread;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t cycles = 100'000;
  unsigned cameras = 32;
  std::uint16_t port = 22'000;
  CLI::App cli{"What a reconnect leaves behind"};
  cli.add_option("--cycles", cycles)->check(CLI::Range(100, 10'000'000));
  cli.add_option("--cameras", cameras)->check(CLI::Range(1, 200));
  cli.add_option("--port", port, "of the first camera, on loopback");
  CLI11_PARSE(cli, argc, argv);

  std::vector<std::unique_ptr<test::rtsp_server>> servers;
  for (unsigned i = 0; i < cameras; ++i) {
    servers.push_back(std::make_unique<test::rtsp_server>(static_cast<std::uint16_t>(port + i)));
    servers.back()->does = test::rtsp_server::behaviour::shows_and_finishes;
  }
  std::atomic<std::uint64_t> pictures{0};
  struct counter final : ingest::sink {
    explicit counter(std::atomic<std::uint64_t>& to) : total{to} {}
    void on_access_unit(const media::access_unit_ptr&) noexcept override { ++total; }
    std::atomic<std::uint64_t>& total;
  };
  const system_clock time;
  ingest::engine_options options;
  options.shards = 1;
  options.dials_per_second = 1e6;
  options.dials_per_site_per_second = 1e6;
  ingest::engine pull{options, time, [](const ingest::feed_vitals&) {}};
  for (unsigned i = 0; i < cameras; ++i) {
    ingest::feed_config config;
    config.camera = camera_id{"cam-" + std::to_string(i)};
    config.site = site_id{"site"};
    config.url = servers[i]->url();
    config.username = "vigie";
    config.password = secret{"secret-word"};
    config.backoff_floor = 1ms;
    config.backoff_ceiling = 2ms;
    pull.start(std::move(config), {std::make_shared<counter>(pictures)});
  }

  const auto done = [&] {
    std::uint64_t sum = 0;
    for (const auto& each : servers) sum += static_cast<std::uint64_t>(each->connections.load());
    return sum;
  };
  // The first tenth fills pools and caches; after it nothing may grow.
  std::vector<held> samples;
  std::size_t fewest = SIZE_MAX;
  std::size_t most = 0;
  for (auto now = done(); now < cycles; now = done()) {
    const timespec pause{0, 50'000'000};
    ::nanosleep(&pause, nullptr);
    if (now < cycles / 10) continue;
    samples.push_back({static_cast<double>(now), anonymous_bytes(), open_descriptors()});
    fewest = std::min(fewest, samples.back().descriptors);
    most = std::max(most, samples.back().descriptors);
  }
  if (samples.empty()) return 1;
  const double bytes = slope_of(samples, [](const held& s) { return s.bytes; });
  const double descriptors =
      slope_of(samples, [](const held& s) { return static_cast<double>(s.descriptors); });
  std::printf(R"({"bytes_per_reconnect":%.2f,"descriptors_per_1000_reconnects":%.4f,"cycles":%llu,)"
              R"("pictures":%llu,"descriptors_min":%zu,"descriptors_max":%zu,"cameras":%u,)"
              R"("rss_first_kib":%.0f,"rss_last_kib":%.0f})"
              "\n",
              bytes, descriptors * 1000, static_cast<unsigned long long>(done()),
              static_cast<unsigned long long>(pictures.load()), fewest, most, cameras,
              samples.front().bytes / 1024, samples.back().bytes / 1024);
}
