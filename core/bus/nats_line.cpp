// SPDX-License-Identifier: Apache-2.0
#include "bus/nats_line_internal.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/clock.hpp"

namespace vigie::bus {
namespace {

// Two unanswered pings of one second: a frozen server is noticed after 3 s. nats.c's own settings
// notice nothing for minutes.
constexpr std::int64_t ping_every_ms = 1000;
constexpr int unanswered_pings = 2;
constexpr std::int64_t connect_within_ms = 1000;
constexpr std::int64_t reconnect_wait_ms = 200;
constexpr std::int64_t reconnect_jitter_ms = 100;
constexpr std::int64_t write_within_ms = 1000;
constexpr std::chrono::seconds reopen_every{2};
constexpr int max_pending_requests = 4096;
constexpr int max_pending_bytes = 16 * 1024 * 1024;

struct options_deleter {
  void operator()(natsOptions* o) const noexcept { natsOptions_Destroy(o); }
};
struct statistics_deleter {
  void operator()(natsStatistics* s) const noexcept { natsStatistics_Destroy(s); }
};
struct message_deleter {
  void operator()(natsMsg* m) const noexcept { natsMsg_Destroy(m); }
};

/// How often this connection was replaced under its handle.
std::uint64_t reconnects_of(natsConnection& connection) {
  natsStatistics* raw = nullptr;
  if (natsStatistics_Create(&raw) != NATS_OK) return 0;
  const std::unique_ptr<natsStatistics, statistics_deleter> statistics{raw};
  std::uint64_t in_messages = 0;
  std::uint64_t in_bytes = 0;
  std::uint64_t out_messages = 0;
  std::uint64_t out_bytes = 0;
  std::uint64_t reconnects = 0;
  natsConnection_GetStats(&connection, raw);
  natsStatistics_GetCounts(raw, &in_messages, &in_bytes, &out_messages, &out_bytes, &reconnects);
  return reconnects;
}

result<void> send(natsConnection& connection, std::string_view subject, std::string_view body) {
  if (!subject::is_publishable(subject))
    return fail(errc::bus_malformed, "subject: cannot be published to");
  const auto status = natsConnection_Publish(&connection, std::string{subject}.c_str(), body.data(),
                                             static_cast<int>(body.size()));
  if (status != NATS_OK) return tl::unexpected{nats_error(status, "publishing")};
  return {};
}

/// Whoever is told that we serve may ask at once: waits until the server knows our subscriptions. A
/// link that is down makes them known when it comes back.
void settle(natsConnection& connection) {
  if (natsConnection_Status(&connection) == NATS_CONN_STATUS_CONNECTED)
    natsConnection_FlushTimeout(&connection, connect_within_ms);
}

}  // namespace

error nats_error(natsStatus status, std::string_view doing) {
  const auto code = status == NATS_MAX_PAYLOAD ? errc::bus_malformed : errc::bus_down;
  return {code, fmt::format("{}: {}", doing, natsStatus_GetText(status))};
}

struct nats_line::on_nats {
  static nats_line& line(void* closure) { return *static_cast<nats_line*>(closure); }

