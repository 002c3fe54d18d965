// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "base/ids.hpp"
#include "config/detail/readers.hpp"

namespace vigie::config::detail {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_port(std::string_view text) noexcept {
  if (text.empty() || text.size() > 5 || !std::all_of(text.begin(), text.end(), is_digit))
    return false;
  int port = 0;
  for (const char c : text) port = port * 10 + (c - '0');
  return port >= 1 && port <= 65'535;
}

std::optional<secret> read_password_file(const written<std::string>& path, const reading& context) {
  const auto file = resolve(context.base_dir, path.value);
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
    context.log.add(
        path.at, fmt::format("password_file {} does not exist", file.string()),
        fmt::format("write the password into it: install -m 600 /dev/null {}", file.string()));
    return std::nullopt;
  }
  if ((status.st_mode & S_IRWXO) != 0) {
    context.log.add(
        path.at,
        fmt::format("password_file {} is open to every user of this machine", file.string()),
        fmt::format("close it: chmod 600 {}", file.string()));
    return std::nullopt;
  }
  std::ifstream in{file, std::ios::binary};
  std::string line;
  std::getline(in, line);
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.empty()) {
    context.log.add(path.at, fmt::format("password_file {} holds no password", file.string()),
                    "write the password on its first line, and let this user read it");
    return std::nullopt;
  }
  return secret{line};
}

}  // namespace

std::filesystem::path resolve(const std::filesystem::path& base_dir, const std::string& path) {
  return (base_dir / path).lexically_normal();
}

password_setting read_password(table_reader& table, const reading& context) {
  password_setting out;
  if (const auto plain = table.key_place("password")) {
    context.log.add(*plain, fmt::format("{} holds a password in clear", table.title()),
                    "put it into a file of mode 600 and write password_file = \"…\", or into the "
                    "environment and write password_env = \"…\"; then change it");
    out.is_named = true;
    out.at = *plain;
  }
  const auto file = table.text("password_file");
  const auto variable = table.text("password_env");
  if (file && variable) {
    context.log.add(variable->at,
                    fmt::format("{} has password_file and password_env", table.title()),
                    "keep one of them");
  }
  if (file) {
    out.is_named = true;
    out.at = file->at;
    if (auto value = read_password_file(*file, context)) out.value = std::move(*value);
  } else if (variable) {
    out.is_named = true;
    out.at = variable->at;
    const auto value = context.env(variable->value);
    if (!value || value->empty())
      context.log.add(variable->at,
                      fmt::format("environment variable {} is not set", variable->value),
                      fmt::format("set it before starting: export {}=…", variable->value));
    else
      out.value = secret{*value};
  }
  return out;
}

std::optional<std::string> take_id(table_reader& table, std::string_view key, std::string_view what,
                                   std::map<std::string, place>& seen, const reading& context) {
  const auto id = table.text(key);
  if (!id) {
    if (!table.key_place(key))
      context.log.add(table.here(), fmt::format("a {} has no {}", what, key),
                      fmt::format("write {} = \"…\"", key));
    return std::nullopt;
  }
  if (!is_id_text(id->value) || id->value == "_") {
    context.log.add(id->at, fmt::format("\"{}\" cannot be the id of a {}", id->value, what),
                    "write 1 to 64 of a-z, 0-9, _ and -, not starting with -, not _ alone");
    return std::nullopt;
  }
  const auto [before, is_new] = seen.emplace(id->value, id->at);
  if (!is_new) {
    context.log.add(
        id->at,
        fmt::format("{} \"{}\" already stands on line {}", what, id->value, before->second.line),
        "give each its own id; ids are unique in the whole centre");
    return std::nullopt;
  }
  return id->value;
}

bool is_insee(std::string_view code) noexcept {
  if (code.size() != 5 || !is_digit(code[0])) return false;
  const bool is_corsican =
      code[0] == '2' && std::string_view{"aAbB"}.find(code[1]) != std::string_view::npos;
  return (is_corsican || is_digit(code[1])) && std::all_of(code.begin() + 2, code.end(), is_digit);
}

std::optional<url_trouble> check_camera_url(std::string_view url, bool has_plugin) {
  const std::string example =
      has_plugin ? "write scheme://host[:port]/path" : "write rtsp://host[:port]/path";
  const auto end = url.find("://");
  const std::string_view scheme = url.substr(0, end);
  if (end == std::string_view::npos || (!has_plugin && scheme != "rtsp" && scheme != "rtsps"))
    return url_trouble{has_plugin ? "the url has no scheme"
                                  : "the url is not of a camera we can pull (rtsp:// or rtsps://)",
                       example};
  if (std::any_of(url.begin(), url.end(), [](char c) { return c == ' ' || c == '\\'; }))
    return url_trouble{"the url holds a blank or a backslash", example};
  const std::string_view rest = url.substr(end + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos)
    return url_trouble{"the url holds credentials",
                       "write username and password_file or password_env beside it; then change "
                       "the password"};
  for (const std::string_view key : {"password=", "passwd=", "pwd="}) {
    const auto at = rest.find(key);
    if (at == std::string_view::npos || at + key.size() == rest.size() ||
        rest[at + key.size()] == '&')
      continue;
    return url_trouble{"the url holds a password",
                       "write username and password_file or password_env beside it; then change "
                       "the password"};
  }
  if (authority.empty()) return url_trouble{"the url names no host", example};
  std::string_view host = authority;
  std::string_view port;
  const auto colon =
      authority.front() == '[' ? authority.find(':', authority.find(']')) : authority.find(':');
  if (colon != std::string_view::npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon + 1);
    if (!is_port(port)) return url_trouble{"the port of the url is not from 1 to 65535", example};
  }
  if (host.empty()) return url_trouble{"the url names no host", example};
  return std::nullopt;
}

}  // namespace vigie::config::detail
