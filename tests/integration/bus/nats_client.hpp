// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>
#include <nats/nats.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bus/bus_user.hpp"

namespace vigie::test {

/// A reader and asker that shares no code with Vigie's own connection: what a dashboard is.
class nats_client {
 public:
  struct received {
    std::string subject;
    std::string body;
  };

  nats_client(const std::string& url, std::string_view user, const std::string& password) {
    natsOptions* options = nullptr;
    REQUIRE(natsOptions_Create(&options) == NATS_OK);
    natsOptions_SetURL(options, url.c_str());
    natsOptions_SetUserInfo(options, std::string{user}.c_str(), password.c_str());
    inbox_ = bus::inbox_prefix(user);
    natsOptions_SetCustomInboxPrefix(options, inbox_.c_str());
    natsOptions_SetMaxReconnect(options, -1);
    natsOptions_SetReconnectWait(options, 50);
    natsOptions_SetPingInterval(options, 500);
    natsOptions_SetMaxPingsOut(options, 2);
    natsOptions_SetTimeout(options, 1000);
    natsOptions_SetSendAsap(options, true);
    natsOptions_SetErrorHandler(options, on_error, this);
    natsOptions_SetReconnectedCB(options, on_reconnect, this);
    natsOptions_SetClosedCB(options, on_closed, this);
    const auto status = natsConnection_Connect(&connection_, options);
    natsOptions_Destroy(options);
    REQUIRE_MESSAGE(status == NATS_OK, natsStatus_GetText(status));
  }
  nats_client(const nats_client&) = delete;
  nats_client& operator=(const nats_client&) = delete;
  ~nats_client() {
    natsConnection_Close(connection_);
    {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [&] { return is_closed_ && running_ == 0; });
    }
    for (auto* s : subscriptions_) natsSubscription_Destroy(s);
    natsConnection_Destroy(connection_);
  }

  void subscribe(const std::string& pattern) {
    natsSubscription* s = nullptr;
    REQUIRE(natsConnection_Subscribe(&s, connection_, pattern.c_str(), on_message, this) ==
            NATS_OK);
    {
      std::lock_guard lock{mutex_};
      ++running_;
    }
    REQUIRE(natsSubscription_SetOnCompleteCB(s, on_complete, this) == NATS_OK);
    subscriptions_.push_back(s);
    flush();
  }
  void flush() { REQUIRE(natsConnection_FlushTimeout(connection_, 5000) == NATS_OK); }
  void publish(const std::string& subject, const std::string& body,
               const char* reply_to = nullptr) {
    REQUIRE(
        natsConnection_PublishRequest(connection_, subject.c_str(),
                                      reply_to != nullptr ? reply_to : (inbox_ + ".nobody").c_str(),
                                      body.data(), static_cast<int>(body.size())) == NATS_OK);
  }
  std::optional<std::string> ask(const std::string& subject, const std::string& body,
                                 std::chrono::milliseconds wait = std::chrono::seconds{5}) {
    natsMsg* reply = nullptr;
    const auto status = natsConnection_Request(&reply, connection_, subject.c_str(), body.data(),
                                               static_cast<int>(body.size()), wait.count());
    INFO(natsStatus_GetText(status));
    CHECK(status == NATS_OK);
    if (status != NATS_OK) return std::nullopt;
    std::string text{natsMsg_GetData(reply),
                     static_cast<std::size_t>(natsMsg_GetDataLength(reply))};
    natsMsg_Destroy(reply);
    return text;
  }

  /// Waits until `holds` is true of what has been received.
  template <class Predicate>
  bool wait(Predicate holds, std::chrono::milliseconds limit = std::chrono::seconds{8}) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, limit, [&] { return holds(received_); });
  }
  bool wait_for_count(std::size_t count) {
    return wait([&](const auto& all) { return all.size() >= count; });
  }
  bool wait_for_reconnect(int times, std::chrono::milliseconds limit = std::chrono::seconds{8}) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, limit, [&] { return reconnects_ >= times; });
  }
  bool wait_for_error(std::string_view words,
                      std::chrono::milliseconds limit = std::chrono::seconds{5}) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, limit, [&] {
      for (const auto& e : errors_)
        if (e.find(words) != std::string::npos) return true;
      return false;
    });
  }
  std::vector<received> all() {
    std::lock_guard lock{mutex_};
    return received_;
  }

 private:
  static nats_client& self(void* closure) { return *static_cast<nats_client*>(closure); }
  template <class Change>
  void change(Change apply) {
    std::lock_guard lock{mutex_};
    apply();
    changed_.notify_all();
  }
  static void on_message(natsConnection*, natsSubscription*, natsMsg* m, void* closure) {
    received r{natsMsg_GetSubject(m),
               {natsMsg_GetData(m), static_cast<std::size_t>(natsMsg_GetDataLength(m))}};
    natsMsg_Destroy(m);
    self(closure).change([&] { self(closure).received_.push_back(std::move(r)); });
  }
  static void on_error(natsConnection* c, natsSubscription*, natsStatus status, void* closure) {
    const char* last = nullptr;
    natsConnection_GetLastError(c, &last);
    std::string text =
        std::string{natsStatus_GetText(status)} + ": " + (last != nullptr ? last : "");
    self(closure).change([&] { self(closure).errors_.push_back(std::move(text)); });
  }
  static void on_reconnect(natsConnection*, void* closure) {
    self(closure).change([&] { ++self(closure).reconnects_; });
  }
  static void on_closed(natsConnection*, void* closure) {
    self(closure).change([&] { self(closure).is_closed_ = true; });
  }
  static void on_complete(void* closure) {
    self(closure).change([&] { --self(closure).running_; });
  }

  std::string inbox_;
  natsConnection* connection_ = nullptr;
  std::vector<natsSubscription*> subscriptions_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<received> received_;
  std::vector<std::string> errors_;
  int reconnects_ = 0;
  int running_ = 0;
  bool is_closed_ = false;
};

}  // namespace vigie::test
