// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "recipients/smtp_dialogue.hpp"

namespace vigie::simulators {

/// The file of `vigie-sim recipients --config`. A recipient without `listen` is not there.
struct recipients_options {
  std::string control = "127.0.0.1:8655";
  std::string certificate_file;  ///< of the simulated systems, PEM
  std::string key_file;
  std::string client_ca_file;  ///< who may speak to the CAP endpoint: mutual TLS
  std::string cap_listen;
  std::string cap_sender = "recipient.invalid";
  std::string webhook_listen;
  std::string webhook_secret;
  std::int64_t webhook_window_s = 300;
  std::string smtp_listen;
  bool smtp_is_tls_from_the_start = false;
  smtp_rules smtp;
};

/// Errors: config_invalid with the line.
result<recipients_options> parse_recipients(std::string_view toml);
/// Errors: not_found, config_invalid.
result<recipients_options> load_recipients(const std::string& file);

}  // namespace vigie::simulators
