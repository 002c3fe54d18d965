// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "bus/codec.hpp"

namespace vigie::bus {
namespace {

struct wording {
  std::string_view en;
  std::string_view fr;
  std::string_view who;  ///< empty: nobody in particular
};

wording wording_of(errc code) {
  switch (code) {
    case errc::bus_malformed:
      return {"The request cannot be read", "La demande est illisible", "the program that asked"};
    case errc::bus_unknown:
      return {"There is no such request", "Cette demande n'existe pas", "the program that asked"};
    case errc::reason_missing:
      return {"No image without a reason", "Pas d'image sans motif", "the person who asks"};
    case errc::access_denied:
      return {"Access is refused", "L'accès est refusé", "the viewing authority"};
    case errc::token_invalid:
      return {"The access has expired or was withdrawn", "L'accès a expiré ou a été retiré",
              "the person who asks"};
    case errc::not_found:
      return {"Nothing was found", "Rien n'a été trouvé", ""};
    case errc::disk_full:
    case errc::disk_failed:
    case errc::db_failed:
    case errc::db_corrupt:
      return {"The centre's storage failed", "Le stockage du centre est en panne",
              "the centre's administrator"};
    default:
      return {"The centre could not do this", "Le centre n'a pas pu le faire",
              "the centre's administrator"};
  }
}

/// Takes a leading "LEG-nn" and the punctuation behind it off `detail`.
std::optional<std::string> take_rule(std::string_view& detail) {
  constexpr std::string_view prefix = "LEG-";
  if (!detail.starts_with(prefix)) return std::nullopt;
  const auto end = detail.find_first_not_of("0123456789", prefix.size());
  std::string rule{detail.substr(0, end)};
  if (rule.size() == prefix.size()) return std::nullopt;
  detail.remove_prefix(rule.size());
  const auto text = detail.find_first_not_of(": ");
  detail = text == std::string_view::npos ? std::string_view{} : detail.substr(text);
  return rule;
}

}  // namespace

error_reply to_error_reply(std::optional<std::string> correlation, const error& e) {
  std::string_view detail = e.detail;
  error_reply reply;
  reply.correlation = std::move(correlation);
  reply.code = name_of(e.code);
  reply.rule = take_rule(detail);
  const auto words = wording_of(e.code);
  const auto tail = detail.empty() ? std::string{"."} : fmt::format(" ({}).", detail);
  reply.en = fmt::format("{}{}", words.en, tail);
  reply.fr = fmt::format("{}{}", words.fr, tail);
  if (!words.who.empty()) reply.who = words.who;
  return reply;
}

}  // namespace vigie::bus
