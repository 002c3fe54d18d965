// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vigie::simulators {

struct smtp_rules {
  bool offers_starttls = true;
  std::string username;  ///< empty: nobody has to log in
  std::string password;
};

/// The server's side of one SMTP conversation, line by line (RFC 5321, 3207, 4954: AUTH PLAIN).
/// Mail is taken over TLS only. Pure: the socket is the caller's.
class smtp_dialogue {
 public:
  enum class next { go_on = 1, start_tls, mail_complete, hang_up };
  struct turn {
    std::string reply;  ///< with CRLF; empty while text is read, and when mail_complete
    next then = next::go_on;
  };

  smtp_dialogue(smtp_rules rules, bool is_encrypted)
      : rules_{std::move(rules)}, is_encrypted_{is_encrypted} {}

  static std::string greeting() { return "220 simulated relay\r\n"; }
  /// One line without its CRLF. After mail_complete the caller answers and calls `reset`.
  turn on_line(std::string_view line);
  void on_encrypted() {
    is_encrypted_ = true;
    reset();
  }
  void reset();

  const std::string& mail() const { return mail_; }
  /// The value of a header of the mail, unfolded; empty when it has none.
  std::string header(std::string_view name) const;

 private:
  turn on_command(std::string_view line);
  turn log_in(std::string_view answer);

  smtp_rules rules_;
  bool is_encrypted_;
  bool is_logged_in_ = false;
  bool is_awaiting_answer_ = false;  ///< to AUTH PLAIN
  bool is_reading_mail_ = false;
  std::string from_;
  std::vector<std::string> to_;
  std::string mail_;
};

}  // namespace vigie::simulators
