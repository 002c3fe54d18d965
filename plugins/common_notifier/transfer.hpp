// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "common_notifier/config.hpp"
#include "common_notifier/notification.hpp"

namespace vigie::notifier {

/// One recipient's network end, as configured.
struct endpoint {
  std::string url;
  /// Numeric address to connect to instead of looking the name up: a sandboxed plugin has no
  /// resolver. The certificate is still checked against the URL's name.
  std::string address;
  std::string ca_pem;           ///< trusted issuers; empty: the system's
  std::string certificate_pem;  ///< our own, for mutual TLS
  std::string key_pem;
  std::chrono::milliseconds timeout{0};
};

/// Reads url, address, ca, certificate, key (each also `_file`) and timeout_ms. `schemes` are
/// the accepted beginnings ("https://"). A URL with credentials in it is refused.
endpoint read_endpoint(config_reader& config, std::initializer_list<std::string_view> schemes,
                       bool needs_certificate);

/// Keys that `read_endpoint` knows, to be listed by its callers.
#define VIGIE_ENDPOINT_KEYS                                                                \
  "url", "address", "ca", "ca_file", "certificate", "certificate_file", "key", "key_file", \
      "timeout_ms"

/// What a network library's error means to the host. `code` is a CURLcode; `detail` its text.
/// Refused or unverifiable certificates and refused credentials: VIGIE_E_AUTH. Too late:
/// VIGIE_E_TIMEOUT. No encryption offered: VIGIE_E_UNSUPPORTED. All else: VIGIE_E_IO.
failure failure_of_transfer(int code, std::string_view detail);

}  // namespace vigie::notifier
