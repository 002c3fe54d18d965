// SPDX-License-Identifier: Apache-2.0
#include "bus/memory_bus.hpp"

#include <utility>

#include "bus/request_dispatch.hpp"

namespace vigie::bus {

result<bool> memory_bus::send(std::string_view subject, std::string_view body) {
  if (!subject::is_publishable(subject)) return fail(errc::bus_malformed, "subject");
  if (body.size() > max_message_bytes) return fail(errc::bus_malformed, "body: too large");
  std::vector<subscriber> readers;
  {
    std::lock_guard lock{mutex_};
    if (link_ == link_state::disconnected) return fail(errc::bus_down, "the link is cut");
    if (frozen_ && before_freeze_ == 0) return false;
    if (frozen_) --before_freeze_;
    ++delivered_;
    for (const auto& s : subscriptions_)
      if (subject::matches(s.pattern, subject)) readers.push_back(s.deliver);
  }
  for (const auto& deliver : readers) deliver(std::string{subject}, std::string{body});
  return true;
}

result<void> memory_bus::publish(std::string_view subject, std::string_view body) {
  if (auto sent = send(subject, body); !sent) return tl::unexpected{sent.error()};
  return {};
}

result<void> memory_bus::publish_confirmed(std::span<const outgoing> batch,
                                           std::chrono::milliseconds) {
  bool confirmed = true;
  for (const auto& message : batch) {
    auto sent = send(message.subject, message.body);
    if (!sent) return tl::unexpected{sent.error()};
    confirmed = confirmed && *sent;
  }
  if (!confirmed) return fail(errc::bus_down, "no confirmation");
  return {};
}

result<void> memory_bus::serve_requests(request_handler handler) {
  std::lock_guard lock{mutex_};
  handler_ = std::move(handler);
  return {};
}

void memory_bus::watch_link(link_handler handler) {
  link_state now;
  {
    std::lock_guard lock{mutex_};
    watcher_ = handler;
    now = link_;
  }
  handler(now);
}

link_state memory_bus::link() const {
  std::lock_guard lock{mutex_};
  return link_;
}

void memory_bus::subscribe(std::string pattern, subscriber s) {
  std::lock_guard lock{mutex_};
  subscriptions_.push_back({std::move(pattern), std::move(s)});
}

result<void> memory_bus::ask(std::string_view subject, std::string body,
                             std::function<void(std::string)> on_reply) {
  request_handler handler;
  {
    std::lock_guard lock{mutex_};
    if (link_ == link_state::disconnected) return fail(errc::bus_down, "the link is cut");
    handler = handler_;
  }
  if (!handler || !subject::matches(subject::all_requests, subject))
    return fail(errc::bus_unknown, "nobody answers there");
  dispatch_request(handler, subject, std::move(body), std::move(on_reply));
  return {};
}

void memory_bus::set_link(link_state state) {
  link_handler watcher;
  {
    std::lock_guard lock{mutex_};
    frozen_ = false;
    if (std::exchange(link_, state) == state) return;
    watcher = watcher_;
  }
  if (watcher) watcher(state);
}

void memory_bus::freeze_after(std::size_t count) {
  std::lock_guard lock{mutex_};
  frozen_ = true;
  before_freeze_ = count;
}

std::size_t memory_bus::delivered() const {
  std::lock_guard lock{mutex_};
  return delivered_;
}

}  // namespace vigie::bus
