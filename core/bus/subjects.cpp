// SPDX-License-Identifier: Apache-2.0
#include "bus/subjects.hpp"

#include <fmt/format.h>

#include <array>

namespace vigie::bus {
namespace {

constexpr std::string_view request_prefix = "vigie.v1.request.";

template <class Id>
std::string_view token(const Id& id) noexcept {
  return id.empty() ? subject::none : std::string_view{id.str()};
}

/// Takes the text before the next dot off `rest`.
std::string_view next_token(std::string_view& rest) noexcept {
  const auto dot = rest.find('.');
  const auto head = rest.substr(0, dot);
  rest = dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1);
  return head;
}

}  // namespace

namespace subject {

std::string camera_state(const camera_path& path) {
  return fmt::format("vigie.v1.state.{}.{}.{}", path.commune.str(), path.site.str(),
                     path.camera.str());
}

std::string site_state(const commune_id& commune, const site_id& site) {
  return fmt::format("vigie.v1.state.{}.{}._", commune.str(), site.str());
}

std::string commune_state(const commune_id& commune) {
  return fmt::format("vigie.v1.state.{}._._", commune.str());
}

std::string event(const commune_id& commune, const site_id& site, const camera_id& camera,
                  std::string_view type) {
  return fmt::format("vigie.v1.event.{}.{}.{}.{}", token(commune), token(site), token(camera),
                     type);
}

std::string heartbeat(std::string_view node) {
  return fmt::format("vigie.v1.node.{}.heartbeat", node);
}

std::string request(std::string_view user, std::string_view service, std::string_view verb) {
  return fmt::format("vigie.v1.request.{}.{}.{}", user, service, verb);
}

bool is_publishable(std::string_view text) noexcept {
  if (text.empty() || text.size() > 255 || text.front() == '.' || text.back() == '.') return false;
  char before = '.';
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '-';
    if (!plain && (c != '.' || before == '.')) return false;
    before = c;
  }
  return true;
}

bool matches(std::string_view pattern, std::string_view name) noexcept {
  while (!pattern.empty() && !name.empty()) {
    const auto expected = next_token(pattern);
    if (expected == ">") return pattern.empty();
    if (const auto found = next_token(name); expected != "*" && expected != found) return false;
  }
  return pattern.empty() && name.empty();
}

}  // namespace subject

std::string_view asker_in(std::string_view name) noexcept {
  if (!name.starts_with(request_prefix)) return {};
  auto rest = name.substr(request_prefix.size());
  const auto user = next_token(rest);
  return is_id_text(user) ? user : std::string_view{};
}

result<request_address> parse_request_subject(std::string_view name) {
  if (!name.starts_with(request_prefix))
    return fail(errc::bus_malformed,
                fmt::format("subject: does not start with {}", request_prefix));
  auto rest = name.substr(request_prefix.size());
  std::array<std::string_view, 3> tokens;
  for (auto& part : tokens) {
    part = next_token(rest);
    if (!is_id_text(part))
      return fail(errc::bus_malformed,
                  "subject: expected vigie.v1.request.<user>.<service>.<verb>, each of [a-z0-9_-]");
  }
  if (!rest.empty() || name.ends_with('.'))
    return fail(errc::bus_malformed, "subject: too many tokens after the verb");
  return request_address{std::string{tokens[0]}, std::string{tokens[1]}, std::string{tokens[2]}};
}

}  // namespace vigie::bus
