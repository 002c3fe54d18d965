// SPDX-License-Identifier: Apache-2.0
#include "recipients/smtp_dialogue.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cctype>

namespace vigie::simulators {

namespace {

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string base64(const std::string& bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

smtp_dialogue::turn say(const char* text) {
  return {std::string{text} + "\r\n", smtp_dialogue::next::go_on};
}

}  // namespace

void smtp_dialogue::reset() {
  is_reading_mail_ = false;
  from_.clear();
  to_.clear();
  mail_.clear();
}

smtp_dialogue::turn smtp_dialogue::on_line(std::string_view line) {
  if (is_awaiting_answer_) return log_in(line);
  if (!is_reading_mail_) return on_command(line);
  if (line == ".") {
    is_reading_mail_ = false;
    return {{}, next::mail_complete};
  }
  if (line.starts_with('.')) line.remove_prefix(1);
  mail_.append(line).append("\r\n");
  return {};
}

smtp_dialogue::turn smtp_dialogue::on_command(std::string_view line) {
  const std::string word = lower(line.substr(0, 4));
  if (word == "ehlo") {
    const bool may_encrypt = !is_encrypted_ && rules_.offers_starttls;
    const bool may_log_in = is_encrypted_ && !rules_.username.empty();
    return {std::string{"250-simulated relay\r\n"} + (may_encrypt ? "250-STARTTLS\r\n" : "") +
                (may_log_in ? "250-AUTH PLAIN\r\n" : "") + "250 8BITMIME\r\n",
            next::go_on};
  }
  if (word == "helo" || word == "noop") return say("250 ok");
  if (word == "rset") {
    reset();
    return say("250 ok");
  }
  if (word == "quit") return {"221 bye\r\n", next::hang_up};
  if (word == "star" && !is_encrypted_ && rules_.offers_starttls)
    return {"220 go ahead\r\n", next::start_tls};
  if (word == "auth") {
    constexpr std::string_view plain = "auth plain";
    if (!is_encrypted_) return say("538 encryption first");
    if (!lower(line).starts_with(plain)) return say("504 only AUTH PLAIN");
    is_awaiting_answer_ = line.size() == plain.size();
    return is_awaiting_answer_ ? say("334 ") : log_in(line.substr(plain.size() + 1));
  }
  if (!is_encrypted_) return say("530 must issue STARTTLS first");
  if (!rules_.username.empty() && !is_logged_in_) return say("530 log in first");
  if (word == "mail") {
    reset();
    from_ = line;
    return say("250 ok");
  }
  if (word == "rcpt" && !from_.empty()) {
    to_.emplace_back(line);
    return say("250 ok");
  }
  if (word == "data" && !to_.empty()) {
    is_reading_mail_ = true;
    return say("354 go on, end with a dot");
  }
  return say("503 not now");
}

smtp_dialogue::turn smtp_dialogue::log_in(std::string_view answer) {
  is_awaiting_answer_ = false;
  is_logged_in_ = answer == base64(std::string(1, '\0') + rules_.username + std::string(1, '\0') +
                                   rules_.password);
  return say(is_logged_in_ ? "235 welcome" : "535 wrong user or password");
}

std::string smtp_dialogue::header(std::string_view name) const {
  const std::string head = "\r\n" + mail_.substr(0, mail_.find("\r\n\r\n")) + "\r\n";
  const std::string wanted = "\r\n" + lower(name) + ":";
  const std::size_t found = lower(head).find(wanted);
  if (found == std::string::npos) return {};
  std::string value;
  std::size_t at = found + wanted.size();
  while (true) {
    const std::size_t end = head.find("\r\n", at);
    value += head.substr(at, end - at);
    at = end + 2;
    if (at >= head.size() || (head[at] != ' ' && head[at] != '\t')) break;
  }
  return value.substr(std::min(value.find_first_not_of(' '), value.size()));
}

}  // namespace vigie::simulators
