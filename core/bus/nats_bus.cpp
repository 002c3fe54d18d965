// SPDX-License-Identifier: Apache-2.0
#include "bus/nats_bus.hpp"

#include <nats/nats.h>

#include <array>
#include <atomic>
#include <mutex>
#include <utility>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "bus/bus_user.hpp"
#include "bus/codec.hpp"
#include "bus/nats_line_internal.hpp"
#include "bus/request_dispatch.hpp"

namespace vigie::bus {
namespace {

constexpr int delivery_threads = 2;

bool is_inbox_of(std::string_view user, std::string_view subject) {
  if (user.empty() || !subject::is_publishable(subject)) return false;
  return subject.starts_with(inbox_prefix(user) + ".");
}

/// Where replies leave. Outlives the bus as long as somebody holds a reply function; closed by the
/// bus.
class reply_gate {
 public:
  explicit reply_gate(nats_line& line) : line_{&line} {}
  void close() {
    std::lock_guard lock{mutex_};
    line_ = nullptr;
  }
  void send(const std::string& inbox, const std::string& body,
            const std::optional<std::string>& correlation) {
    std::lock_guard lock{mutex_};
    if (line_ == nullptr) return;
    auto sent = line_->publish(inbox, body);
    if (sent) return;
    log::warn("bus: a reply could not be sent: {}", to_string(sent.error()));
    if (sent.error().code == errc::bus_malformed)
      (void)line_->publish(
          inbox, encode(to_error_reply(correlation, {errc::internal, "the reply is too large"})));
  }

 private:
  std::mutex mutex_;
  nats_line* line_;
};

class nats_bus final : public bus {
 public:
  explicit nats_bus(const nats_options& options)
      : bulk_{options, false, [this](link_state now) { changed(0, now); }},
        requests_{options, true, [this](link_state now) { changed(1, now); }},
        gate_{std::make_shared<reply_gate>(requests_)} {}
  ~nats_bus() override {
    gate_->close();
    std::lock_guard lock{link_mutex_};
    watcher_ = nullptr;  // our own end is no news of the link
  }

  result<void> publish(std::string_view subject, std::string_view body) override {
    // Between the moments both connections notice a frozen server, the slower one would still take
    // it.
    if (link() == link_state::disconnected) return fail(errc::bus_down, "no server");
    return bulk_.publish(subject, body);
  }
  result<void> publish_confirmed(std::span<const outgoing> batch,
                                 std::chrono::milliseconds wait) override {
    return bulk_.publish_confirmed(batch, wait);
  }

  result<void> serve_requests(request_handler handler) override {
    handler_ = std::move(handler);
    return requests_.subscribe(
        std::string{subject::all_requests},
        [this](std::string_view name, std::string_view reply_to, std::string body) {
          receive(name, reply_to, std::move(body));
        });
  }

  void watch_link(link_handler handler) override {
    std::lock_guard lock{link_mutex_};
    watcher_ = std::move(handler);
    watcher_(link_);
  }

  link_state link() const override {
    std::lock_guard lock{link_mutex_};
    return link_;
  }

 private:
  void receive(std::string_view name, std::string_view reply_to, std::string body) {
    // An asker names the subject of the reply, and we may publish everywhere: anything but its own
    // inboxes would let it speak with our voice, or to others.
    if (!is_inbox_of(asker_in(name), reply_to)) {
      std::lock_guard lock{log_mutex_};
      if (const auto n = log_limit_.pass(system_clock{}.mono()))
        log::warn("bus: {} requests without an inbox of their own were ignored", n);
      return;
    }
    auto correlation = correlation_of(body);
    dispatch_request(
        handler_, name, std::move(body),
        [gate = gate_, inbox = std::string{reply_to}, correlation = std::move(correlation)](
            const std::string& reply) { gate->send(inbox, reply, correlation); });
  }

  void changed(std::size_t line, link_state now) {
    std::lock_guard lock{link_mutex_};
    lines_[line] = now;
    const bool all = lines_[0] == link_state::connected && lines_[1] == link_state::connected;
    const auto joined = all ? link_state::connected : link_state::disconnected;
    if (std::exchange(link_, joined) == joined) return;
    log::info("bus: {}", all ? "connected" : "disconnected");
    if (watcher_) watcher_(joined);
  }

  mutable std::mutex link_mutex_;
  std::array<link_state, 2> lines_{link_state::disconnected, link_state::disconnected};
  link_state link_ = link_state::disconnected;
  link_handler watcher_;
  request_handler handler_;
  std::mutex log_mutex_;
  log::rate_limit log_limit_{5'000'000'000};
  nats_line bulk_;
  nats_line requests_;
  std::shared_ptr<reply_gate> gate_;
};

/// nats.c is opened once per process and left open: its threads serve every connection to come.
bool open_library() {
  static const bool is_open =
      nats_Open(-1) == NATS_OK && nats_SetMessageDeliveryPoolSize(delivery_threads) == NATS_OK;
  return is_open;
}

}  // namespace

result<std::unique_ptr<bus>> make_nats_bus(nats_options options) {
  if (!open_library()) return fail(errc::bus_down, "the NATS library could not start");
  return std::make_unique<nats_bus>(options);
}

}  // namespace vigie::bus
