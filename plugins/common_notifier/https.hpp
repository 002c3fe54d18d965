// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "common_notifier/transfer.hpp"

namespace vigie::notifier {

struct http_answer {
  long status = 0;
  std::string body;  ///< cut at 64 KiB
};

/// One POST over a fresh TLS connection. Redirects are not followed: an alert goes where the
/// configuration says or nowhere. Blocks at most the endpoint's timeout. Errors: of the transfer.
result<http_answer> https_post(const endpoint& to, const std::vector<std::string>& headers,
                               const std::string& body);

/// Connects and shakes hands, then hangs up. Errors: of the transfer.
result<void> https_probe(const endpoint& to);

/// What a status means to the host: 2xx fine; 401 and 403 VIGIE_E_AUTH; 408, 425, 429 and 5xx
/// VIGIE_E_IO, worth another try; every other one VIGIE_E_UNSUPPORTED (RFC 9110 §15).
result<void> judge_http_status(long status);

}  // namespace vigie::notifier
