// SPDX-License-Identifier: Apache-2.0
#include "bus/request_dispatch.hpp"

#include <fmt/format.h>

#include <atomic>
#include <exception>
#include <memory>

#include "base/log.hpp"
#include "bus/codec.hpp"

namespace vigie::bus {
namespace {

/// The one answer a request gets.
class pending_reply {
 public:
  pending_reply(std::function<void(std::string)> send, std::optional<std::string> correlation)
      : send_{std::move(send)}, correlation_{std::move(correlation)} {}
  pending_reply(const pending_reply&) = delete;
  pending_reply& operator=(const pending_reply&) = delete;
  ~pending_reply() {
    if (!answered_) refuse({errc::internal, "the request was left unanswered"});
  }

  void answer(std::string body) {
    if (!answered_.exchange(true)) send_(std::move(body));
  }
  void refuse(const error& e) { answer(encode(to_error_reply(correlation_, e))); }

 private:
  std::function<void(std::string)> send_;
  std::optional<std::string> correlation_;
  std::atomic<bool> answered_ = false;
};

}  // namespace

void dispatch_request(const request_handler& handler, std::string_view subject, std::string body,
                      std::function<void(std::string)> send) {
  const auto pending = std::make_shared<pending_reply>(std::move(send), correlation_of(body));
  if (body.size() > max_body_bytes)
    return pending->refuse({errc::bus_malformed, fmt::format("body: {} bytes, at most {}",
                                                             body.size(), max_body_bytes)});
  const auto address = parse_request_subject(subject);
  if (!address) return pending->refuse(address.error());
  try {
    handler(*address, std::move(body),
            [pending](std::string reply) { pending->answer(std::move(reply)); });
  } catch (const std::exception& e) {
    log::error("bus: the handler of {}.{} threw: {}", address->service, address->verb, e.what());
    pending->refuse({errc::internal, "the request could not be handled"});
  }
}

}  // namespace vigie::bus
