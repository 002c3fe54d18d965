// SPDX-License-Identifier: Apache-2.0
#include "common_notifier/https.hpp"

#include <fmt/format.h>

#include "common_notifier/curl_internal.hpp"

namespace vigie::notifier {

result<http_answer> https_post(const endpoint& to, const std::vector<std::string>& headers,
                               const std::string& body) {
  curl_transfer transfer{to};
  std::vector<std::string> lines = headers;
  lines.emplace_back("Expect:");  // no waiting for 100 Continue
  transfer.use_list(CURLOPT_HTTPHEADER, lines);
  transfer.set(CURLOPT_PROTOCOLS_STR, "https");
  transfer.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  transfer.set(CURLOPT_POST, 1L);
  transfer.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  transfer.set(CURLOPT_POSTFIELDS, body.data());
  transfer.set(CURLOPT_USERAGENT, "vigie");
  if (const result<void> ran = transfer.run(); !ran) return tl::unexpected{ran.error()};
  return http_answer{transfer.peer_status(), transfer.answer()};
}

result<void> https_probe(const endpoint& to) {
  curl_transfer transfer{to};
  transfer.set(CURLOPT_PROTOCOLS_STR, "https");
  transfer.set(CURLOPT_CONNECT_ONLY, 1L);
  return transfer.run();
}

result<void> judge_http_status(long status) {
  if (status >= 200 && status < 300) return {};
  const std::string text = fmt::format("the recipient answered HTTP {}", status);
  if (status == 401 || status == 403) return fail(VIGIE_E_AUTH, text);
  const bool is_passing = status == 408 || status == 425 || status == 429 || status >= 500;
  return fail(is_passing ? VIGIE_E_IO : VIGIE_E_UNSUPPORTED, text);
}

}  // namespace vigie::notifier
