// SPDX-License-Identifier: Apache-2.0
#include "app/bus_link.hpp"

#include <nlohmann/json.hpp>

#include "base/log.hpp"
#include "bus/nats_bus.hpp"
#include "gateway/token_mint.hpp"

namespace vigie::app {
namespace {

/// A killed server is back long before; one that is stopped (SIGSTOP, swapped out) never comes back
/// by itself.
constexpr auto frozen_after = std::chrono::seconds{6};

}  // namespace

result<std::string> make_password() {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const auto random = gateway::token_mint::random_key();
  if (!random) return tl::unexpected{random.error()};
  std::string text;
  for (const char c : random->reveal())
    text += alphabet[static_cast<unsigned char>(c) % alphabet.size()];
  return text;
}

result<std::unique_ptr<bus_link>> bus_link::open(const config::centre_config& config,
                                                 std::vector<bus::bus_user> users,
                                                 const clock& time) {
  std::unique_ptr<bus_link> link{new bus_link{time}};
  bus::nats_options options;
  options.name = "vigie " + config.node.id;
  if (config.bus.url.empty()) {
    bus::managed_server_options server;
    server.folder = config.data_dir / "nats";
    server.port = config.bus.port;
    server.websocket_port = config.bus.websocket_port;
    server.users = std::move(users);
    server.make_password = [] { return make_password().value_or(""); };
    auto started = bus::managed_server::start(std::move(server));
    if (!started) return tl::unexpected{started.error()};
    link->server_ = std::move(*started);
    options.url = link->server_->url();
    options.user = bus::managed_server::vigie_user;
    options.password = link->server_->vigie_password();
  } else {
    options.url = config.bus.url;
    options.user = config.bus.user;
    options.password = config.bus.password;
  }
  auto connection = bus::make_nats_bus(std::move(options));
  if (!connection) return tl::unexpected{connection.error()};
  link->bus_ = std::move(*connection);
  return link;
}

std::string bus_link::console_json() const {
  auto told = nlohmann::json::object();
  if (server_) told["bus"] = {{"url", server_->websocket_url()}};
  return told.dump();
}

void bus_link::set_users(std::vector<bus::bus_user> users) {
  if (!server_) return;
  if (const auto done = server_->set_users(std::move(users)); !done)
    log::error("the bus keeps its former users: {}", to_string(done.error()));
}

void bus_link::watch() {
  if (bus_->link() == bus::link_state::connected) {
    mute_since_ = 0;
    return;
  }
  const auto now = time_.mono();
  if (mute_since_ == 0) {
    mute_since_ = now;
    log::warn("the bus does not answer; recording goes on, events wait in the outbox");
  }
  if (server_ && server_->process_id() != 0 && now - mute_since_ > to_ns(frozen_after)) {
    log::warn("nats-server {} is frozen; replacing it", server_->process_id());
    server_->replace_frozen();
    mute_since_ = now;
  }
}

}  // namespace vigie::app
