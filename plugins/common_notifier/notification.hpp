// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vigie/notifier.h>

#include <cstdint>
#include <string>
#include <tl/expected.hpp>

namespace vigie::notifier {

/// Why something was not done; `status` is what the host gets and decides retries by.
struct failure {
  vigie_status_t status = VIGIE_E_INTERNAL;
  std::string text;
};

template <class Value>
using result = tl::expected<Value, failure>;

inline tl::unexpected<failure> fail(vigie_status_t status, std::string text) {
  return tl::unexpected{failure{status, std::move(text)}};
}

/// One approved notification, its texts cleaned: valid UTF-8 without control characters.
struct notification {
  std::int32_t status = 0;  ///< VIGIE_NOTIFY_…
  std::string key;          ///< as the host wrote it
  std::string recipient;
  std::string incident;
  std::string event;
  std::string headline;
  std::string description;
  std::string instruction;
  std::string commune_insee;
  std::string place;
  std::string camera;
  bool has_human_verdict = false;  ///< somebody is named as the verdict's author; never who
  std::int64_t at_utc_us = 0;
  std::int32_t priority = 0;
  std::int32_t latitude_microdeg = 0;
  std::int32_t longitude_microdeg = 0;

  bool is_actual() const { return status == VIGIE_NOTIFY_ACTUAL; }
  bool has_position() const { return latitude_microdeg != 0 || longitude_microdeg != 0; }
};

/// What became of a notification that was taken.
struct outcome {
  std::int32_t kind = VIGIE_DELIVERY_DELIVERED;  ///< VIGIE_DELIVERY_…
  std::string reference;                         ///< the recipient's own number, may be empty
  std::string text;
};

}  // namespace vigie::notifier
