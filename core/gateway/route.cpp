// SPDX-License-Identifier: Apache-2.0
#include "gateway/route.hpp"

#include <array>
#include <utility>
#include <vector>

namespace vigie::gateway {
namespace {

constexpr std::size_t longest_target = 4096;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

bool is_plain_part(std::string_view part) {
  if (part.empty() || part.front() == '.') return false;
  for (const char c : part)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\') return false;
  return true;
}

/// "a/b/c" in parts; an escaped slash ends a part as well.
std::optional<std::vector<std::string>> plain_parts(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto part = path.substr(0, slash);
    if (!is_plain_part(part)) return std::nullopt;
    parts.emplace_back(part);
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
    if (path.empty()) return std::nullopt;
  }
  return parts;
}

}  // namespace

std::optional<route> parse_target(std::string_view target) {
  if (target.size() > longest_target || target.empty() || target.front() != '/')
    return std::nullopt;
  const auto path = percent_decoded(target.substr(0, target.find_first_of("?#")));
  if (!path) return std::nullopt;
  if (*path == "/") return route{route_kind::page_file, {}, "index.html"};
  const auto parts = plain_parts(std::string_view{*path}.substr(1));
  if (!parts) return std::nullopt;

  const auto& p = *parts;
  if (p.size() == 1 && p[0] == "console.json") return route{route_kind::console, {}, {}};
  if (p.size() == 1 && p[0] == "metrics") return route{route_kind::metrics, {}, {}};
  if (p.size() == 1 && p[0] == "healthz") return route{route_kind::health, {}, {}};
  if (p[0] == "live") {
    if (p.size() != 2) return std::nullopt;
    return route{route_kind::live, p[1], {}};
  }
  if (p[0] == "clip") {
    constexpr std::string_view ending = ".mp4";
    if (p.size() != 3 || p[2].size() <= ending.size() || !p[2].ends_with(ending))
      return std::nullopt;
    return route{route_kind::clip, p[1], p[2].substr(0, p[2].size() - ending.size())};
  }
  return route{route_kind::page_file, {}, path->substr(1)};
}

std::string_view content_type_of(std::string_view file_name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 14> types{{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".mp4", "video/mp4"},
      {".txt", "text/plain; charset=utf-8"},
      {".webmanifest", "application/manifest+json"},
  }};
  for (const auto& [ending, type] : types)
    if (file_name.ends_with(ending)) return type;
  return "application/octet-stream";
}

}  // namespace vigie::gateway
