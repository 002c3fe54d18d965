// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vigie/cpp/plugin.hpp"

#pragma GCC visibility push(hidden)
namespace vigie::sdk {

enum class notification_status : int32_t {
  actual = VIGIE_NOTIFY_ACTUAL,
  exercise = VIGIE_NOTIFY_EXERCISE,
  test = VIGIE_NOTIFY_TEST,
};

/// An approved notification; its strings are valid during deliver. See vigie_notification_t.
struct notification {
  notification_status status = notification_status::test;
  std::string_view key;
  std::string_view recipient;
  std::string_view incident;
  std::string_view event;
  std::string_view headline;
  std::string_view description;
  std::string_view instruction;
  std::string_view commune_insee;
  std::string_view place;
  std::string_view camera;
  std::string_view operator_id;
  utc_time at{};
  int32_t priority = 0;
  int32_t latitude_microdeg = 0;
  int32_t longitude_microdeg = 0;
  uint32_t attempt = 0;
};

enum class outcome : int32_t {
  delivered = VIGIE_DELIVERY_DELIVERED,
  acknowledged = VIGIE_DELIVERY_ACKNOWLEDGED,
  failed = VIGIE_DELIVERY_FAILED,
  needs_human = VIGIE_DELIVERY_NEEDS_HUMAN,
};

struct delivery_report {
  sdk::outcome outcome = sdk::outcome::failed;
  std::string_view key;
  std::string_view recipient;
  std::string_view reference{};
  std::string_view text{};
  utc_time at{};  ///< now, when it is not set
};

/// A channel to a recipient of alerts.
class notifier_plugin : public plugin {
 public:
  /// Hands it over; returning means taken, and report() tells the outcome, now or later. A
  /// failure with auth or unsupported is not tried again this way. [worker & started]
  virtual void deliver(const notification& notification) = 0;
  /// Returns when the path to the recipient is usable, throws when it is not. No effect there.
  /// [worker & started]
  virtual void probe(std::string_view /*recipient*/) {}

 protected:
  /// [any-thread]
  status report(const delivery_report& report) const noexcept {
    const auto delivery = functions<vigie_delivery_t>(VIGIE_EXT_DELIVERY);
    if (delivery.report == nullptr) return missing();
    vigie_delivery_report_t out{};
    out.size = sizeof(out);
    out.outcome = static_cast<int32_t>(report.outcome);
    out.key = detail::str(report.key);
    out.recipient = detail::str(report.recipient);
    out.reference = detail::str(report.reference);
    out.text = detail::str(report.text);
    out.at_utc_us = detail::to_us_or_now(report.at);
    return static_cast<status>(delivery.report(host(), &out));
  }
};

namespace detail {

inline notification notification_of(const vigie_notification_t* raw) {
  const auto from = read(raw);
  notification to;
  to.status = static_cast<notification_status>(from.status);
  to.key = view(from.key);
  to.recipient = view(from.recipient);
  to.incident = view(from.incident);
  to.event = view(from.event);
  to.headline = view(from.headline);
  to.description = view(from.description);
  to.instruction = view(from.instruction);
  to.commune_insee = view(from.commune_insee);
  to.place = view(from.place);
  to.camera = view(from.camera);
  to.operator_id = view(from.operator_id);
  to.at = from_us(from.at_utc_us);
  to.priority = from.priority;
  to.latitude_microdeg = from.latitude_microdeg;
  to.longitude_microdeg = from.longitude_microdeg;
  to.attempt = from.attempt;
  return to;
}

}  // namespace detail
}  // namespace vigie::sdk
#pragma GCC visibility pop
