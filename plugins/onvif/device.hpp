// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "answers.hpp"
#include "requests.hpp"
#include "soap.hpp"
#include "transport.hpp"

namespace vigie::onvif {

struct device_options {
  std::uint64_t handle = 0;
  std::string id;       ///< for log lines
  std::string address;  ///< of the device service, see device_service()
  account who;
  std::string profile;               ///< token; empty: chosen
  bool follow_foreign_host = false;  ///< believe addresses on other hosts that the device tells
  bool wants_events = true;
  std::chrono::milliseconds timeout{5000};  ///< of one question
};

/// What is known of one attached device, and how to ask it. Everything but `options` may change
/// with each answer. Thread-safe.
class device : public std::enable_shared_from_this<device> {
 public:
  device(device_options options, transport& via) : options_{std::move(options)}, transport_{via} {}

  using on_message = std::function<void(outcome<message>)>;
  using on_services = std::function<void(outcome<services>)>;

  const device_options& options() const { return options_; }
  transport& via() const { return transport_; }

  /// How one question differs from the plain ones.
  struct manner {
    std::string headers;  ///< more SOAP headers
    bool is_anonymous = false;
    bool is_poll = false;
    std::chrono::milliseconds timeout{0};  ///< 0: the device's
  };

  /// Asks at `url`, authenticated; `done` on the transport's thread. [any-thread]
  void ask(const std::string& url, const request& what, const manner& how, on_message done);
  /// The clock, then the services, unless both are known; then `done`, possibly at once.
  /// [any-thread]
  void prepare(on_services done);
  /// Forgets clock and services: after a refusal, a reboot. [any-thread]
  void forget();

  /// prepare() and ask() in one, waiting. A refusal with a clock that had moved in between is asked
  /// once more. Errors also: VIGIE_E_UNSUPPORTED when the device has no such service. [worker]
  outcome<message> ask_service(std::string services::*which, const request& what);
  outcome<message> ask_device_service(const request& what);
  /// Services, waiting. [worker]
  outcome<services> known_services();
  /// The camera's profile by Media2 or Media, asked once. [worker]
  outcome<profile> chosen_profile();

  /// The device's UTC, measured now. [worker]
  outcome<vigie_utc_us_t> measure_clock();
  /// Device's clock minus ours, µs; 0 until measured.
  std::int64_t clock_offset_us() const;

 private:
  void measure_clock(std::function<void(outcome<vigie_utc_us_t>)> done);
  outcome<message> ask_waiting(const std::string& url, const request& what);
  outcome<message> ask_again_if_clock_moved(const std::string& url, const request& what);
  outcome<services> rebased(services told) const;

  const device_options options_;
  transport& transport_;
  mutable std::mutex mutex_;
  std::optional<services> services_;
  std::optional<std::int64_t> clock_offset_us_;
  std::optional<profile> profile_;
  bool use_digest_ = false;
};

/// µs since 1970 by our own clock.
vigie_utc_us_t now_utc_us();

}  // namespace vigie::onvif
