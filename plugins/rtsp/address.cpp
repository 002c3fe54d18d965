// SPDX-License-Identifier: Apache-2.0
#include "address.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace vigie::rtsp_plugin {

namespace {

constexpr std::size_t max_bytes = 511;  // vigie_stream_t::url with its terminator

bool is_printable(char c) { return c > 0x20 && c < 0x7f; }

std::string complaint_about_port(std::string_view port) {
  std::uint16_t number = 0;
  const auto read = std::from_chars(port.data(), port.data() + port.size(), number);
  if (read.ec != std::errc{} || read.ptr != port.data() + port.size() || number == 0)
    return "the port is no number from 1 to 65535";
  return {};
}

bool starts_with_scheme(std::string_view address, std::string_view scheme) {
  return address.size() >= scheme.size() &&
         std::equal(scheme.begin(), scheme.end(), address.begin(), [](char want, char have) {
           return want == (have >= 'A' && have <= 'Z' ? have + 32 : have);
         });
}

}  // namespace

std::string complaint_about(std::string_view address) {
  if (address.size() > max_bytes) return "the address is longer than 511 bytes";
  if (!std::all_of(address.begin(), address.end(), is_printable))
    return "the address holds a space or a character that is not ASCII";
  std::string_view rest = address;
  if (starts_with_scheme(rest, "rtsps://"))
    rest.remove_prefix(8);
  else if (starts_with_scheme(rest, "rtsp://"))
    rest.remove_prefix(7);
  else
    return "the address does not begin with rtsp:// or rtsps://";
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos)
    return "credentials do not belong into the address; use username and password";
  std::string_view host = authority, port;
  if (authority.starts_with('[')) {  // IPv6 literal
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos || end < 3) return "the IPv6 address is not closed by ]";
    host = authority.substr(0, end + 1);
    port = authority.substr(end + 1);
    if (!port.empty() && !port.starts_with(':')) return "after ] comes a port or the path";
  } else if (const std::size_t colon = authority.find(':'); colon != std::string_view::npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  if (host.empty()) return "the address names no host";
  return port.empty() ? std::string{} : complaint_about_port(port.substr(1));
}

}  // namespace vigie::rtsp_plugin
