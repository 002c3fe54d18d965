// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "recipients/smtp_dialogue.hpp"

namespace vigie::simulators {

enum class desk_kind : unsigned char { cap = 1, webhook, smtp };

/// One recipient's system.
struct desk_options {
  std::string name;  ///< "corg-60"; "cap", "webhook" or "smtp" where there is one of each
  desk_kind kind = desk_kind::cap;
  std::string listen;
  std::string sender = "recipient.invalid";  ///< of CAP answers
  std::string secret;                        ///< of webhook signatures
  std::int64_t window_s = 300;
  bool is_tls_from_the_start = false;
  smtp_rules smtp;
};

/// The file of `vigie-sim recipients --config`: tables [cap], [webhook] and [smtp], or any number
/// of [[desk]] that say their name and kind.
struct recipients_options {
  std::string control = "127.0.0.1:8655";
  std::string certificate_file;  ///< of the simulated systems, PEM
  std::string key_file;
  std::string client_ca_file;  ///< who may speak to CAP endpoints: mutual TLS
  std::vector<desk_options> desks;
};

/// Errors: config_invalid with the line.
result<recipients_options> parse_recipients(std::string_view toml);
/// Errors: not_found, config_invalid.
result<recipients_options> load_recipients(const std::string& file);

}  // namespace vigie::simulators
