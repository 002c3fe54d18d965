// SPDX-License-Identifier: Apache-2.0
#include "source_options.hpp"

#include <algorithm>

namespace vigie::libav_source {

std::string_view protocols_for(std::string_view address) {
  if (address.starts_with("http://")) return "http,tcp,crypto";
  // Segments of a playlist fetched with TLS are not fetched without.
  if (address.starts_with("https://")) return "https,tls,tcp,crypto";
  if (address.starts_with("file:///")) return "file";
  return {};
}

std::string complaint_about(std::string_view address) {
  if (protocols_for(address).empty())
    return "the address does not begin with http://, https:// or file:///";
  if (address.size() > 2048) return "the address is too long";
  if (std::any_of(address.begin(), address.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    return "the address holds a control character";
  if (address.starts_with("file:")) return {};
  const std::size_t begin = address.find("//") + 2;
  const std::string_view authority =
      address.substr(begin, address.find_first_of("/?#", begin) - begin);
  if (authority.empty()) return "the address names no host";
  if (authority.find('@') != std::string_view::npos)
    return "credentials do not belong into the address; use username and password";
  return {};
}

}  // namespace vigie::libav_source
