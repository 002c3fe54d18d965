// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vigie::simulators {

/// The header lines a signed webhook comes with, as they stand.
struct webhook_headers {
  std::string idempotency_key;
  std::string timestamp;
  std::string signature;
};

/// Why a request is not believed: no or wrong signature (HMAC-SHA256 over "<timestamp>.<body>"),
/// a time more than `window_s` away, a key that is not the signed body's. Empty: believed.
std::string judge_webhook(const webhook_headers& headers, std::string_view body,
                          std::string_view secret, std::int64_t now_s, std::int64_t window_s);

}  // namespace vigie::simulators
