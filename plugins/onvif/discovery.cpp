// SPDX-License-Identifier: Apache-2.0
#include "discovery.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstring>
#include <set>

#include "addresses.hpp"
#include "security.hpp"
#include "xml.hpp"

namespace vigie::onvif {

namespace {

constexpr std::size_t max_devices = 4096;

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const char* digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> all;
  std::size_t begin = 0;
  while ((begin = text.find_first_not_of(" \t\r\n", begin)) != std::string::npos) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n", begin), text.size());
    all.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return all;
}

std::string scope(const std::vector<std::string>& scopes, std::string_view prefix) {
  for (const std::string& one : scopes) {
    if (!one.starts_with(prefix)) continue;
    std::string clean;
    for (const char c : percent_decoded(std::string_view{one}.substr(prefix.size())))
      if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && clean.size() < 64) clean += c;
    return clean;
  }
  return {};
}

struct descriptor {
  explicit descriptor(int number) : fd{number} {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (fd >= 0) ::close(fd);
  }
  const int fd;
};

}  // namespace

std::string fresh_message_id() {
  std::string hex;
  for (const char c : fresh_nonce()) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  // Version 4, variant 1 (RFC 4122 §4.4).
  hex[12] = '4';
  hex[16] = "89ab"[hex[16] % 4];
  return fmt::format("urn:uuid:{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4),
                     hex.substr(12, 4), hex.substr(16, 4), hex.substr(20));
}

std::string probe_message(std::string_view message_id) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
      "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
      "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "
      "xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\" "
      "xmlns:dn=\"http://www.onvif.org/ver10/network/wsdl\"><s:Header>"
      "<a:Action s:mustUnderstand=\"1\">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe"
      "</a:Action><a:MessageID>{}</a:MessageID>"
      "<a:To s:mustUnderstand=\"1\">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>"
      "</s:Header><s:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></s:Body>"
      "</s:Envelope>",
      message_id);
}

std::vector<found_device> read_probe_matches(std::string_view text, std::string_view message_id) {
  std::vector<found_device> all;
  const auto document = parse_bounded(text);
  if (!document || text_at(*document, "Envelope/Header/RelatesTo") != message_id) return all;
  for (const pugi::xml_node& one : at(*document, "Envelope/Body/ProbeMatches").children()) {
    if (local_name(one) != "ProbeMatch" || all.size() == 64) continue;
    found_device device;
    device.endpoint = text_at(one, "EndpointReference/Address");
    for (const std::string& address : words(text_at(one, "XAddrs"))) {
      const auto usable = device_service(address);
      if (!usable || usable->size() > 256 || usable->find('[') != std::string::npos) continue;
      device.address = *usable;
      break;
    }
    if (device.address.empty()) continue;
    const auto scopes = words(text_at(one, "Scopes"));
    device.name = scope(scopes, "onvif://www.onvif.org/name/");
    device.hardware = scope(scopes, "onvif://www.onvif.org/hardware/");
    if (device.endpoint.empty()) device.endpoint = device.address;
    all.push_back(std::move(device));
  }
  return all;
}

outcome<probe_target> parse_target(std::string_view text) {
  probe_target target;
  const std::size_t colon = text.rfind(':');
  const std::string host{text.substr(0, colon)};
  in_addr address{};
  if (colon != std::string_view::npos) {
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + colon + 1, end, target.port);
    if (read.ec != std::errc{} || read.ptr != end) target.port = 0;
  }
  if (target.port == 0 || ::inet_pton(AF_INET, host.c_str(), &address) != 1)
    return failed(VIGIE_E_INVALID, fmt::format("\"{}\" is no IPv4 address:port to probe", text));
  target.address = address.s_addr;
  return target;
}

outcome<std::size_t> discover(const std::vector<probe_target>& targets,
                              std::chrono::milliseconds budget,
                              const std::function<void(const found_device&)>& found) {
  using clock = std::chrono::steady_clock;
  const descriptor s{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (s.fd < 0) return failed(VIGIE_E_IO, "no socket to probe with");
  const std::string id = fresh_message_id();
  const std::string probe = probe_message(id);
  bool sent = false;
  const auto send_probes = [&] {
    for (const probe_target& target : targets) {
      sockaddr_in to{};
      to.sin_family = AF_INET;
      to.sin_port = htons(target.port);
      to.sin_addr.s_addr = target.address;
      sent |= ::sendto(s.fd, probe.data(), probe.size(), MSG_NOSIGNAL,
                       reinterpret_cast<const sockaddr*>(&to), sizeof to) > 0;
    }
  };
  const auto began = clock::now();
  // Datagrams get lost: once more after a quarter of the time.
  auto again_at = began + budget / 4;
  send_probes();
  if (!sent) return failed(VIGIE_E_IO, fmt::format("cannot probe: {}", std::strerror(errno)));
  std::set<std::string> known;
  std::vector<char> datagram(65536);
  while (known.size() < max_devices) {
    const auto now = clock::now();
    if (now >= began + budget) break;
    if (now >= again_at) {
      send_probes();
      again_at = clock::time_point::max();
    }
    const auto wake = std::min(again_at, began + budget);
    const auto patience = std::chrono::ceil<std::chrono::milliseconds>(wake - now);
    pollfd waiting{s.fd, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) continue;
    const ssize_t got = ::recv(s.fd, datagram.data(), datagram.size(), 0);
    if (got <= 0) continue;
    for (const found_device& one :
         read_probe_matches({datagram.data(), static_cast<std::size_t>(got)}, id))
      if (known.insert(one.endpoint).second) found(one);
  }
  return known.size();
}

}  // namespace vigie::onvif