  static void up(natsConnection*, void* closure) { line(closure).changed(link_state::connected); }
  static void down(natsConnection*, void* closure) {
    line(closure).changed(link_state::disconnected);
  }
  static void closed(natsConnection*, void* closure) {
    auto& self = line(closure);
    self.changed(link_state::disconnected);
    std::lock_guard lock{self.mutex_};
    self.is_open_ = false;
    --self.running_;
    // Under the lock: once it is released, the destructor may take the condition variable away.
    self.wake_.notify_all();
  }
  static void subscription_ended(void* closure) {
    auto& self = line(closure);
    std::lock_guard lock{self.mutex_};
    --self.running_;
    self.wake_.notify_all();
  }
  static void failed(natsConnection*, natsSubscription*, natsStatus status, void* closure) {
    auto& self = line(closure);
    std::lock_guard lock{self.log_mutex_};
    if (const auto n = self.log_limit_.pass(system_clock{}.mono()))
      log::warn("bus: {} ({} times)", natsStatus_GetText(status), n);
  }
  static void message(natsConnection*, natsSubscription*, natsMsg* raw, void* closure) {
    const std::unique_ptr<natsMsg, message_deleter> m{raw};
    const char* reply = natsMsg_GetReply(raw);
    line(closure).receive_(
        natsMsg_GetSubject(raw), reply != nullptr ? reply : "",
        std::string(natsMsg_GetData(raw), static_cast<std::size_t>(natsMsg_GetDataLength(raw))));
  }
};

nats_line::nats_line(nats_options options, bool send_asap,
                     std::function<void(link_state)> on_change)
    : options_{std::move(options)},
      send_asap_{send_asap},
      on_change_{std::move(on_change)},
      keeper_{[this](std::stop_token stop) { keep_open(std::move(stop)); }} {}

nats_line::~nats_line() {
  keeper_.request_stop();
  keeper_.join();
  auto last = connection();
  if (last) natsConnection_Close(last.get());
  std::unique_lock lock{mutex_};
  wake_.wait(lock, [&] { return running_ == 0; });
}

nats_line::connection_ptr nats_line::connection() const {
  std::lock_guard lock{mutex_};
  return connection_;
}

void nats_line::changed(link_state now) {
  std::lock_guard lock{change_mutex_};
  if (std::exchange(link_, now) != now) on_change_(now);
}

void nats_line::keep_open(std::stop_token stop) {
  while (!stop.stop_requested()) {
    open();
    std::unique_lock lock{mutex_};
    wake_.wait(lock, stop, [&] { return !is_open_; });
    wake_.wait_for(lock, stop, reopen_every, [] { return false; });
  }
}

void nats_line::open() {
  natsOptions* raw = nullptr;
  if (natsOptions_Create(&raw) != NATS_OK) return;
  const std::unique_ptr<natsOptions, options_deleter> options{raw};
  const bool is_valid =
      natsOptions_SetURL(raw, options_.url.c_str()) == NATS_OK &&
      natsOptions_SetName(raw, options_.name.c_str()) == NATS_OK &&
      (options_.user.empty() ||
       natsOptions_SetUserInfo(raw, options_.user.c_str(), options_.password.reveal().c_str()) ==
           NATS_OK) &&
      natsOptions_SetTimeout(raw, connect_within_ms) == NATS_OK &&
      natsOptions_SetPingInterval(raw, ping_every_ms) == NATS_OK &&
      natsOptions_SetMaxPingsOut(raw, unanswered_pings) == NATS_OK &&
      natsOptions_SetWriteDeadline(raw, write_within_ms) == NATS_OK &&
      natsOptions_SetMaxReconnect(raw, -1) == NATS_OK &&
      natsOptions_SetReconnectWait(raw, reconnect_wait_ms) == NATS_OK &&
      natsOptions_SetReconnectJitter(raw, reconnect_jitter_ms, reconnect_jitter_ms) == NATS_OK &&
      natsOptions_SetSendAsap(raw, send_asap_) == NATS_OK &&
      natsOptions_UseGlobalMessageDelivery(raw, true) == NATS_OK &&
      natsOptions_SetErrorHandler(raw, on_nats::failed, this) == NATS_OK &&
      natsOptions_SetDisconnectedCB(raw, on_nats::down, this) == NATS_OK &&
      natsOptions_SetReconnectedCB(raw, on_nats::up, this) == NATS_OK &&
      natsOptions_SetClosedCB(raw, on_nats::closed, this) == NATS_OK &&
      natsOptions_SetRetryOnFailedConnect(raw, true, on_nats::up, this) == NATS_OK;
  if (!is_valid) {
    log::error("bus: {} is not an address of a NATS server", options_.url);
    return;
  }
  {
    std::lock_guard lock{mutex_};
    is_open_ = true;
    ++running_;
    subscription_.reset();
  }
  natsConnection* opened = nullptr;
  const auto status = natsConnection_Connect(&opened, raw);
  if (status != NATS_OK && status != NATS_NOT_YET_CONNECTED) {
    std::lock_guard lock{mutex_};
    is_open_ = false;
    --running_;
    log::warn("bus: {}: {}", options_.url, natsStatus_GetText(status));
    return;
  }
  const connection_ptr fresh{opened, natsConnection_Destroy};
  connection_ptr old;
  result<void> subscribed;
  {
    std::lock_guard lock{mutex_};
    old = std::exchange(connection_, fresh);
    if (!pattern_.empty()) subscribed = subscribe_on(*fresh);
  }
  if (!subscribed) log::error("bus: {}", to_string(subscribed.error()));
  if (status != NATS_OK) return;
  settle(*fresh);
  if (natsConnection_Status(opened) == NATS_CONN_STATUS_CONNECTED) changed(link_state::connected);
}

result<void> nats_line::subscribe_on(natsConnection& connection) {
  natsSubscription* raw = nullptr;
  auto status =
      natsConnection_Subscribe(&raw, &connection, pattern_.c_str(), on_nats::message, this);
  if (status != NATS_OK) return tl::unexpected{nats_error(status, "subscribing")};
  subscription_.reset(raw);
  // Refused when the connection closed meanwhile: then no last callback comes either.
  if (natsSubscription_SetOnCompleteCB(raw, on_nats::subscription_ended, this) == NATS_OK)
    ++running_;
  natsSubscription_SetPendingLimits(raw, max_pending_requests, max_pending_bytes);
  return {};
}

result<void> nats_line::subscribe(std::string pattern, receiver receive) {
  connection_ptr now;
  {
    std::lock_guard lock{mutex_};
    pattern_ = std::move(pattern);
    receive_ = std::move(receive);
    if (!connection_ || subscription_) return {};
    now = connection_;
    if (auto done = subscribe_on(*now); !done) return done;
  }
  settle(*now);
  return {};
}

result<void> nats_line::publish(std::string_view subject, std::string_view body) {
  const auto now = connection();
  if (!now || natsConnection_Status(now.get()) != NATS_CONN_STATUS_CONNECTED)
    return fail(errc::bus_down, "no server");
  return send(*now, subject, body);
}

result<void> nats_line::publish_confirmed(std::span<const outgoing> batch,
                                          std::chrono::milliseconds wait) {
  const auto now = connection();
  if (!now) return fail(errc::bus_down, "no server");
  // A flush that succeeds on a connection replaced in between says nothing about what went into the
  // old one; the count of reconnections, read before the status, tells.
  const auto before = reconnects_of(*now);
  if (natsConnection_Status(now.get()) != NATS_CONN_STATUS_CONNECTED)
    return fail(errc::bus_down, "no server");
  for (const auto& message : batch)
    if (auto sent = send(*now, message.subject, message.body); !sent) return sent;
  const auto status = natsConnection_FlushTimeout(now.get(), wait.count());
  if (status != NATS_OK) return tl::unexpected{nats_error(status, "waiting for confirmation")};
  if (reconnects_of(*now) != before)
    return fail(errc::bus_down, "the connection was replaced before the confirmation");
  return {};
}

}  // namespace vigie::bus
