// SPDX-License-Identifier: Apache-2.0
#include "journal/anchor.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <vector>

namespace vigie::journal {
namespace {

constexpr std::array<std::uint8_t, 1> line_prefix{0x03};
constexpr std::size_t anchor_fields = 14;
constexpr std::size_t head_fields = 8;

std::string signed_line(const std::string& body, const signing_key& key) {
  return body + ' ' + to_hex(key.sign(body));
}

/// The text of `a` without its signature: parsing compares with it, which leaves one spelling.
std::string body_of(const anchor& a) {
  return fmt::format("vigie-anchor 1 {} {} {} {} {} {} {} {} {} {} {}", a.number, name_of(a.kind),
                     a.first, a.last, a.oldest, a.newest, to_hex(a.root), to_hex(a.head),
                     to_hex(a.previous), a.at, a.key_id);
}
std::string body_of(const log_head& h) {
  return fmt::format("vigie-head 1 {} {} {} {} {}", h.sequence, to_hex(h.hash), h.anchors,
                     to_hex(h.anchor_hash), h.key_id);
}

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const auto space = line.find(' ');
    fields.push_back(line.substr(0, space));
    if (space == std::string_view::npos) return fields;
    line.remove_prefix(space + 1);
  }
}

bool read_number(std::string_view text, std::int64_t& out) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
  return code == std::errc{} && end == text.data() + text.size();
}

bool read_digest(std::string_view text, digest& out) {
  const auto found = digest_from_hex(text);
  if (found) out = *found;
  return found.has_value();
}

std::string_view without_signature(std::string_view line) {
  return line.substr(0, line.rfind(' '));
}

}  // namespace

std::string_view name_of(anchor_kind k) noexcept {
  return k == anchor_kind::prune ? "prune" : "seal";
}

std::string to_line(anchor a, const signing_key& key) {
  a.key_id = key.id();
  return signed_line(body_of(a), key);
}

std::string to_line(log_head h, const signing_key& key) {
  h.key_id = key.id();
  return signed_line(body_of(h), key);
}

std::optional<anchor> parse_anchor(std::string_view line) {
  const auto f = split(line);
  anchor a;
  if (f.size() != anchor_fields) return std::nullopt;
  a.kind = f[3] == name_of(anchor_kind::prune) ? anchor_kind::prune : anchor_kind::seal;
  a.key_id = f[12];
  const bool ok =
      read_number(f[2], a.number) && read_number(f[4], a.first) && read_number(f[5], a.last) &&
      read_number(f[6], a.oldest) && read_number(f[7], a.newest) && read_digest(f[8], a.root) &&
      read_digest(f[9], a.head) && read_digest(f[10], a.previous) && read_number(f[11], a.at);
  if (!ok || body_of(a) != without_signature(line)) return std::nullopt;
  return a;
}

std::optional<log_head> parse_head(std::string_view line) {
  const auto f = split(line);
  log_head h;
  if (f.size() != head_fields) return std::nullopt;
  h.key_id = f[6];
  const bool ok = read_number(f[2], h.sequence) && read_digest(f[3], h.hash) &&
                  read_number(f[4], h.anchors) && read_digest(f[5], h.anchor_hash);
  if (!ok || body_of(h) != without_signature(line)) return std::nullopt;
  return h;
}

bool is_signed_by(std::string_view line, const trusted_keys& keys) {
  const auto f = split(line);
  if (f.size() < 3) return false;
  const auto made = from_hex(f.back());
  return made && keys.accepts(f[f.size() - 2], without_signature(line), *made);
}

digest hash_of_line(std::string_view line) { return sha256({line_prefix, bytes_of(line)}); }

}  // namespace vigie::journal
