// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>

#include "failure.hpp"
#include "security.hpp"

namespace vigie::onvif {

/// One POST to a device.
struct http_request {
  std::string url;
  std::string action;  ///< URI, for the Content-Type
  std::string body;
  std::chrono::milliseconds timeout{5000};  ///< from connecting to the last byte
  account who;                              ///< for HTTP digest, should the device ask for it
  bool use_digest = false;                  ///< it is known to ask
  std::uint64_t poll_of = 0;  ///< not 0: a long poll of that camera, see transport::cancel_polls
};

struct http_answer {
  int status = 0;
  std::string body;          ///< at most 1 MiB
  bool used_digest = false;  ///< the device asked for HTTP digest
};

/// All conversations of one plugin instance, on one thread with one curl_multi handle. Long polls
/// have places of their own, so that they can never use up the descriptors that calls need.
class transport {
 public:
  using on_answer = std::function<void(outcome<http_answer>)>;

  /// Starts the thread. `poll_places`: how many long polls may be open at once, the others wait.
  explicit transport(unsigned poll_places);
  /// Gives calls half a second to finish, then joins; every callback was called by then, those of
  /// cancelled polls excepted.
  ~transport();
  transport(const transport&) = delete;
  transport& operator=(const transport&) = delete;

  /// Asks; `done` is called on the transport's thread. Errors: VIGIE_E_TIMEOUT, VIGIE_E_IO,
  /// VIGIE_E_STATE (stopping). [any-thread]
  void ask(http_request request, on_answer done);
  /// Runs something on the transport's thread, then or after a while; not at all when it stops
  /// first. [any-thread]
  void after(std::chrono::milliseconds delay, std::function<void()> what);
  /// Drops the polls of that camera without calling back. [any-thread]
  void cancel_polls(std::uint64_t camera);
  /// Polls that wait for a place: the others should be short then. [any-thread]
  bool has_waiting_polls() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// As many long polls as the process's descriptors leave room for.
unsigned poll_places_of_this_process();

/// Waits for something that is told by callback. `start` gets the callback. Must not be called on
/// the transport's thread. [worker]
template <class T, class Start>
outcome<T> await(Start start) {
  auto promised = std::make_shared<std::promise<outcome<T>>>();
  auto future = promised->get_future();
  start([promised](outcome<T> told) { promised->set_value(std::move(told)); });
  return future.get();
}

}  // namespace vigie::onvif
