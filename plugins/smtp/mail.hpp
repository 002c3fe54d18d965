// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common_notifier/notification.hpp"
#include "common_notifier/text.hpp"

namespace vigie::smtp {

struct letterhead {
  std::string from;       ///< address: "alertes@csu.example"
  std::string from_name;  ///< "CSU de démonstration"
  notifier::time_zone zone;
};

/// True for a plain ASCII address "local@domain" without quotes, blanks or control characters.
bool is_address(std::string_view text);

/// RFC 2047: as it is when ASCII, else UTF-8 words in base64, none longer than 75 characters, none
/// cutting a character in two; folded.
std::string encode_words(std::string_view text);

/// RFC 2045 §6.7: UTF-8 text as lines of 76 characters at most, ended by CRLF.
std::string quoted_printable(std::string_view text);

/// "Sat, 21 Nov 2026 18:14:00 +0100" (RFC 5322 §3.3).
std::string mail_date(const notifier::civil_time& time);

/// "<key@domain-of-from>": the same for every attempt.
std::string message_id(const letterhead& head, std::string_view key);

/// The whole message with CRLF lines, in plain French: no picture, no attachment, no name of any
/// person. A function of its arguments: every attempt is the same message.
std::string write_mail(const letterhead& head, const std::vector<std::string>& to,
                       const notifier::notification& n);

/// What a status of the SMTP dialogue that failed means to the host: 530, 534, 535 and 538
/// VIGIE_E_AUTH; other 5xx VIGIE_E_UNSUPPORTED; 4xx VIGIE_E_IO (RFC 5321 §4.2.1, RFC 4954 §6).
/// Without a status `otherwise` stays.
vigie_status_t judge_smtp_status(long status, vigie_status_t otherwise);

/// The relay's own number in its last words: "250 2.0.0 Ok: queued as 4F1A" → "4F1A".
std::string queue_number(std::string_view reply);

}  // namespace vigie::smtp
