// SPDX-License-Identifier: Apache-2.0
#include "centre_line/centre_line.hpp"

#include <fmt/format.h>
#include <nats/nats.h>

#include <condition_variable>
#include <mutex>
#include <utility>

namespace vigie::simulators {

namespace {

struct options_owner {
  natsOptions* is = nullptr;
  options_owner() = default;
  options_owner(const options_owner&) = delete;
  options_owner& operator=(const options_owner&) = delete;
  ~options_owner() { natsOptions_Destroy(is); }
};

std::string text_of(natsMsg* message) {
  return {natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))};
}

}  // namespace

struct centre_line::core {
  std::string user;
  natsConnection* connection = nullptr;
  std::vector<natsSubscription*> subscriptions;
  std::mutex mutex;  // guards kept and pending, between the library's thread and ours
  std::condition_variable changed;
  std::vector<heard> kept;
  std::size_t pending = 0;  // subscriptions whose last callback has not ended

  static void on_message(natsConnection*, natsSubscription*, natsMsg* message, void* self) {
    auto& line = *static_cast<core*>(self);
    {
      const std::scoped_lock lock{line.mutex};
      line.kept.push_back({natsMsg_GetSubject(message), text_of(message)});
    }
    natsMsg_Destroy(message);
    line.changed.notify_all();
  }
  static void on_complete(void* self) {
    auto& line = *static_cast<core*>(self);
    const std::scoped_lock lock{line.mutex};
    --line.pending;
    line.changed.notify_all();
  }
};

centre_line::centre_line(std::unique_ptr<core> c) : core_{std::move(c)} {}

centre_line::~centre_line() {
  natsConnection_Close(core_->connection);
  {
    std::unique_lock lock{core_->mutex};
    core_->changed.wait(lock, [this] { return core_->pending == 0; });
  }
  for (natsSubscription* one : core_->subscriptions) natsSubscription_Destroy(one);
  natsConnection_Destroy(core_->connection);
}

result<std::unique_ptr<centre_line>> centre_line::open(const options& o) {
  options_owner options;
  auto made = std::make_unique<core>();
  made->user = o.user;
  natsStatus s = natsOptions_Create(&options.is);
  if (s == NATS_OK) s = natsOptions_SetURL(options.is, o.url.c_str());
  if (s == NATS_OK)
    s = natsOptions_SetUserInfo(options.is, o.user.c_str(), o.password.reveal().c_str());
  // The bus lets nobody listen to inboxes but the own ones.
  if (s == NATS_OK)
    s = natsOptions_SetCustomInboxPrefix(options.is, fmt::format("_INBOX_{}", o.user).c_str());
  if (s == NATS_OK) s = natsOptions_SetMaxReconnect(options.is, -1);
  if (s == NATS_OK) s = natsOptions_SetReconnectWait(options.is, 100);
  if (s == NATS_OK) s = natsOptions_SetTimeout(options.is, 5000);
  if (s == NATS_OK) s = natsOptions_SetSendAsap(options.is, true);
  if (s == NATS_OK) s = natsConnection_Connect(&made->connection, options.is);
  if (s == NATS_CONNECTION_AUTH_FAILED)
    return fail(errc::auth_rejected, fmt::format("the bus refuses {}", o.user));
  if (s != NATS_OK)
    return fail(errc::bus_down, fmt::format("{}: {}", o.url, natsStatus_GetText(s)));
  return std::unique_ptr<centre_line>{new centre_line{std::move(made)}};
}

const std::string& centre_line::user() const noexcept { return core_->user; }

result<std::string> centre_line::ask(std::string_view request, const std::string& body,
                                     std::chrono::milliseconds patience) {
  const std::string subject = fmt::format("vigie.v1.request.{}.{}", core_->user, request);
  natsMsg* reply = nullptr;
  const natsStatus s =
      natsConnection_Request(&reply, core_->connection, subject.c_str(), body.data(),
                             static_cast<int>(body.size()), patience.count());
  if (s == NATS_TIMEOUT || s == NATS_NO_RESPONDERS)
    return fail(errc::io_timeout, fmt::format("{} was not answered", request));
  if (s != NATS_OK) return fail(errc::bus_down, natsStatus_GetText(s));
  std::string text = text_of(reply);
  natsMsg_Destroy(reply);
  return text;
}

result<void> centre_line::listen(const std::string& subject) {
  natsSubscription* one = nullptr;
  natsStatus s = natsConnection_Subscribe(&one, core_->connection, subject.c_str(),
                                          core::on_message, core_.get());
  if (s == NATS_OK) {
    core_->subscriptions.push_back(one);
    {
      const std::scoped_lock lock{core_->mutex};
      ++core_->pending;
    }
    s = natsSubscription_SetOnCompleteCB(one, core::on_complete, core_.get());
  }
  if (s == NATS_OK) s = natsConnection_FlushTimeout(core_->connection, 5000);
  if (s != NATS_OK) return fail(errc::bus_down, natsStatus_GetText(s));
  return {};
}

std::vector<centre_line::heard> centre_line::take(std::chrono::milliseconds patience) {
  std::unique_lock lock{core_->mutex};
  core_->changed.wait_for(lock, patience, [this] { return !core_->kept.empty(); });
  return std::exchange(core_->kept, {});
}

}  // namespace vigie::simulators
