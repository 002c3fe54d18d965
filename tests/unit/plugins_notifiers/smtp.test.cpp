// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <sstream>

#include "recipients/smtp_dialogue.hpp"
#include "sample.hpp"
#include "smtp/mail.hpp"

using namespace vigie;
using vigie::test::sample;

namespace {
const smtp::letterhead head{"alertes@csu.example", "CSU de démonstration", {}};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// The text of a mail, read back by RFC 2045 §6.7.
std::string decoded(const std::string& mail) {
  const std::string text = mail.substr(mail.find("\r\n\r\n") + 4);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') continue;
    if (text[i] != '=') {
      out += text[i];
    } else if (text[i + 1] == '\r') {
      i += 2;
    } else {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    }
  }
  return out;
}
}  // namespace

TEST_CASE("mail: headers, status and date") {
  const std::string mail = smtp::write_mail(head, {"maire@ville.example"}, sample());
  CHECK(has(mail, "Date: Sat, 21 Nov 2026 18:14:00 +0100\r\n"));
  CHECK(has(mail, "To: maire@ville.example\r\n"));
  CHECK(has(mail, "Message-ID: <inc-42%2Fcorg-95@csu.example>\r\n"));
  CHECK(has(mail, "Content-Type: text/plain; charset=utf-8\r\n"));
  CHECK_FALSE(has(mail, "X-Vigie-Status"));
  CHECK_FALSE(has(mail, "multipart"));
  CHECK_FALSE(has(mail, "op-7"));
  CHECK(has(decoded(mail), "Nature : Intrusion\n"));
  CHECK(has(decoded(mail), "Constaté : samedi 21 novembre 2026 à 18 h 14\n"));
}

TEST_CASE("mail: what is simulated says so in subject, header and text") {
  auto n = sample();
  n.status = VIGIE_NOTIFY_EXERCISE;
  n.place = "Gymnase";
  const std::string mail = smtp::write_mail(head, {"a@b.example"}, n);
  CHECK(has(mail, "Subject: [EXERCICE] Intrusion - Gymnase\r\n"));
  CHECK(has(mail, "X-Vigie-Status: Exercise\r\n"));
  CHECK(has(decoded(mail), "*** EXERCICE : ceci n'est pas une alerte réelle ***"));
}

TEST_CASE("mail: lines are short, ASCII, and end with CRLF, whatever the texts") {
  std::mt19937 random{5};
  for (int round = 0; round < 300; ++round) {
    auto n = sample();
    std::string bytes(random() % 300, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    n.headline = n.description = n.place = notifier::clean_text(bytes);
    const std::string mail = smtp::write_mail(head, {"a@b.example", "c@d.example"}, n);
    std::size_t at = 0;
    while (at < mail.size()) {
      const std::size_t end = mail.find("\r\n", at);
      REQUIRE(end != std::string::npos);
      CHECK(end - at <= 78);
      CHECK(std::all_of(mail.begin() + static_cast<std::ptrdiff_t>(at),
                        mail.begin() + static_cast<std::ptrdiff_t>(end),
                        [](char c) { return c >= 0x20 && c < 0x7F; }));
      at = end + 2;
    }
    CHECK(has(decoded(mail), "Détail : " + n.description + (n.description.empty() ? "" : "\n")) !=
          n.description.empty());
  }
}

TEST_CASE("mail: encoded words keep characters whole") {
  CHECK(smtp::encode_words("Intrusion") == "Intrusion");
  CHECK(smtp::encode_words("é") == "=?UTF-8?B?w6k=?=");
  const std::string encoded = smtp::encode_words(std::string(38, 'a') + "éééé");
  CHECK(encoded.find("\r\n ") != std::string::npos);
  // 38 bytes, then the character that would be cut begins the next word.
  CHECK(encoded.ends_with("=?UTF-8?B?w6nDqcOpw6k=?="));
}

TEST_CASE("mail: addresses that could carry a header are refused") {
  CHECK(smtp::is_address("a.b+c@d-e.example"));
  for (const char* wrong :
       {"", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\r\nBcc: x", "<a@b>", "\"a\"@b", "a,b@c", "é@b"})
    CHECK_FALSE(smtp::is_address(wrong));
}

TEST_CASE("mail: what an SMTP status means to the host") {
  CHECK(smtp::judge_smtp_status(535, VIGIE_E_IO) == VIGIE_E_AUTH);
  CHECK(smtp::judge_smtp_status(530, VIGIE_E_IO) == VIGIE_E_AUTH);
  CHECK(smtp::judge_smtp_status(550, VIGIE_E_IO) == VIGIE_E_UNSUPPORTED);
  CHECK(smtp::judge_smtp_status(554, VIGIE_E_IO) == VIGIE_E_UNSUPPORTED);
  CHECK(smtp::judge_smtp_status(421, VIGIE_E_IO) == VIGIE_E_IO);
  CHECK(smtp::judge_smtp_status(451, VIGIE_E_UNSUPPORTED) == VIGIE_E_IO);
  CHECK(smtp::judge_smtp_status(0, VIGIE_E_IO) == VIGIE_E_IO);
  CHECK(smtp::judge_smtp_status(354, VIGIE_E_IO) == VIGIE_E_IO);
}

TEST_CASE("mail: the relay's number is read from its last words") {
  CHECK(smtp::queue_number("250 2.0.0 Ok: queued as 4F1A\r\n") == "4F1A");
  CHECK(smtp::queue_number("250 ok\r\n").empty());
}

TEST_CASE("simulated relay: a mail goes over TLS only, after a log-in") {
  using next = simulators::smtp_dialogue::next;
  simulators::smtp_dialogue talk{{true, "u", "p"}, false};
  CHECK(talk.on_line("EHLO x").reply.find("STARTTLS") != std::string::npos);
  CHECK(talk.on_line("MAIL FROM:<a@b>").reply.starts_with("530"));
  CHECK(talk.on_line("AUTH PLAIN AHUAcA==").reply.starts_with("538"));
  CHECK(talk.on_line("STARTTLS").then == next::start_tls);
  talk.on_encrypted();
  CHECK(talk.on_line("MAIL FROM:<a@b>").reply.starts_with("530"));
  CHECK(talk.on_line("AUTH PLAIN AHUAeA==").reply.starts_with("535"));
  CHECK(talk.on_line("AUTH PLAIN").reply.starts_with("334"));
  CHECK(talk.on_line("AHUAcA==").reply.starts_with("235"));
  CHECK(talk.on_line("DATA").reply.starts_with("503"));
  CHECK(talk.on_line("MAIL FROM:<a@b>").reply.starts_with("250"));
  CHECK(talk.on_line("RCPT TO:<c@d>").reply.starts_with("250"));
  CHECK(talk.on_line("DATA").reply.starts_with("354"));
  talk.on_line("Message-ID: <1");
  talk.on_line(" @x>");
  talk.on_line("");
  talk.on_line("..dot");
  CHECK(talk.on_line(".").then == next::mail_complete);
  CHECK(talk.header("message-id") == "<1 @x>");
  CHECK(talk.mail().ends_with("\r\n.dot\r\n"));
}
