// SPDX-License-Identifier: Apache-2.0
#include "gateway/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <system_error>

#include "gateway/byte_range.hpp"
#include "gateway/route.hpp"

namespace vigie::gateway {
namespace {

constexpr std::string_view no_store = "no-store";

bool is_loopback_name(std::string_view name) {
  return name == "localhost" || name == "[::1]" || name == "::1" || name.starts_with("127.");
}

std::string_view without_port(std::string_view host) {
  const auto bracket = host.rfind(']');
  const auto colon = host.rfind(':');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket))
    return host;
  return host.substr(0, colon);
}

bool is_our_host(std::string_view host, const gateway_options& options) {
  if (!is_loopback_name(options.listen)) return true;
  const auto name = without_port(host);
  return is_loopback_name(name) ||
         std::ranges::find(options.host_names, name) != options.host_names.end();
}

answer text_answer(std::string_view type, std::string body) {
  answer a;
  a.headers.emplace_back("Content-Type", type);
  a.headers.emplace_back("Cache-Control", no_store);
  a.body = std::move(body);
  return a;
}

/// Fills status, range headers and file part for `size` bytes at `path`.
void serve_bytes(answer& a, const request_head& request, const std::filesystem::path& path,
                 std::uint64_t size, std::string_view entity_tag) {
  a.headers.emplace_back("Accept-Ranges", "bytes");
  // A range conditional on a validator we do not recognise is not a range (RFC 9110 §13.1.5).
  const bool may_be_part = request.if_range.empty() || request.if_range == entity_tag;
  const auto range =
      may_be_part ? parse_range(request.range, size) : byte_range{range_outcome::whole, 0, size};
  if (range.outcome == range_outcome::unsatisfiable) {
    a.status = 416;
    a.headers.emplace_back("Content-Range", fmt::format("bytes */{}", size));
    return;
  }
  a.file = file_part{path, range.offset, range.length};
  if (range.outcome == range_outcome::part) {
    a.status = 206;
    a.headers.emplace_back("Content-Range", fmt::format("bytes {}-{}/{}", range.offset,
                                                        range.offset + range.length - 1, size));
  }
}

answer page_file(const route& where, const request_head& request, const gateway_options& options) {
  std::error_code error;
  const auto path = options.dashboard_dir / where.name;
  if (options.dashboard_dir.empty() || !std::filesystem::is_regular_file(path, error)) {
    if (where.name == "index.html")
      return refusal(404, "page_not_built",
                     "the console is not built: run npm ci and npm run build in dashboards/web");
    return refusal(404, "not_found", "no such file");
  }
  const auto size = std::filesystem::file_size(path, error);
  const auto written = std::filesystem::last_write_time(path, error);
  if (error) return refusal(404, "not_found", "no such file");
  const auto tag = fmt::format("\"{:x}-{:x}\"", size, written.time_since_epoch().count());

  answer a;
  a.headers.emplace_back("Content-Type", content_type_of(where.name));
  a.headers.emplace_back("ETag", tag);
  // Names under assets/ carry a hash of their content.
  a.headers.emplace_back("Cache-Control", where.name.starts_with("assets/")
                                              ? "public, max-age=31536000, immutable"
                                              : "no-cache");
  if (request.if_none_match == tag) {
    a.status = 304;
    return a;
  }
  serve_bytes(a, request, path, size, tag);
  return a;
}

answer live_view(const route& where, const request_head& request, token_mint& mint) {
  const auto known = mint.verify(where.token, media_kind::live);
  if (!known) return refusal(403, "token_invalid", known.error().detail);
  if (!request.is_websocket) {
    auto a = refusal(426, "websocket_only", "live video is a WebSocket");
    a.headers.emplace_back("Upgrade", "websocket");
    return a;
  }
  auto claims = mint.redeem(where.token, media_kind::live);
  if (!claims) return refusal(403, "token_invalid", claims.error().detail);
  answer a;
  a.media = std::move(*claims);
  a.is_live = true;
  return a;
}

answer recorded_clip(const route& where, const request_head& request, const gateway_ports& ports,
                     const token_mint& mint) {
  auto claims = mint.verify(where.token, media_kind::clip);
  if (!claims) return refusal(403, "token_invalid", claims.error().detail);
  const auto clip = ports.resolve_clip(*claims, where.name);
  if (!clip) return refusal(404, "not_found", "no such recording");
  if (clip->end_utc_us <= claims->from_utc_us || clip->start_utc_us >= claims->to_utc_us)
    return refusal(403, "token_invalid", "the token is for another time range");
  answer a;
  a.headers.emplace_back("Content-Type", "video/mp4");
  a.headers.emplace_back("Cache-Control", no_store);
  a.media = std::move(*claims);
  serve_bytes(a, request, clip->path, clip->size_bytes, {});
  return a;
}

}  // namespace

answer refusal(unsigned status, std::string_view code, std::string_view text) {
  auto a =
      text_answer("application/json", fmt::format(R"({{"code":"{}","text":"{}"}})", code, text));
  a.status = status;
  return a;
}

std::vector<std::pair<std::string, std::string>> security_headers(const gateway_options& options,
                                                                  std::uint16_t bound_port) {
  // Grants may name us by another origin than the one the page was opened by.
  std::string media = options.public_url;
  if (is_loopback_name(options.listen))
    media += fmt::format(" http://127.0.0.1:{0} http://localhost:{0}", bound_port);
  return {
      {"Content-Security-Policy",
       fmt::format("default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
                   "img-src 'self' data: blob:; media-src 'self' blob: {}; "
                   "connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; "
                   "frame-ancestors 'none'",
                   media)},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Frame-Options", "DENY"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
  };
}

answer decide(const request_head& request, const gateway_options& options,
              const gateway_ports& ports, token_mint& mint) {
  if (request.method != "GET" && request.method != "HEAD") {
    auto a = refusal(405, "method_not_allowed", "only GET and HEAD are served");
    a.headers.emplace_back("Allow", "GET, HEAD");
    return a;
  }
  if (!is_our_host(request.host, options))
    return refusal(403, "unknown_host", "this host name is not ours: see gateway.public_url");
  const auto where = parse_target(request.target);
  if (!where) return refusal(400, "bad_target", "no such kind of address");
  switch (where->kind) {
    case route_kind::page_file:
      return page_file(*where, request, options);
    case route_kind::console:
      return text_answer("application/json", ports.console_json());
    case route_kind::metrics:
      return text_answer("text/plain; version=0.0.4; charset=utf-8", ports.metrics_text());
    case route_kind::health: {
      auto health = ports.health();
      auto a = text_answer("application/json", std::move(health.json));
      a.status = health.is_healthy ? 200 : 503;
      return a;
    }
    case route_kind::live:
      return live_view(*where, request, mint);
    case route_kind::clip:
      return recorded_clip(*where, request, ports, mint);
  }
  return refusal(404, "not_found", "nothing here");
}

}  // namespace vigie::gateway
