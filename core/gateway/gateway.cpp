// SPDX-License-Identifier: Apache-2.0
#include "gateway/gateway.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <thread>
#include <utility>

#include "base/log.hpp"
#include "gateway/answer.hpp"
#include "gateway/detail/http_session.hpp"

namespace vigie::gateway {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

namespace {

/// How often revocation and the end of sessions are looked at: well under the promised second.
constexpr std::chrono::milliseconds sweep_interval{250};
/// What viewers get to hear that the centre stops.
constexpr std::chrono::milliseconds farewell{400};
constexpr std::chrono::milliseconds accept_pause{100};

}  // namespace

class gateway::impl {
 public:
  impl(gateway_options options, gateway_ports ports, token_mint& mint, const clock& time)
      : context_{std::make_shared<detail::server_context>(std::move(options), std::move(ports),
                                                          mint, time)} {}

  ~impl() { stop(); }

  result<void> start() {
    error_code error;
    const auto& o = context_->options;
    const auto address = asio::ip::make_address(o.listen, error);
    if (error)
      return fail(errc::io_failed, fmt::format("gateway.listen: {} is no IP address", o.listen));
    const tcp::endpoint endpoint{address, o.port};
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
      error_code ignored;
      acceptor_.close(ignored);
      if (error == asio::error::address_in_use)
        return fail(
            errc::io_failed,
            fmt::format("port {} of {} is taken: stop the other program or set gateway.port",
                        o.port, o.listen));
      return fail(errc::io_failed,
                  fmt::format("cannot listen on {}:{}: {}", o.listen, o.port, error.message()));
    }
    port_ = acceptor_.local_endpoint().port();
    context_->security = security_headers(o, port_);
    // Shards may still hold a sink, hence this function, when the gateway is gone.
    context_->hub = std::make_unique<live_hub>(
        context_->ports.live,
        [weak = std::weak_ptr{io_}](std::function<void()> task) {
          if (const auto io = weak.lock()) asio::post(*io, std::move(task));
        },
        o.live);
    accept();
    sweep();
    thread_ = std::thread{[this] { run(); }};
    return {};
  }

  void stop() {
    if (!thread_.joinable()) return;
    asio::post(*io_, [this] {
      error_code ignored;
      acceptor_.close(ignored);
      bool has_viewers = false;
      for (auto* open : snapshot()) {
        if (open->media() == nullptr) continue;
        has_viewers = true;
        open->end("centre_stopping");
      }
      if (!has_viewers) {
        io_->stop();
        return;
      }
      sweep_timer_.expires_after(farewell);
      sweep_timer_.async_wait([this](error_code cancelled) {
        if (!cancelled) io_->stop();
      });
    });
    thread_.join();
    // The thread is gone: what is left is closed here, so that nothing outlives this function.
    error_code ignored;
    sweep_timer_.cancel(ignored);
    accept_timer_.cancel(ignored);
    for (auto* open : snapshot()) open->cut();
    io_->restart();
    io_->run_for(farewell);
    context_->hub.reset();
    port_ = 0;
  }

  std::uint16_t port() const { return port_; }
  void revoke(const std::string& session) { context_->mint.revoke(session); }

  std::set<std::string> watched_sessions() const {
    std::lock_guard lock{live_mutex_};
    return watched_;
  }

  gateway_statistics statistics() const {
    gateway_statistics out;
    const auto& counts = context_->counts;
    out.connections = counts.connections;
    out.requests = counts.requests;
    out.refused_tokens = counts.refused_tokens;
    out.bad_requests = counts.bad_requests;
    out.sent_bytes = counts.sent_bytes;
    std::lock_guard lock{live_mutex_};
    out.live = live_;
    return out;
  }

 private:
  void run() {
    while (true) {
      try {
        io_->run();
        return;
      } catch (const std::exception& e) {
        // Out of memory in one handler, or a port that throws: that connection is lost, not the
        // rest.
        log::error("gateway: {}", e.what());
      }
    }
  }

  void accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted || !acceptor_.is_open()) return;
      if (error) {  // out of descriptors, usually: look again a little later
        accept_timer_.expires_after(accept_pause);
        accept_timer_.async_wait([this](error_code cancelled) {
          if (!cancelled) accept();
        });
        return;
      }
      if (context_->open.size() < context_->options.connections) {
        error_code ignored;
        socket.set_option(tcp::no_delay{true}, ignored);
        detail::serve_http(std::move(socket), context_);
      }
      accept();
    });
  }

  /// Ends what was revoked or has run out, and takes the hub's figures where they may be read.
  void sweep() {
    const auto now = context_->time.utc();
    std::set<std::string> watched;
    for (auto* open : snapshot()) {
      const auto* claims = open->media();
      if (claims == nullptr) continue;
      watched.insert(claims->session);
      if (context_->mint.is_revoked(claims->session))
        open->end("revoked");
      else if (now >= claims->session_ends_utc_us)
        open->end("session_over");
    }
    {
      std::lock_guard lock{live_mutex_};
      live_ = context_->hub->statistics();
      watched_ = std::move(watched);
    }
    sweep_timer_.expires_after(sweep_interval);
    sweep_timer_.async_wait([this](error_code error) {
      if (!error) sweep();
    });
  }

  std::vector<detail::connection*> snapshot() const {
    return {context_->open.begin(), context_->open.end()};
  }

  const std::shared_ptr<asio::io_context> io_ = std::make_shared<asio::io_context>(1);
  const std::shared_ptr<detail::server_context> context_;
  tcp::acceptor acceptor_{*io_};
  asio::steady_timer sweep_timer_{*io_};
  asio::steady_timer accept_timer_{*io_};
  std::thread thread_;
  std::uint16_t port_ = 0;
  mutable std::mutex live_mutex_;
  live_statistics live_;
  std::set<std::string> watched_;
};

gateway::gateway(gateway_options options, gateway_ports ports, token_mint& mint, const clock& time)
    : impl_{std::make_unique<impl>(std::move(options), std::move(ports), mint, time)} {}
gateway::~gateway() = default;
result<void> gateway::start() { return impl_->start(); }
void gateway::stop() { impl_->stop(); }
std::uint16_t gateway::port() const { return impl_->port(); }
void gateway::revoke(const std::string& session) { impl_->revoke(session); }
std::set<std::string> gateway::watched_sessions() const { return impl_->watched_sessions(); }
gateway_statistics gateway::statistics() const { return impl_->statistics(); }

}  // namespace vigie::gateway
