// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace vigie {

/// A name that cannot be confused with another kind of name. Ids are configured once, immutable,
/// and made of [a-z0-9_-] so that they serve as bus tokens and folder names as they are.
template <class Tag>
class name_id {
 public:
  name_id() = default;
  explicit name_id(std::string value) : value_{std::move(value)} {}
  const std::string& str() const noexcept { return value_; }
  bool empty() const noexcept { return value_.empty(); }
  friend auto operator<=>(const name_id&, const name_id&) = default;

 private:
  std::string value_;
};

using commune_id =
    name_id<struct commune_tag>;  ///< INSEE code in lower case: 5 characters, "95018" or "2a004"
using site_id = name_id<struct site_tag>;      ///< unique within the centre
using camera_id = name_id<struct camera_tag>;  ///< unique within the centre

/// True when `text` may be an id: 1 to 64 characters of [a-z0-9_-], not starting with '-'.
constexpr bool is_id_text(std::string_view text) noexcept {
  if (text.empty() || text.size() > 64 || text.front() == '-') return false;
  for (const char c : text)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-')) return false;
  return true;
}

/// Where a camera stands in the centre.
struct camera_path {
  commune_id commune;
  site_id site;
  camera_id camera;
  friend auto operator<=>(const camera_path&, const camera_path&) = default;
};

}  // namespace vigie

template <class Tag>
struct std::hash<vigie::name_id<Tag>> {
  std::size_t operator()(const vigie::name_id<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.str());
  }
};
