// SPDX-License-Identifier: Apache-2.0
#include "app/password_input.hpp"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>

namespace vigie::app {
namespace {

/// The terminal shows nothing of what is typed while this lives.
class no_echo {
 public:
  no_echo() {
    if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
    auto quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    is_set_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  no_echo(const no_echo&) = delete;
  no_echo& operator=(const no_echo&) = delete;
  ~no_echo() {
    if (is_set_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }

 private:
  termios before_{};
  bool is_set_ = false;
};

std::string ask(const char* prompt) {
  std::fputs(prompt, stderr);
  std::string line;
  {
    const no_echo quiet;
    std::getline(std::cin, line);
  }
  std::fputc('\n', stderr);
  return line;
}

}  // namespace

result<secret> read_new_password(const std::filesystem::path& file) {
  std::string line;
  if (!file.empty()) {
    std::ifstream in{file};
    if (!std::getline(in, line))
      return fail(errc::config_invalid, file.string() + " cannot be read, or is empty");
  } else if (isatty(STDIN_FILENO) != 0) {
    line = ask("password: ");
    if (line != ask("again: ")) return fail(errc::config_invalid, "the two are not the same");
  } else {
    std::getline(std::cin, line);
  }
  if (line.empty())
    return fail(
        errc::config_invalid,
        "a password is needed: at the terminal, on standard input, with --password-file, or "
        "made by --generate");
  return secret{std::move(line)};
}

}  // namespace vigie::app
