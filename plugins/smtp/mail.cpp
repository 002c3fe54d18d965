// SPDX-License-Identifier: Apache-2.0
#include "smtp/mail.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "common_notifier/french.hpp"

namespace vigie::smtp {

namespace {

constexpr std::array day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool is_plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto byte = [&](std::size_t i) {
      return at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0u;
    };
    const unsigned group = byte(0) << 16 | byte(1) << 8 | byte(2);
    for (std::size_t i = 0; i < 4; ++i)
      text += at + i <= bytes.size() ? letters[group >> (18 - 6 * i) & 63u] : '=';
  }
  return text;
}

void add_line(std::string& body, std::string_view label, std::string_view text) {
  if (!text.empty()) body += fmt::format("{} : {}\n", label, text);
}

std::string write_body(const letterhead& head, const notifier::notification& n) {
  const std::string_view mark = notifier::mark_of(n);
  std::string body;
  if (!mark.empty()) body += fmt::format("*** {} : ceci n'est pas une alerte réelle ***\n\n", mark);
  body +=
      "Bonjour,\n\nLe centre de supervision vous signale un fait constaté par un opérateur.\n\n";
  add_line(body, "Nature", notifier::event_in_french(n.event));
  add_line(body, "Lieu", n.place);
  add_line(body, "Commune (INSEE)", n.commune_insee);
  add_line(body, "Caméra", n.camera);
  add_line(body, "Constaté", date_in_french(notifier::civil_in(head.zone, n.at_utc_us)));
  add_line(body, "En bref", n.headline);
  add_line(body, "Détail", n.description);
  add_line(body, "Consigne", n.instruction);
  add_line(body, "Incident", n.incident);
  body +=
      "\nCe message ne contient aucune image et ne nomme personne. Les images se demandent au "
      "centre, sous l'incident cité.\n";
  return body;
}

std::string subject_of(const notifier::notification& n) {
  const std::string_view mark = notifier::mark_of(n);
  const std::string event = notifier::event_in_french(n.event);
  return fmt::format("{}{}{}", mark.empty() ? "" : fmt::format("[{}] ", mark), event,
                     n.place.empty() ? "" : fmt::format(" - {}", n.place));
}

}  // namespace

bool is_address(std::string_view text) {
  const std::size_t at = text.find('@');
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+-/=?^_`{|}~@";
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() && at == text.rfind('@') &&
         text.size() <= 254 && text.find_first_not_of(allowed) == std::string_view::npos;
}

std::string encode_words(std::string_view text) {
  // "=?UTF-8?B?" and "?=" around 39 bytes make 64 characters: a line of 76 has room for the name
  // of the header too (RFC 2047 §2).
  constexpr std::size_t word_bytes = 39;
  if (is_plain_ascii(text) && text.size() <= 60 && text.find("=?") == text.npos)
    return std::string{text};
  std::string encoded;
  while (!text.empty()) {
    std::size_t length = std::min(text.size(), word_bytes);
    while (length < text.size() && length > 1 && (text[length] & 0xC0) == 0x80) --length;
    encoded += fmt::format("{}=?UTF-8?B?{}?=", encoded.empty() ? "" : "\r\n ",
                           base64(text.substr(0, length)));
    text.remove_prefix(length);
  }
  return encoded;
}

std::string quoted_printable(std::string_view text) {
  constexpr std::size_t longest_line = 76;
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      out += "\r\n";
      column = 0;
      continue;
    }
    const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n';
    // A blank at the end of a line and a dot at its start do not survive every relay.
    const bool is_plain = c > 0x20 && c < 0x7F && c != '=' && !(c == '.' && column == 0);
    const std::string piece = is_plain || (c == ' ' && !ends_line)
                                  ? std::string(1, c)
                                  : fmt::format("={:02X}", static_cast<unsigned char>(c));
    if (column + piece.size() > longest_line - 1) {
      out += "=\r\n";
      column = 0;
    }
    out += piece;
    column += piece.size();
  }
  return out;
}

std::string mail_date(const notifier::civil_time& t) {
  const int offset = std::abs(t.offset_minutes);
  return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} {}{:02}{:02}", day_names[t.weekday], t.day,
                     month_names[t.month - 1], t.year, t.hour, t.minute, t.second,
                     t.offset_minutes < 0 ? '-' : '+', offset / 60, offset % 60);
}

std::string message_id(const letterhead& head, std::string_view key) {
  return fmt::format("<{}@{}>", notifier::encode_key(key),
                     head.from.substr(head.from.find('@') + 1));
}

std::string write_mail(const letterhead& head, const std::vector<std::string>& to,
                       const notifier::notification& n) {
  std::string mail;
  const auto header = [&](std::string_view name, std::string_view value) {
    mail += fmt::format("{}: {}\r\n", name, value);
  };
  header("Date", mail_date(notifier::civil_in(head.zone, n.at_utc_us)));
  header("From", head.from_name.empty()
                     ? head.from
                     : fmt::format("{}\r\n <{}>", encode_words(head.from_name), head.from));
  header("To", fmt::format("{}", fmt::join(to, ",\r\n ")));
  header("Subject", encode_words(subject_of(n)));
  header("Message-ID", message_id(head, n.key));
  header("MIME-Version", "1.0");
  header("Content-Type", "text/plain; charset=utf-8");
  header("Content-Transfer-Encoding", "quoted-printable");
  header("Content-Language", "fr");
  header("Auto-Submitted", "auto-generated");
  if (!n.is_actual())
    header("X-Vigie-Status", n.status == VIGIE_NOTIFY_EXERCISE ? "Exercise" : "Test");
  return mail + "\r\n" + quoted_printable(write_body(head, n));
}

vigie_status_t judge_smtp_status(long status, vigie_status_t otherwise) {
  if (status == 530 || status == 534 || status == 535 || status == 538) return VIGIE_E_AUTH;
  if (status >= 500 && status < 600) return VIGIE_E_UNSUPPORTED;
  if (status >= 400 && status < 500) return VIGIE_E_IO;
  return otherwise;
}

std::string queue_number(std::string_view reply) {
  constexpr std::string_view words = "queued as ";
  const std::size_t found = reply.rfind(words);
  if (found == std::string_view::npos) return {};
  const std::string_view rest = reply.substr(found + words.size());
  return notifier::clean_text(
      rest.substr(0, std::min<std::size_t>(rest.find_first_of(" \r\n"), 100)));
}

}  // namespace vigie::smtp
