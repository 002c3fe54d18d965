// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "domain/routing_table.hpp"
#include "domain/topology.hpp"

namespace vigie::config {

struct node_section {
  std::string id = "node-1";
  std::uint32_t shards = 0;  ///< 0: one per core
  /// How often the sockets of healthy cameras that nobody watches are read; 0: at every arrival.
  std::chrono::milliseconds sweep{250};
};

struct bus_section {
  std::string url;   ///< empty: Vigie runs its own nats-server on loopback
  std::string user;  ///< for an external server
  secret password;
  std::uint16_t port = 4222;
  std::uint16_t websocket_port = 9222;  ///< where dashboards connect
};

struct gateway_section {
  std::string listen = "127.0.0.1";
  std::uint16_t port = 8080;
  std::filesystem::path dashboard_dir;  ///< empty: the page built beside the binary
  std::string public_url;               ///< what grants point to; empty: http://listen:port
};

struct recording_section {
  std::filesystem::path directory;  ///< default: <data_dir>/recordings
  std::chrono::seconds segment{60};
  std::uint64_t keep_free_bytes = 1'000'000'000;
};

struct picture_section {
  bool enabled = true;
  std::chrono::milliseconds interval{2000};  ///< between measured key frames of one camera
};

/// What the purpose gate goes by, beyond the cameras' own settings (LEG-50 to LEG-57).
struct analytics_section {
  std::filesystem::path legal_bases;        ///< empty: there is no such file, so no basis
  std::filesystem::path legal_key;          ///< public keys of those who may sign it, PEM
  std::uint32_t aggregation_threshold = 0;  ///< smaller counts are suppressed; 0: no statistics
};

/// A plugin to load; what it may do stands in its own manifest.
struct plugin_section {
  std::string id;              ///< "fr.vigie.onvif", as in its plugin.toml
  std::filesystem::path path;  ///< folder with plugin.toml; empty: beside Vigie's own plugins
  bool is_in_process = false;  ///< a deliberate choice: no process of its own protects the centre
  std::string config_json = "{}";
  std::vector<camera_id> cameras;  ///< that an analysis looks at; empty: all of them
};

/// What we answer otherwise to some cameras (docs/quirks.md): one `[[quirk]]` of the quirks file.
/// A camera is meant by its id, the rest is found anywhere in what the camera says of itself.
struct quirk_section {
  std::string camera;
  std::string vendor;
  std::string server;
  std::string user_agent;
  std::string tool;
  std::vector<std::pair<std::string, std::string>> settings;  ///< words of base/quirk_words.hpp
};

/// A whole configuration, defaults resolved, lawful. `base_dir` of relative paths is the file's.
struct centre_config {
  std::filesystem::path file;
  std::filesystem::path data_dir;
  node_section node;
  bus_section bus;
  gateway_section gateway;
  recording_section recording;
  picture_section picture;
  analytics_section analytics;
  std::vector<plugin_section> plugins;
  std::vector<quirk_section> quirks;  ///< of the quirks file, in its order
  domain::topology topology;
  domain::routing_table routing;  ///< who is told of an incident
};

}  // namespace vigie::config
