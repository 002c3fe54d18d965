// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/network_policy.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>
#include <utility>

namespace vigie::plugin_host {
namespace {

constexpr mono_ns look_up_every_ns = 30'000'000'000;
/// Where WS-Discovery asks for devices (SOAP-over-UDP 1.1, WS-Discovery 1.1 §2.4).
constexpr std::string_view discovery_v4 = "239.255.255.250", discovery_v6 = "ff02::c";
constexpr std::uint16_t dns_port = 53;

std::string numeric(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET)
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text,
                sizeof text);
  if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&v6))
      ::inet_ntop(AF_INET, &v6.s6_addr[12], text, sizeof text);
    else
      ::inet_ntop(AF_INET6, &v6, text, sizeof text);
  }
  return text;
}

bool is_numeric(const std::string& host) {
  in6_addr ignored{};
  return ::inet_pton(AF_INET, host.c_str(), &ignored) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

}  // namespace

std::string host_of(std::string_view address) {
  if (const auto scheme = address.find("://"); scheme != std::string_view::npos)
    address.remove_prefix(scheme + 3);
  address = address.substr(0, address.find_first_of("/?#"));
  if (const auto user = address.rfind('@'); user != std::string_view::npos)
    address.remove_prefix(user + 1);
  if (address.starts_with('[')) return std::string{address.substr(1, address.find(']') - 1)};
  // More than one colon is a bare IPv6 address.
  if (std::count(address.begin(), address.end(), ':') == 1)
    address = address.substr(0, address.find(':'));
  return std::string{address};
}

std::set<std::string> name_servers_of(std::string_view resolv_conf) {
  std::set<std::string> servers;
  std::istringstream lines{std::string{resolv_conf}};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words{line};
    std::string key, address;
    if (words >> key >> address && key == "nameserver" && !address.starts_with('%'))
      servers.insert(address.substr(0, address.find('%')));
  }
  return servers;
}

network_policy::network_policy(std::vector<network_reach> reach,
                               const std::vector<std::string>& recipient_hosts, const clock& time)
    : reach_{std::move(reach)}, time_{time} {
  if (!reach_.empty()) {
    std::ifstream file{"/etc/resolv.conf"};
    name_servers_ = name_servers_of(std::string{std::istreambuf_iterator<char>{file}, {}});
    // What the C library asks when the file names none (resolv.conf(5)).
    if (name_servers_.empty()) name_servers_.insert("127.0.0.1");
  }
  if (has(network_reach::recipient))
    for (const auto& host : recipient_hosts) add_host(host);
}

bool network_policy::has(network_reach one) const {
  return std::find(reach_.begin(), reach_.end(), one) != reach_.end();
}

void network_policy::add_camera(std::string_view address) {
  if (has(network_reach::camera)) add_host(address);
}

void network_policy::add_host(std::string_view address) {
  auto host = host_of(address);
  if (host.empty()) return;
  const std::lock_guard lock{known_->mutex};
  if (is_numeric(host))
    known_->addresses.insert(std::move(host));
  else if (known_->names.insert(std::move(host)).second)
    known_->looked_up = 0;
}

network_policy::answer network_policy::judge(const sockaddr_storage& to) {
  using enum answer;
  // A connection dissolved, and questions about this machine's own interfaces.
  if (to.ss_family == AF_UNSPEC || to.ss_family == AF_NETLINK) return reach_.empty() ? no : yes;
  if (to.ss_family != AF_INET && to.ss_family != AF_INET6) return no;
  if (has(network_reach::any)) return yes;
  const auto text = numeric(to);
  const std::lock_guard lock{known_->mutex};
  if (known_->addresses.contains(text)) return yes;
  if (has(network_reach::camera) && (text == discovery_v4 || text == discovery_v6)) return yes;
  if (known_->names.empty()) return no;
  const auto port = ntohs(reinterpret_cast<const sockaddr_in&>(to).sin_port);  // same place in both
  // Who has names to reach asks this machine's own servers for them, nobody else.
  if (port == dns_port && name_servers_.contains(text)) return yes;
  if (known_->is_looking) return must_look_up;
  const auto now = time_.mono();
  const auto last = known_->looked_up;
  return last != 0 && now - last < look_up_every_ns ? no : must_look_up;
}

bool network_policy::allows(const sockaddr_storage& to, const std::atomic<bool>& give_up) {
  if (const auto verdict = judge(to); verdict != answer::must_look_up)
    return verdict == answer::yes;
  std::unique_lock lock{known_->mutex};
  if (!std::exchange(known_->is_looking, true)) {
    known_->looked_up = time_.mono();
    std::thread{[what = known_, names = known_->names] { look_up(what, names); }}.detach();
  }
  while (known_->is_looking && !give_up)
    known_->changed.wait_for(lock, std::chrono::milliseconds{50});
  return known_->addresses.contains(numeric(to));
}

void network_policy::look_up(const std::shared_ptr<known>& what, std::set<std::string> names) {
  std::set<std::string> addresses;
  for (const auto& name : names) {
    addrinfo* found = nullptr;
    if (::getaddrinfo(name.c_str(), nullptr, nullptr, &found) != 0) continue;
    for (auto* one = found; one != nullptr; one = one->ai_next) {
      sockaddr_storage address{};
      std::memcpy(&address, one->ai_addr, std::min<std::size_t>(one->ai_addrlen, sizeof address));
      addresses.insert(numeric(address));
    }
    ::freeaddrinfo(found);
  }
  const std::lock_guard lock{what->mutex};
  what->addresses.merge(addresses);
  what->is_looking = false;
  what->changed.notify_all();
}

}  // namespace vigie::plugin_host
