// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common_notifier/notification.hpp"

namespace vigie::webhook {

/// The JSON body: a function of the notification alone, so that every attempt sends the same bytes.
/// It never names the operator.
std::string write_body(const notifier::notification& n);

/// Lower-case hexadecimal HMAC-SHA256 (RFC 2104) of "<timestamp>.<body>" under the shared secret.
/// The timestamp is inside, so that a recorded request cannot be replayed past the recipient's
/// window; the body holds the key, so that it cannot be replayed within.
std::string sign(std::string_view secret, std::int64_t timestamp_s, std::string_view body);

/// The request's header lines: Content-Type, Idempotency-Key, Vigie-Timestamp (Unix seconds of this
/// attempt), Vigie-Signature ("v1=…") and, when secrets rotate, Vigie-Key-Id.
std::vector<std::string> write_headers(std::string_view key, std::string_view secret,
                                       std::string_view key_id, std::int64_t timestamp_s,
                                       std::string_view body);

/// Reads the answer. 2xx and 409 (already taken under this key): delivered, or acknowledged when
/// the JSON body says {"acknowledged": true}; "reference" is kept. Errors: of judge_http_status.
notifier::result<notifier::outcome> read_answer(long status, std::string_view body);

}  // namespace vigie::webhook
