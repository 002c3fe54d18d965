// SPDX-License-Identifier: Apache-2.0
#include "rtsp/message.hpp"

#include <charconv>

namespace vigie::rtsp {
namespace {

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r'; }

void append_clean(std::string& out, std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out += c;
}

void append_rest(std::string& out, const header_list& headers, const std::string& body) {
  for (const auto& field : headers.fields()) {
    append_clean(out, field.name);
    out += ": ";
    append_clean(out, field.value);
    out += "\r\n";
  }
  if (!body.empty()) out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  out += "\r\n";
  out += body;
}

}  // namespace

void header_list::add(std::string_view name, std::string_view value) {
  fields_.push_back({std::string{name}, std::string{value}});
}

void header_list::extend_last(std::string_view more) {
  if (fields_.empty()) return;
  auto& value = fields_.back().value;
  if (!value.empty() && !more.empty()) value += ' ';
  value += more;
}

std::optional<std::string_view> header_list::find(std::string_view name) const noexcept {
  for (const auto& field : fields_)
    if (iequals(field.name, name)) return field.value;
  return std::nullopt;
}

std::vector<std::string_view> header_list::find_all(std::string_view name) const {
  std::vector<std::string_view> found;
  for (const auto& field : fields_)
    if (iequals(field.name, name)) found.push_back(field.value);
  return found;
}

std::string to_text(const request& message) {
  std::string out;
  append_clean(out, message.method);
  out += ' ';
  append_clean(out, message.uri);
  out += " RTSP/1.0\r\n";
  append_rest(out, message.headers, message.body);
  return out;
}

std::string to_text(const response& message) {
  std::string out = "RTSP/1.0 " + std::to_string(message.status) + ' ';
  append_clean(out, message.reason);
  out += "\r\n";
  append_rest(out, message.headers, message.body);
  return out;
}

bool iequals(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<std::uint64_t> parse_number(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string out;
  for (const char c : text.substr(0, limit)) out += c >= 0x20 && c < 0x7f ? c : '?';
  if (text.size() > limit) out += "...";
  return out;
}

}  // namespace vigie::rtsp
