// SPDX-License-Identifier: Apache-2.0
#include "rtsp/url.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "rtsp/message.hpp"

namespace vigie::rtsp {
namespace {

constexpr std::size_t longest_url = 2048;
constexpr std::size_t longest_host = 255;
constexpr std::size_t longest_path = longest_url - longest_host - 16;  // beside scheme and port

struct scheme_match {
  bool is_secure = false;
  std::string_view rest;
};

std::optional<scheme_match> match_scheme(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == text.npos) return std::nullopt;
  const auto scheme = text.substr(0, colon);
  if (iequals(scheme, "rtsp")) return scheme_match{false, text.substr(colon + 3)};
  if (iequals(scheme, "rtsps")) return scheme_match{true, text.substr(colon + 3)};
  return std::nullopt;
}

bool is_url_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

/// RTSP URLs have no fragment (RFC 2326 §3.2).
std::string_view without_fragment(std::string_view text) { return text.substr(0, text.find('#')); }

bool is_host_text(std::string_view host, std::string_view more) {
  return !host.empty() && host.size() <= longest_host &&
         std::all_of(host.begin(), host.end(), [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  more.find(c) != more.npos;
         });
}

/// "host", "host:port", "[v6]:port", and a bare v6 address.
bool take_authority(std::string_view text, url& into) {
  std::string_view host = text;
  std::string_view port;
  bool is_v6 = false;
  bool has_port = false;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == text.npos) return false;
    host = text.substr(1, end - 1);
    const auto after = text.substr(end + 1);
    if (!after.empty() && after.front() != ':') return false;
    has_port = !after.empty();
    port = has_port ? after.substr(1) : after;
    is_v6 = true;
  } else if (std::count(text.begin(), text.end(), ':') > 1) {
    is_v6 = true;
  } else if (const auto colon = text.find(':'); colon != text.npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    has_port = true;
  }
  if (is_v6 && host.find(':') == host.npos) return false;
  if (!is_host_text(host, is_v6 ? ":.%" : ".-_")) return false;
  into.port = into.is_secure ? default_secure_port : default_port;
  if (has_port && !port.empty()) {
    const auto number = parse_number(port);
    if (!number || *number == 0 || *number > 65535) return false;
    into.port = static_cast<std::uint16_t>(*number);
  }
  into.host = host;
  std::transform(into.host.begin(), into.host.end(), into.host.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return true;
}

struct taken_url {
  url address;
  bool had_credentials = false;
};

result<taken_url> take_url(std::string_view text) {
  text = trim(text);
  if (text.size() > longest_url || !is_url_text(text))
    return fail(errc::config_invalid, "not a URL: at most 2,048 printable characters, no blanks");
  auto scheme = match_scheme(text);
  if (!scheme) return fail(errc::config_invalid, "not an rtsp:// or rtsps:// URL");
  while (const auto doubled = match_scheme(scheme->rest))
    scheme = scheme_match{scheme->is_secure || doubled->is_secure, doubled->rest};
  const auto path_at = std::min(scheme->rest.find_first_of("/?"), scheme->rest.size());
  auto authority = scheme->rest.substr(0, path_at);
  taken_url out;
  if (const auto at = authority.rfind('@'); at != authority.npos) {
    out.had_credentials = true;
    authority.remove_prefix(at + 1);
  }
  out.address.is_secure = scheme->is_secure;
  out.address.path = without_fragment(scheme->rest.substr(path_at));
  if (!take_authority(authority, out.address))
    return fail(errc::config_invalid, "no valid host and port");
  return out;
}

/// The described URL with the host we are really connected to (camera-quirk 27).
url keep_connected_host(url described, const url& connected, const quirk_policies& policies,
                        quirk_counters& counters) {
  if (policies.trust_described_host) return described;
  if (described.host != connected.host || described.port != connected.port ||
      described.is_secure != connected.is_secure)
    ++counters.overridden_hosts;
  described.host = connected.host;
  described.port = connected.port;
  described.is_secure = connected.is_secure;
  return described;
}

bool looks_like_authority(std::string_view text) {
  const auto name = text.substr(0, text.find_first_of("/?"));
  return name.find_first_of(".:") != name.npos;
}

std::string parent_of(const std::string& path) {
  const auto without_query = path.substr(0, path.find('?'));
  return without_query.substr(0, without_query.rfind('/') + 1);
}

}  // namespace

std::string url::authority() const {
  const bool is_v6 = host.find(':') != host.npos;
  std::string out;
  if (is_v6) out += '[';
  out += host;
  if (is_v6) out += ']';
  if (port != (is_secure ? default_secure_port : default_port)) out += ":" + std::to_string(port);
  return out;
}

std::string url::to_text() const {
  return (is_secure ? "rtsps://" : "rtsp://") + authority() + path;
}

result<url> parse_url(std::string_view text) {
  auto found = take_url(text);
  if (!found) return tl::unexpected{found.error()};
  if (found->had_credentials)
    return fail(errc::config_invalid,
                "a URL never carries credentials: use the fields username and password");
  return std::move(found->address);
}

url resolve_base(std::string_view content_base, std::string_view content_location,
                 const url& request, const quirk_policies& policies, quirk_counters& counters) {
  for (const auto candidate : {trim(content_base), trim(content_location)}) {
    if (candidate.empty() || candidate.size() > longest_path || !is_url_text(candidate)) continue;
    if (auto absolute = take_url(candidate))
      return keep_connected_host(std::move(absolute->address), request, policies, counters);
    if (candidate.find("://") != candidate.npos) continue;
    if (candidate.front() == '/') {
      ++counters.repaired_bases;
      url out = request;
      out.path = without_fragment(candidate);
      return out;
    }
    if (!looks_like_authority(candidate)) continue;
    if (auto repaired = take_url("rtsp://" + std::string{candidate})) {
      ++counters.repaired_bases;
      return keep_connected_host(std::move(repaired->address), request, policies, counters);
    }
  }
  return request;
}

url join_control(const url& base, std::string_view control, const quirk_policies& policies,
                 quirk_counters& counters) {
  control = trim(control);
  if (!match_scheme(control)) control = without_fragment(control);
  if (control.empty() || control == "*" || !is_url_text(control)) return base;
  if (match_scheme(control)) {
    auto absolute = take_url(control);
    if (!absolute) return base;
    return keep_connected_host(std::move(absolute->address), base, policies, counters);
  }
  url out = base;
  if (policies.control_join == control_join_policy::rfc3986) {
    out.path = control.front() == '/'
                   ? std::string{control}
                   : (base.path.empty() ? "/" : parent_of(base.path)) + std::string{control};
    return out.path.size() > longest_path ? base : out;
  }
  const bool base_ends = out.path.ends_with('/');
  if (base_ends && control.front() == '/') control.remove_prefix(1);
  if (!base_ends && control.front() != '/') out.path += '/';
  out.path += control;
  return out.path.size() > longest_path ? base : out;
}

}  // namespace vigie::rtsp
